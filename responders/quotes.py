"""Takes the sentence that says most about a matter from a text, without people in it."""

from __future__ import annotations

import re

from responders.negative_list import negative_list

SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]*[”」』]?")
NOISE = re.compile(r"【[^】]*】|https?://\S+|#[^#\s]{1,30}#?|@[\w\u4e00-\u9fff-]+|//@?\S*|\[[^\]]{1,8}\]")
MASK = re.compile(r"\*{2,}|［[^］]*］|〔已隐去〕|\[(?:电话|手机|身份证|邮箱|车牌|账号)\]")
BYLINE = re.compile(r"^(?:[\u4e00-\u9fff]{1,8}[网报社]讯\s*)?(?:（[^）]*(?:记者|通讯员)[^）]*）)?\s*")
SAME_SHARE = 0.6  # of the shorter one's pairs of characters
SHORTEST = 6  # characters; less is an exclamation


def sentences(text: str) -> list[str]:
    """The sentences of a text that can be quoted: no address, tag, mask, byline, person or intimate matter in them."""
    clean = NOISE.sub("", text)
    found = [BYLINE.sub("", " ".join(match.split())).strip() for match in SENTENCE.findall(clean)]
    return [one for one in found if len(one) >= SHORTEST and not MASK.search(one) and not _names_somebody(one)]


def quote(text: str, about: str, *, limit: int) -> str:
    """The quotable sentence that shares most pairs of characters with `about`, the earliest of equals.

    At most `limit` characters; "" when nothing can be quoted.
    """
    candidates = sentences(text)
    if not candidates:
        return ""
    wanted = _pairs(about)
    best = max(
        candidates, key=lambda one: (len(_pairs(one) & wanted) / (len(_pairs(one)) + 12), -candidates.index(one))
    )
    return best if len(best) <= limit else best[: limit - 1] + "…"


def shared(text: str, about: str) -> int:
    """How many pairs of neighbouring characters two texts share."""
    return len(_pairs(text) & _pairs(about))


def is_like(text: str, other: str) -> bool:
    """Whether two quotes say the same in nearly the same words."""
    return shared(text, other) >= SAME_SHARE * max(1, min(len(_pairs(text)), len(_pairs(other))))


def _pairs(text: str) -> set[str]:
    letters = re.sub(r"\W+", "", text)
    return {letters[at : at + 2] for at in range(len(letters) - 1)}


def _names_somebody(text: str) -> bool:
    rules = negative_list()
    return bool(rules.personal_data(text)) or any(word in text for word in rules.intimate)
