"""Counts the hashed character and word n-grams of many texts at once: the columns the linear models weigh.

Hashing (Weinberger et al. 2009) keeps no text in a model: a column is a number from which no post can be read back.
Everything runs on whole batches in numpy; equal texts give equal columns on every machine and version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

BITS = 21  # two million columns: of a hundred thousand n-grams one in twenty shares its column
COLUMNS = 1 << BITS
CHARACTER_SIZES = (1, 2, 3)
STEP = np.uint64(0x100000001B3)  # prime of FNV-1a, the base of the rolling hash
MIX = np.uint64(0x9E3779B97F4A7C15)  # 2**64 divided by the golden ratio: spreads neighbours (Knuth, TAOCP 3, 6.4)
Codes = NDArray[np.uint64]


@dataclass(frozen=True)
class Grams:
    """The n-grams of a batch, each text's columns together: `counts[k]` of column `columns[k]` in text `rows[k]`."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    counts: NDArray[np.float32]
    n_texts: int

    def matrix(self) -> Any:
        """A scipy CSR matrix of shape (n_texts, COLUMNS); counts damped to 1 + ln(count)."""
        return sparse.csr_matrix((self.damped, (self.rows, self.columns)), shape=(self.n_texts, COLUMNS))

    @cached_property
    def damped(self) -> NDArray[np.float32]:
        """1 + ln(count): the tenth exclamation mark says less than the first."""
        return (1.0 + np.log(self.counts)).astype(np.float32)


def grams(texts: Sequence[str], words: Sequence[Sequence[str]]) -> Grams:
    """Character 1- to 3-grams and word 1- and 2-grams; capital letters count as small.

    `words[i]` are the words of `texts[i]`.
    """
    lowered = [list(map(str.lower, row)) for row in words]
    found = [*_character_grams(list(map(str.lower, texts))), *_word_grams(lowered)]
    keys = np.concatenate([(rows.astype(np.int64) << BITS) | _column(codes) for rows, codes in found])
    unique, counts = np.unique(keys, return_counts=True)
    return Grams(unique >> BITS, unique & (COLUMNS - 1), counts.astype(np.float32), len(texts))


def _column(codes: Codes) -> NDArray[np.int64]:
    return ((codes * MIX) >> np.uint64(64 - BITS)).astype(np.int64)


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)


def _character_grams(texts: Sequence[str]) -> list[tuple[NDArray[np.int64], Codes]]:
    codes = _codes("".join(texts))
    rows = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    found = []
    rolling = np.zeros_like(codes)
    for size in CHARACTER_SIZES:
        windows = max(len(codes) - size + 1, 0)
        rolling = rolling[:windows] * STEP + codes[size - 1 :]
        inside = rows[:windows] == rows[size - 1 :]
        found.append((rows[:windows][inside], rolling[inside] * STEP + np.uint64(size)))
    return found


def _word_grams(words: Sequence[Sequence[str]]) -> list[tuple[NDArray[np.int64], Codes]]:
    flat = [word for row in words for word in row]
    rows = np.repeat(np.arange(len(words)), [len(row) for row in words])
    if not flat:
        return []
    lengths = np.array([len(word) for word in flat])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    position = np.arange(lengths.sum()) - np.repeat(starts, lengths)
    powers = np.cumprod(np.full(int(lengths.max()), STEP, dtype=np.uint64))
    codes = np.add.reduceat(_codes("".join(flat)) * powers[position], starts)
    pairs = rows[:-1] == rows[1:]
    return [
        (rows, codes * STEP + np.uint64(17)),
        (rows[:-1][pairs], (codes[:-1] * STEP + codes[1:])[pairs] * STEP + np.uint64(29)),
    ]
