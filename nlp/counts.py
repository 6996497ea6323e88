"""Counts what the lexicons found in many readings at once: the dense columns that the models weigh beside the n-grams.

What is met is written down as cells of a table, cell after cell, and added up in one pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nlp.cues import cue_rules, doubt
from nlp.lexicons import Grade, Shore, guard_reasons, moods, other_matters, taxonomy

if TYPE_CHECKING:
    from nlp.reading import Reading

Numbers = NDArray[np.float32]
Table = NDArray[np.float64]
MOST = 2  # a word group met more than twice says no more than twice
SIGNS = 10  # signs looked for in each text
SHORT = 15  # characters

_GRADES = {grade: number for number, grade in enumerate(Grade)}
_SHORES = {shore: number for number, shore in enumerate(Shore, len(_GRADES))}
_GUARDS = len(_GRADES) + len(_SHORES)
_REASONS = _GUARDS + 1


def sea(readings: Sequence[Reading]) -> Numbers:
    """Sea words, categories, places, guards and other matters, with the pairs that turn their sense: shape (n, SEA)."""
    topics = _REASONS + len(guard_reasons())
    others = topics + 2 * len(taxonomy())
    matters = {name: number for number, name in enumerate(other_matters().names, others)}
    table = _added([_sea_cells(reading, topics, matters) for reading in readings], others + len(matters))
    strong, likely, company, inshore, shore, inland, guards = table[:, :_REASONS].T
    other = np.minimum(table[:, others:], MOST)
    any_other = other.sum(axis=1)
    trigger = table[:, topics + 1 : others : 2]
    counts = (strong, likely, company, guards, inshore, shore, inland, (trigger > 0).sum(axis=1), trigger.sum(axis=1))
    has = {"strong": strong > 0, "likely": likely > 0, "company": company > 0, "guards": guards > 0}
    met, coast, inner, elsewhere = has["strong"], (shore > 0), inland > 0, any_other > 0
    pairs = (
        met, strong > 1, has["likely"], likely > 1, has["guards"], elsewhere, has["likely"] & coast,
        has["company"] & (coast | (inshore > 0)), has["likely"] & has["company"], has["guards"] & ~met,
        ~(met | has["likely"] | has["company"]), met & has["guards"], inner & ~met, elsewhere & ~met, met & ~elsewhere,
    )  # fmt: skip
    return _beside(
        *map(np.log1p, counts), *pairs, any_other, other, table[:, _REASONS:topics] > 0,
        np.minimum(table[:, topics:others], MOST),
    )  # fmt: skip


def _sea_cells(reading: Reading, topics: int, matters: Mapping[str, int]) -> list[int]:
    """The columns of one reading: a word's grade and a place count once, all else as often as it is met."""
    cells = [matters[name] for name, count in reading.matters.items() for _ in range(count)]
    if not reading.hits:
        return cells
    entries = [hit.entry for hit in reading.hits]
    cells += [_GRADES[grade] for _, grade in {(entry.word, entry.grade) for entry in entries} if grade]
    for entry in entries:
        if entry.guard:
            cells += [_GUARDS, _REASONS + _reason_numbers()[entry.guard]]
        cells += [topics + 2 * number for number in entry.sea]
        cells += [topics + 2 * number + 1 for number in entry.topic]
    named = {(place.name, kind) for entry in entries for place, kind in entry.places}
    return cells + [_SHORES[kind] for _, kind in named]


@lru_cache(maxsize=1)
def _reason_numbers() -> dict[str, int]:
    return {reason: number for number, reason in enumerate(guard_reasons())}


def speech(readings: Sequence[Reading]) -> Numbers:
    """Ways of speaking: cue marks, doubt, words of mood, punctuation and length: shape (n, SPEECH)."""
    rules = {rule.name: number for number, rule in enumerate(cue_rules())}
    moody = {name: number for number, name in enumerate(moods().names, len(rules) + 1)}
    table = _added([_speech_cells(reading, rules, moody) for reading in readings], len(rules) + 1 + len(moody))
    plain = [reading.plain for reading in readings]
    signs = np.array([_signs(text) for text in plain], dtype=np.float64).reshape(len(plain), SIGNS)
    asks, ends_asking, calls, bracket, trails, commas, ends, me, you, length = signs.T
    return _beside(
        np.minimum(table, MOST), asks, ends_asking, np.log1p(calls), bracket, trails, np.log1p(commas),
        np.log1p(_digits(plain)), ends, me, you, np.log1p(length) / 3, length < SHORT,
    )  # fmt: skip


def _speech_cells(reading: Reading, rules: Mapping[str, int], moody: Mapping[str, int]) -> list[int]:
    cells = [moody[name] for name, count in moods().counts(reading.plain).items() for _ in range(count)]
    cells += [rules[name] for name in reading.marks]
    return [*cells, len(rules)] if doubt(reading.plain) else cells


def _signs(text: str) -> tuple[float, ...]:
    return (
        "?" in text, text.endswith("?"), text.count("!"), "【" in text, "..." in text, text.count(","),
        text.endswith("。"), "我" in text, "你" in text, len(text),
    )  # fmt: skip


def _digits(texts: Sequence[str]) -> Table:
    """How many digits of any script each text holds."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), dtype=np.uint32)
    met = np.bincount(codes)
    digit = np.zeros(len(met), dtype=np.int64)
    digit[[code for code in np.flatnonzero(met) if chr(code).isdigit()]] = 1
    so_far = np.concatenate([[0], np.cumsum(digit[codes])])
    ends = np.fromiter(accumulate([len(text) for text in texts], initial=0), dtype=np.int64, count=len(texts) + 1)
    return np.diff(so_far[ends]).astype(np.float64)


def _added(rows: Sequence[list[int]], width: int) -> Table:
    """How often each row names each column below `width`: shape (n, width)."""
    columns = np.fromiter(chain.from_iterable(rows), dtype=np.int64)
    cells = columns + np.repeat(np.arange(len(rows)) * width, list(map(len, rows)))
    return np.bincount(cells, minlength=len(rows) * width).reshape(len(rows), width).astype(np.float64)


def _beside(*blocks: NDArray[Any]) -> Numbers:
    """The blocks side by side, a vector as one column."""
    columns = [block[:, None] if block.ndim == 1 else block for block in blocks]
    return np.concatenate(columns, axis=1, dtype=np.float32, casting="unsafe")
