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
Rows = NDArray[np.int32]


@dataclass(frozen=True)
class Grams:
    """The n-grams of a batch: the k-th one met stands in text `met_rows[k]` and column `met_columns[k]`.

    `rows`, `columns` and `counts` hold them added up, each text's columns together: `counts[k]` of column `columns[k]`
    in text `rows[k]`.
    """

    met_rows: Rows
    met_columns: Rows
    n_texts: int

    def matrix(self) -> Any:
        """A scipy CSR matrix of shape (n_texts, COLUMNS); counts damped to 1 + ln(count)."""
        return sparse.csr_matrix((self.damped, (self.rows, self.columns)), shape=(self.n_texts, COLUMNS))

    def among(self, slots: Rows, width: int) -> Any:
        """A scipy CSR matrix of shape (n_texts, width) of the columns that have a place in `slots`, counts damped.

        Its columns come in no order, but for equal texts in the same, whatever stands beside them.
        """
        places = slots[self.met_columns]
        known = places >= 0
        cells = (self.met_rows[known], places[known])
        ones = np.ones(len(cells[0]), dtype=np.float32)
        met = sparse.coo_matrix((ones, cells), shape=(self.n_texts, width))
        met.has_canonical_format = True  # keeps scipy from sorting: the sum below adds what is met several times
        counts = met.tocsr() + sparse.csr_matrix(met.shape, dtype=np.float32)
        counts.data = _damped(counts.data)
        return counts

    def of(self, texts: NDArray[np.int64]) -> Grams:
        """The n-grams of these texts alone, each named once; text `texts[i]` becomes text i."""
        places = np.full(self.n_texts, -1, dtype=np.int32)
        places[texts] = np.arange(len(texts), dtype=np.int32)
        rows = places[self.met_rows]
        return Grams(rows[rows >= 0], self.met_columns[rows >= 0], len(texts))

    @cached_property
    def _added(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return np.unique((self.met_rows.astype(np.int64) << BITS) | self.met_columns, return_counts=True)

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """The text of each column."""
        return self._added[0] >> BITS

    @cached_property
    def columns(self) -> NDArray[np.int64]:
        """The columns of each text, ascending."""
        return self._added[0] & (COLUMNS - 1)

    @cached_property
    def counts(self) -> NDArray[np.float32]:
        """How often the text holds an n-gram of the column."""
        return self._added[1].astype(np.float32)

    @cached_property
    def damped(self) -> NDArray[np.float32]:
        """1 + ln(count): the tenth exclamation mark says less than the first."""
        return _damped(self.counts)


def _damped(counts: NDArray[np.float32]) -> NDArray[np.float32]:
    return (1.0 + np.log(counts)).astype(np.float32)


def grams(texts: Sequence[str], words: Sequence[Sequence[str]]) -> Grams:
    """Character 1- to 3-grams and word 1- and 2-grams; capital letters count as small.

    `words[i]` are the words of `texts[i]`.
    """
    found = [*_character_grams(texts), *_word_grams(words)]
    rows = np.concatenate([rows for rows, _ in found])
    return Grams(rows, np.concatenate([_column(codes) for _, codes in found]), len(texts))


def _column(codes: Codes) -> Rows:
    return ((codes * MIX) >> np.uint64(64 - BITS)).astype(np.int32)


def _small(parts: Sequence[str]) -> tuple[Codes, NDArray[np.int64]]:
    """The parts in small letters as character codes, one after the other, and the length of each."""
    joined = "".join(parts)
    small = joined.lower()
    if "Σ" in joined or len(small) != len(joined):  # letters that change by their place, or grow
        parts = [part.lower() for part in parts]
        small = "".join(parts)
    lengths = np.fromiter(map(len, parts), dtype=np.int64, count=len(parts))
    return np.frombuffer(small.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64), lengths


def _rows(lengths: Sequence[int] | NDArray[np.int64]) -> Rows:
    return np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)


def _character_grams(texts: Sequence[str]) -> list[tuple[Rows, Codes]]:
    codes, lengths = _small(texts)
    rows = _rows(lengths)
    found = []
    rolling = np.zeros_like(codes)
    for size in CHARACTER_SIZES:
        windows = max(len(codes) - size + 1, 0)
        rolling = rolling[:windows] * STEP + codes[size - 1 :]
        inside = rows[:windows] == rows[size - 1 :]
        found.append((rows[:windows][inside], rolling[inside] * STEP + np.uint64(size)))
    return found


def _word_grams(words: Sequence[Sequence[str]]) -> list[tuple[Rows, Codes]]:
    flat = [word for row in words for word in row]
    if not flat:
        return []
    rows = _rows([len(row) for row in words])
    letters, lengths = _small(flat)
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    position = np.arange(lengths.sum()) - np.repeat(starts, lengths)
    powers = np.cumprod(np.full(int(lengths.max()), STEP, dtype=np.uint64))
    codes = np.add.reduceat(letters * powers[position], starts)
    pairs = rows[:-1] == rows[1:]
    return [
        (rows, codes * STEP + np.uint64(17)),
        (rows[:-1][pairs], (codes[:-1] * STEP + codes[1:])[pairs] * STEP + np.uint64(29)),
    ]
