r"""The words of which a regular expression needs at least one, so that most texts are passed over without trying it.

The idea is that of RE2's FilteredRE2 (Cox 2010): every match of `求扩散|速转\S` holds 求扩散 or 速转.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from typing import Any

MOST = 64  # words of one expression: more are not worth their place
Words = frozenset[str]
Part = tuple[Any, Any]  # what it is and what it holds, as Python's own parser gives it
Tree = Sequence[Part]


def literals(pattern: str) -> Words | None:
    """The shortest list of words that no match can be without; None where the expression has no such list.

    The expression is expected to tell capital letters from small ones.
    """
    return _sequence(re._parser.parse(pattern))  # type: ignore[attr-defined]


def _sequence(tree: Tree) -> Words | None:
    """The best list of any part: each part must match, so each part's list would do."""
    found: list[Words | None] = []
    run = [""]  # the ways to spell the parts met just now
    for part in tree:
        spelled = _spelled(part)
        if spelled and len(run) * len(spelled) <= MOST:
            run = [start + end for start in run for end in spelled]
        else:
            found += [frozenset(run), None if spelled else _part(part)]
            run = spelled or [""]
    found.append(frozenset(run))
    return max((words for words in found if words and "" not in words), key=_rarity, default=None)


def _rarity(words: Words) -> tuple[int, float]:
    """Long words are rare; a list is as common as its shortest."""
    lengths = list(map(len, words))
    return min(lengths), sum(lengths) / len(lengths)


def _spelled(part: Part) -> list[str]:
    """Every text the part can match, when they are few; none for any other part."""
    kind, argument = str(part[0]), part[1]
    match kind:
        case "LITERAL":
            return [chr(argument)]
        case "IN":
            return _class(argument)
        case "SUBPATTERN" if not (argument[1] or argument[2]):
            return _spelled_in_turn(argument[3])
        case "BRANCH":
            branches = [_spelled_in_turn(branch) for branch in argument[1]]
            return _few([text for texts in branches for text in texts]) if all(branches) else []
        case "MAX_REPEAT" | "MIN_REPEAT" if argument[1] <= 2:
            once = _spelled_in_turn(argument[2])
            times = range(argument[0], argument[1] + 1)
            return _few([text for count in times for text in _product([once] * count)]) if once else []
    return []


def _spelled_in_turn(tree: Tree) -> list[str]:
    parts = [_spelled(part) for part in tree]
    return _product(parts) if all(parts) else []


def _product(parts: Sequence[list[str]]) -> list[str]:
    if math.prod(map(len, parts)) > MOST:
        return []
    return ["".join(texts) for texts in itertools.product(*parts)]


def _few(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(texts)) if len(texts) <= MOST else []


def _class(members: Tree) -> list[str]:
    codes: list[int] = []
    for name, value in members:
        if str(name) == "LITERAL":
            codes.append(value)
        elif str(name) == "RANGE" and value[1] - value[0] < MOST:
            codes.extend(range(value[0], value[1] + 1))
        else:
            return []
    return _few(list(map(chr, codes)))


def _part(part: Part) -> Words | None:
    """The list of a part that cannot be spelled out."""
    kind, argument = str(part[0]), part[1]
    match kind:
        case "BRANCH":
            lists = [_sequence(branch) for branch in argument[1]]
            return frozenset[str]().union(*[words for words in lists if words]) if all(lists) else None
        case "SUBPATTERN" if not (argument[1] or argument[2]):
            return _sequence(argument[3])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT" if argument[0]:
            return _sequence(argument[2])
    return None  # looks ahead and behind, ends of line, back references: no word can be named
