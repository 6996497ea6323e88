"""The words of which a regular expression needs at least one, so that most texts are passed over without trying it.

The idea is that of RE2's FilteredRE2 (Cox 2010): every match of `求扩散|速转\\S` holds 求扩散 or 速转.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

MOST = 64  # words of one expression: more are not worth their place
Words = frozenset[str]
Tree = Sequence[tuple[Any, Any]]


def literals(pattern: str) -> Words | None:
    """The shortest list of words that no match can be without; None where the expression has no such list.

    The expression is expected to tell capital letters from small ones.
    """
    return _sequence(re._parser.parse(pattern))  # type: ignore[attr-defined]


def _sequence(tree: Iterable[tuple[Any, Any]]) -> Words | None:
    """The best list of any part: each part must match, so each part's list would do."""
    found: list[Words] = []
    run = [""]  # the ways to spell the literal characters met just now
    for name, argument in [*tree, (None, None)]:
        kind = str(name)
        spelled = _characters(kind, argument)
        if spelled and len(run) * len(spelled) <= MOST:
            run = [start + end for start in run for end in spelled]
            continue
        if run != [""]:
            found.append(frozenset(run))
        run = spelled or [""]
        if not spelled and (words := _part(kind, argument)):
            found.append(words)
    return max(found, key=lambda words: (min(map(len, words)), -len(words)), default=None)


def _characters(kind: str, argument: Any) -> list[str]:
    """The characters a part stands for when they are few; none for any other part."""
    if kind == "LITERAL":
        return [chr(argument)]
    if kind != "IN":
        return []
    codes: list[int] = []
    for name, value in argument:
        if str(name) == "LITERAL":
            codes.append(value)
        elif str(name) == "RANGE" and value[1] - value[0] < MOST:
            codes.extend(range(value[0], value[1] + 1))
        else:
            return []
    return [chr(code) for code in codes] if len(codes) <= MOST else []


def _part(kind: str, argument: Any) -> Words | None:
    if kind == "BRANCH":
        lists = [_sequence(branch) for branch in argument[1]]
        return None if None in lists else frozenset().union(*(words for words in lists if words))
    if kind == "SUBPATTERN":
        return None if argument[1] or argument[2] else _sequence(argument[3])
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _sequence(argument[2]) if argument[0] else None
    return None  # looks ahead and behind, classes, ends of line, back references: no word can be named
