"""Turns texts into counted terms for finding known answers: characters, pairs of neighbouring characters, and words.

Characters and pairs are kept as packed code points and counted in numpy; words by jieba's search cut (nlp/segment.py).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from nlp.features import word_share
from nlp.segment import search_words

CODE_BITS = 21  # of a code point
LOW = (1 << CODE_BITS) - 1
WORD = re.compile(r"\w+")
Keys = NDArray[np.int64]
Rows = NDArray[np.int32]
Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Terms:
    """Every term of some normalised texts, each with the row it stands in: packed characters and pairs, then words.

    Marks and white space part terms; capitals count as small.
    """

    rows: Rows
    keys: Keys
    word_rows: Rows
    words: tuple[str, ...]
    n_texts: int

    @staticmethod
    def of(texts: Sequence[str]) -> Terms:
        """The terms of these texts; about 0.2 ms for a text of 200 characters."""
        lowered = [text.lower() for text in texts]
        cut = [[sys.intern(word) for word in search_words(text) if WORD.fullmatch(word)] for text in lowered]
        word_rows = np.repeat(np.arange(len(texts), dtype=np.int32), [len(words) for words in cut])
        return Terms(*_characters(lowered), word_rows, tuple(word for words in cut for word in words), len(texts))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The different terms of a collection: a term's column is its place among `keys`, or after them its place in `words`."""

    keys: Keys
    words: Mapping[str, int]

    @staticmethod
    def of(terms: Terms) -> Vocabulary:
        """The vocabulary of these terms; the order of the texts does not matter."""
        words = {word: number for number, word in enumerate(sorted(set(terms.words)))}
        return Vocabulary(np.unique(terms.keys), words)

    def __len__(self) -> int:
        return len(self.keys) + len(self.words)

    def counts(self, terms: Terms) -> Any:
        """How often each text holds each known term: CSR, shape (n_texts, len(self)); unknown terms are left out."""
        places = np.searchsorted(self.keys, terms.keys)
        known = places < len(self.keys)
        known[known] = self.keys[places[known]] == terms.keys[known]
        columns = np.array([self.words.get(word, -1) for word in terms.words], dtype=np.int64)
        held = columns >= 0
        rows = np.concatenate([terms.rows[known], terms.word_rows[held]])
        columns = np.concatenate([places[known], columns[held] + len(self.keys)])
        return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(terms.n_texts, len(self)))

    def by_kind(self, *, character: float, pair: float, word: float) -> Weights:
        """One number a column, by the kind of its term."""
        single = self.keys <= LOW
        return np.concatenate([np.where(single, character, pair), np.full(len(self.words), word)])

    def general_shares(self) -> Weights:
        """Share of general Chinese documents that hold each term as a word of its own (nlp/features.py)."""
        written = [chr(key) if key <= LOW else chr(key >> CODE_BITS) + chr(key & LOW) for key in self.keys.tolist()]
        return np.array([word_share(term) for term in [*written, *self.words]], dtype=np.float64)


def _characters(texts: Sequence[str]) -> tuple[Rows, Keys]:
    """Rows and keys of characters and of neighbouring pairs; the code of a mark is 0 and takes part in nothing."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.int64)
    codes = np.where(_wordlike(codes), codes, 0)
    rows = np.repeat(np.arange(len(texts), dtype=np.int32), [len(text) for text in texts])
    single = codes > 0
    paired = single[:-1] & single[1:] & (rows[:-1] == rows[1:])
    pairs = (codes[:-1] << CODE_BITS) | codes[1:]
    return np.concatenate([rows[single], rows[:-1][paired]]), np.concatenate([codes[single], pairs[paired]])


def _wordlike(codes: Keys) -> NDArray[np.bool_]:
    """Which code points are letters, digits or Chinese characters."""
    different, places = np.unique(codes, return_inverse=True)
    return np.array([bool(WORD.fullmatch(chr(code))) for code in different], dtype=bool)[places]
