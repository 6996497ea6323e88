"""What changed between two wordings, in characters as Chinese is read; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

PIECES = re.compile(r"[A-Za-z0-9.]+|\s+|.", re.DOTALL)
ISLAND = 2  # equal stretches this short between two changes read better as part of the change


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: kept, added or removed."""

    kind: str
    text: str


def changes(old: str, new: str) -> list[Piece]:
    """The way from the old wording to the new one, in order; removed pieces stand before what replaced them."""
    before, after = PIECES.findall(old), PIECES.findall(new)
    pieces: list[Piece] = []
    for kind, a, b, c, d in _joined(SequenceMatcher(None, before, after, autojunk=False).get_opcodes()):
        if kind == "equal":
            pieces.append(Piece("kept", "".join(before[a:b])))
            continue
        pieces += [Piece("removed", "".join(before[a:b]))] if b > a else []
        pieces += [Piece("added", "".join(after[c:d]))] if d > c else []
    return pieces


def _joined(codes: Iterable[tuple[str, int, int, int, int]]) -> list[tuple[str, int, int, int, int]]:
    """Short equal stretches between changes become part of them."""
    found, joined = list(codes), list[tuple[str, int, int, int, int]]()
    for index, (kind, a, b, c, d) in enumerate(found):
        is_island = b - a <= ISLAND and 0 < index < len(found) - 1
        if kind == "equal" and not is_island:
            joined.append((kind, a, b, c, d))
        elif joined and joined[-1][0] == "change":
            _, start, _, start_new, _ = joined.pop()
            joined.append(("change", start, b, start_new, d))
        else:
            joined.append(("change", a, b, c, d))
    return joined
