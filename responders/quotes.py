"""Takes the sentence that says most about a matter from a text, without people in it."""

from __future__ import annotations

import re

from responders.negative_list import negative_list

SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]*[”」』]?")
NOISE = re.compile(r"https?://\S+|#[^#\s]{1,30}#?|@[\w\u4e00-\u9fff-]+|//@?\S*|\[[^\]]{1,8}\]")
MASK = re.compile(r"\*{2,}|［[^］]*］|〔已隐去〕|\[(?:电话|手机|身份证|邮箱|车牌|账号)\]")
BYLINE = re.compile(r"^(?:本网讯|本报讯)?\s*（(?:记者|通讯员)[^）]*）\s*")
SHORTEST = 6  # characters; less is an exclamation


def sentences(text: str) -> list[str]:
    """The sentences of a text that can be quoted: no address, tag, mask, byline or person in them."""
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


def _pairs(text: str) -> set[str]:
    letters = re.sub(r"\W+", "", text)
    return {letters[at : at + 2] for at in range(len(letters) - 1)}


def _names_somebody(text: str) -> bool:
    return bool(negative_list().personal_data(text))
