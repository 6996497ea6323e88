"""Turns texts into numbered features for telling matters apart: words, character n-grams and openings.

Everything runs on whole batches in numpy; a feature is a number, and equal texts give equal features whatever stands
beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from nlp.grams import MIX, STEP, Codes
from nlp.normalise import NAME, URL, normalise
from nlp.parameters import load_parameters
from nlp.regions import regions

WORD = re.compile(r"(?=.*[^\W\d_])\w{2,}")
BRACKETED = re.compile(r"@?\[\w{1,6}\]")  # masks of names and numbers, emoticons
MARKED = re.compile(r"[@\[]|//|t\.cn|www\.")
HEADLINE = re.compile(r"^\s*[【\[]([^】\]]{2,60})[】\]]")
GRAM_LENGTHS = (2, 3, 4)
OPENING_LENGTHS = (3, 5, 8)
HEAD_WORDS = 30
WORDS_A_TEXT = 60  # words of a text of middle length, to turn a word's share into a share of documents
UNKNOWN_SHARE = 3e-6  # of words jieba's dictionary does not hold: as rare as its rarest (count 3 of 60 million)
COLUMN_BITS = 38  # of a hashed n-gram: among ten million different ones about two hundred pairs share a column
GRAM, OPENING = 1 << COLUMN_BITS, 1 << (COLUMN_BITS + 1)  # columns under GRAM are words
ROW_SHIFT = COLUMN_BITS + 2  # a key holds the row above the column

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TrackingParameters:
    """The values of data/tracking.yml."""

    merge: float
    centre_power: float
    half_life_days: float
    word_weight: float
    gram_weight: float
    opening_weight: float
    prior_documents: float
    prior_gram_share: float
    least_idf: float
    least_evidence: float
    lead_characters: int
    other_region: float
    stay: float
    probes: int
    holders: int
    candidates: int

    @staticmethod
    def load() -> TrackingParameters:
        """The values in force."""
        return load_parameters(TrackingParameters, "tracking.yml")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a document says: title and text as stored, and the words both were cut into."""

    title: str
    text: str
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Block:
    """The features of some texts: `keys` (row << ROW_SHIFT | column, ascending) and how often each text holds each.

    `regions` are (row, region) pairs, one a mention in the first words, where a text says where it is; rows count from 0 in
    every block.
    """

    size: int
    keys: Numbers
    counts: Numbers
    regions: tuple[Numbers, Numbers]


@dataclass(slots=True)
class Vocabulary:
    """Numbers words in the order they are met; keeps how common each is in general Chinese."""

    shares: list[float] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def number(self, word: str) -> int:
        """The word's number; -1 for signs, figures and single characters."""
        known = self._numbers.get(word)
        return self._enter(word) if known is None else known

    def _enter(self, word: str) -> int:
        small = word.lower()
        if small != word:
            number = self.number(small)
        elif WORD.fullmatch(word):
            number = len(self.shares)
            self.shares.append(word_share(word))
        else:
            number = -1
        self._numbers[word] = number
        return number


def block_of(texts: Sequence[Wording], vocabulary: Vocabulary, parameters: TrackingParameters) -> Block:
    """The features of a block of texts; new words are entered into the vocabulary."""
    rows, words = _word_numbers(texts, vocabulary)
    found = [(rows, words), *_grams([_plain(text, parameters.lead_characters) for text in texts])]
    keys = np.concatenate([(at << ROW_SHIFT) | columns for at, columns in found])
    keys, counts = np.unique(keys, return_counts=True)
    by_word = regions().by_word
    named = [
        (row, place)
        for row, text in enumerate(texts)
        for word in text.words[:HEAD_WORDS]
        for place in by_word.get(word, ())
    ]
    places = np.array(named, dtype=np.int64).reshape(-1, 2)
    return Block(len(texts), keys, counts, (places[:, 0], places[:, 1]))


def _word_numbers(texts: Iterable[Wording], vocabulary: Vocabulary) -> tuple[Numbers, Numbers]:
    numbers = [[vocabulary.number(word) for word in text.words] for text in texts]
    rows = np.repeat(np.arange(len(numbers)), [len(row) for row in numbers])
    flat = np.array([number for row in numbers for number in row], dtype=np.int64)
    return rows[flat >= 0], flat[flat >= 0]


def _plain(text: Wording, limit: int) -> str:
    """The head of title and text without links, names and masks; n-grams cross punctuation: a column shows by its form."""
    whole = normalise(f"{text.title}\n{text.text}" if text.title else text.text)[:limit].lower()
    return BRACKETED.sub(" ", NAME.sub(" ", URL.sub(" ", whole))) if MARKED.search(whole) else whole


def _grams(plain: Sequence[str]) -> list[tuple[Numbers, Numbers]]:
    """Hashed character n-grams of each text, and its first characters as features of their own."""
    lengths = np.array([len(text) for text in plain], dtype=np.int64)
    codes = np.frombuffer("".join(plain).encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    rows = np.repeat(np.arange(len(plain)), lengths)
    ends = np.cumsum(lengths)
    found = []
    rolling = np.zeros_like(codes)
    for size in range(1, max(*GRAM_LENGTHS, *OPENING_LENGTHS) + 1):
        windows = max(len(codes) - size + 1, 0)
        rolling = rolling[:windows] * STEP + codes[size - 1 :]
        if size in GRAM_LENGTHS:
            inside = rows[:windows] == rows[size - 1 :]
            found.append((rows[:windows][inside], GRAM | _hashed(rolling[inside], size)))
        if size in OPENING_LENGTHS:
            long = np.flatnonzero(lengths >= size)
            found.append((long, OPENING | _hashed(rolling[ends[long] - lengths[long]], size + 16)))
    return found


def _hashed(codes: Codes, salt: int) -> Numbers:
    return (((codes * STEP + np.uint64(salt)) * MIX) >> np.uint64(64 - COLUMN_BITS)).astype(np.int64)


@lru_cache(maxsize=1)
def _word_counts() -> tuple[dict[str, int], int]:
    """The word counts of jieba's dictionary, and their sum."""
    lines = files("jieba").joinpath("dict.txt").read_text("utf-8").splitlines()
    counts = {word: int(count) for word, count, *_ in map(str.split, lines)}
    return counts, sum(counts.values())


def word_share(word: str) -> float:
    """Share of general Chinese documents that hold the word; words the dictionary does not know are among the rarest."""
    counts, total = _word_counts()
    return min(1.0, counts[word] * WORDS_A_TEXT / total) if word in counts else UNKNOWN_SHARE
