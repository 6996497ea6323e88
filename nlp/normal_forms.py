"""Brings a batch of texts into normal form at once: a table gives each common character its own, in one pass of numpy.

Nearly every post is made of Chinese characters, full-width punctuation, Latin letters and emoji, each of which has a
normal form whatever stands beside it. A text with any other character is handed to nlp/normalise.py, which defines the form.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from nlp.normalise import INVISIBLE, may_hold_face, normalise, traditional

Codes = NDArray[np.uint32]
ALONE = (  # ranges without combining characters: nothing in them melts with a neighbour
    (0x20, 0x300), (0x370, 0x400), (0x2010, 0x2060), (0x2100, 0x2C00), (0x3000, 0x302A), (0x3105, 0x3130),
    (0x3400, 0xA000), (0xFF00, 0xFF66), (0x1F000, 0x1FB00),
)  # fmt: skip
LIMIT = 0x20000  # codes from here on are looked at closely
CLOSER = np.uint32(0xFFFFFFFF)  # stands in the table for "look closer"
SPACE, BREAK = ord(" "), ord("\n")


def normal_forms(texts: Sequence[str]) -> list[str]:
    """What `normalise` gives for each text, at a tenth of its cost."""
    dotted = [text.replace("…", "...") if "…" in text else text for text in texts]
    if not dotted:
        return []
    codes = np.frombuffer("\n".join(["", *dotted, ""]).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    forms = _table()[np.minimum(codes, LIMIT)]
    spaces = (forms == SPACE) | (forms == BREAK)
    odd = forms == CLOSER
    odd[1:] |= spaces[1:] & spaces[:-1]  # a run of spaces, or one at either end of a text
    bounds = list(accumulate([len(text) + 1 for text in dotted], initial=1))
    closer = np.logical_or.reduceat(odd, bounds[:-1])
    whole = np.where(forms == CLOSER, np.uint32(SPACE), forms).tobytes().decode("utf-32-le")
    forms_of = [
        normalise(text) if look else whole[start : end - 1]
        for text, look, (start, end) in zip(texts, closer, pairwise(bounds), strict=True)
    ]
    if not may_hold_face(whole):
        return forms_of
    return [normalise(form) if may_hold_face(form) else form for form in forms_of]


@lru_cache(maxsize=1)
def _table() -> Codes:
    """The normal form of each character below LIMIT as a code, CLOSER where it takes more than the character to tell."""
    table = np.full(LIMIT + 1, CLOSER, dtype=np.uint32)
    table[BREAK] = BREAK
    for start, end in ALONE:
        for code in range(start, end):
            form = unicodedata.normalize("NFKC", chr(code))
            if len(form) == 1 and not _is_odd(chr(code)) and not _is_odd(form):
                table[code] = ord(form)
    return table


def _is_odd(character: str) -> bool:
    return (
        (character.isspace() and character not in " \u3000")
        or character in traditional()
        or character == "<"  # may open a tag
        or INVISIBLE.match(character) is not None
    )
