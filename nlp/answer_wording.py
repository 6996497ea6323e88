"""What of a text is looked for among known answers: its own words without frames ("网传…真的吗"), long texts by sentence."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from nlp.answer_types import AnswerParameters
from nlp.normalise import REPOST, normalise, without_markup
from nlp.sentences import sentences
from nlp.word_files import LEXICONS, compiled, exact_keys, read_yaml

LETTER = re.compile(r"\w")


@lru_cache(maxsize=1)
def frames(path: Path = LEXICONS / "answer_frames.yml") -> re.Pattern[str]:
    """The frames as one pattern; raises BadSettings naming file and key."""
    entries = [
        compiled(exact_keys(entry, {"pattern", "reason"}, f"{path.name} '{name}'")["pattern"], f"{path.name} '{name}'")
        for name, entry in read_yaml(path).items()
    ]
    return re.compile("|".join(f"(?:{entry.pattern})" for entry in entries))


def wordings(text: str, parameters: AnswerParameters) -> list[str]:
    """The wordings to look for, in normal form: the whole text, then the sentences of a long one; [] when nothing is said.

    Of a repost chain the first text is what is told. A text that is only frames stays as it is.
    """
    plain = without_markup(REPOST.split(normalise(text))[-1]) or without_markup(text)
    whole = _bare(plain)
    if not LETTER.search(whole):
        return []
    parts = [whole]
    if len(whole) > parameters.claim_characters:
        told = [_bare(sentence) for sentence in sentences(plain)[: parameters.sentences]]
        parts += [sentence for sentence in told if letters(sentence) >= parameters.least_characters]
    return list(dict.fromkeys(parts))


def _bare(text: str) -> str:
    bare = frames().sub(" ", text).strip()
    return bare if LETTER.search(bare) else text


def letters(text: str) -> int:
    """How many letters, digits and Chinese characters a text holds."""
    return len(LETTER.findall(text))
