"""Turns a text into weighted features for telling matters apart: its words, its character n-grams, its links.

A feature's key starts with its kind: "w" word, "g" n-gram, "u" link.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from nlp.normalise import HASHTAG, NAME, URL, normalise
from nlp.parameters import load_parameters

WORD = re.compile(r"(?=.*[^\W\d_])\w{2,}")
BRACKETED = re.compile(r"@?\[\w{1,6}\]")  # masks of names and numbers, emoticons
HEADLINE = re.compile(r"^\s*[【\[]([^】\]]{2,60})[】\]]")
GRAM_LENGTHS = (2, 3, 4)
WORDS_A_TEXT = 60  # words of a text of middle length, to turn a word's share into a share of documents
UNKNOWN_SHARE = 3e-6  # of words jieba's dictionary does not hold: as rare as its rarest (count 3 of 60 million)


@dataclass(frozen=True, slots=True)
class TrackingParameters:
    """The values of data/tracking.yml."""

    join: float
    merge: float
    centre_power: float
    half_life_days: float
    word_weight: float
    gram_weight: float
    title_factor: float
    prior_documents: float
    prior_gram_share: float
    least_idf: float
    lead_characters: int
    centre_features: int
    postings: int
    candidates: int

    @staticmethod
    def load() -> TrackingParameters:
        """The values in force."""
        return load_parameters(TrackingParameters, "tracking.yml")


def features(title: str, text: str, words: Iterable[str], parameters: TrackingParameters) -> dict[str, float]:
    """Weight by feature, before rarity: 1 + ln(count) times the factor of its kind.

    `words` are the text's words in any order. N-grams cross punctuation: a serial column shows by its form, and links
    count once each.
    """
    whole = normalise(f"{title}\n{text}"[: parameters.lead_characters])
    plain = BRACKETED.sub(" ", NAME.sub(" ", URL.sub(" ", whole))).lower()
    found = {f"w{word}": _tempered(n) * parameters.word_weight for word, n in _counted(words).items()}
    for word in _headwords(normalise(title), plain, found):
        found[word] *= parameters.title_factor
    for gram, n in _grams(plain).items():
        found[f"g{gram}"] = _tempered(n) * parameters.gram_weight
    for link in dict.fromkeys(URL.findall(whole)):
        found[f"u{link}"] = parameters.word_weight
    return found


def _tempered(count: int) -> float:
    return 1.0 + math.log(count)


def _counted(words: Iterable[str]) -> Counter[str]:
    return Counter(word.lower() for word in words if WORD.fullmatch(word))


def _headwords(title: str, plain: str, found: Mapping[str, float]) -> list[str]:
    headline = HEADLINE.match(plain)
    heads = " ".join([title.lower(), headline.group(1) if headline else "", *HASHTAG.findall(plain)])
    return [key for key in found if key[1:] in heads] if heads.strip() else []


def _grams(plain: str) -> Counter[str]:
    return Counter(plain[i : i + n] for n in GRAM_LENGTHS for i in range(len(plain) - n + 1))


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


class Rarity:
    """How telling each feature is: idf over the documents at hand, smoothed with general Chinese.

    idf = ln((N + n0) / (df + n0 * p)), p the feature's share in general Chinese, n0 `prior_documents`. A feature that
    only one document holds links nothing to nothing and has none.
    """

    def __init__(self, counts: Mapping[str, float], documents: float, parameters: TrackingParameters) -> None:
        self._counts = counts
        self._parameters = parameters
        self._all = documents + parameters.prior_documents
        self._known: dict[str, float] = {}

    def idf(self, feature: str) -> float:
        """The feature's weight, 0.0 when it tells nothing."""
        known = self._known.get(feature)
        if known is None:
            known = self._known[feature] = self._computed(feature)
        return known

    def _computed(self, feature: str) -> float:
        count = self._counts.get(feature, 0.0)
        if count < 2.0:
            return 0.0
        expected = self._parameters.prior_documents * self._prior(feature)
        value = math.log(self._all / (count + expected))
        return value if value >= self._parameters.least_idf else 0.0

    def _prior(self, feature: str) -> float:
        if feature[0] == "w":
            return word_share(feature[1:])
        return self._parameters.prior_gram_share

    def vector(self, weights: Mapping[str, float]) -> dict[str, float]:
        """The features times their rarity, scaled to length 1; empty when nothing tells."""
        weighted = {key: weight * idf for key, weight in weights.items() if (idf := self.idf(key)) > 0.0}
        length = math.sqrt(sum(value * value for value in weighted.values()))
        return {key: value / length for key, value in weighted.items()}
