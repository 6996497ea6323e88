"""Reads a text once for every model: its normal form, words, lexicon hits and cue marks, and their counts as numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp import segment
from nlp.cues import cue_rules, doubt, marks
from nlp.grams import Grams, grams
from nlp.lexicons import Grade, Hit, Shore, guard_reasons, lexicon, moods, other_matters, taxonomy
from nlp.normalise import normalise, without_markup
from nlp.style import style

Numbers = NDArray[np.float32]
MOST = 2  # a word group met more than twice says no more than twice


@dataclass(frozen=True, slots=True)
class Reading:
    """One text as the models see it.

    `whole` is its normal form, `plain` that without markup, both cut into words. Lexicon hits and `matters` (other
    matters than the bureau's, with the number of words that show them) lie in `plain`, cue marks in `whole`.
    """

    whole: str
    plain: str
    words: tuple[str, ...]
    whole_words: tuple[str, ...]
    hits: tuple[Hit, ...]
    marks: dict[str, str]
    matters: dict[str, int]

    def of(self, grade: Grade) -> list[str]:
        """The words found of one grade, in order, each once."""
        return list(dict.fromkeys(hit.entry.word for hit in self.hits if hit.entry.grade is grade))

    def guards(self) -> list[Hit]:
        """The words found that only look like the sea."""
        return [hit for hit in self.hits if hit.entry.guard]

    def along(self, shore: Shore) -> list[str]:
        """The places of this kind that are named, each once."""
        return list(dict.fromkeys(place.name for hit in self.hits for place, kind in hit.entry.places if kind is shore))

    def speaks_of_the_sea(self) -> bool:
        """Whether the text holds a sea word or water of its own, or a coastal place with a word of the bureau's matters."""
        if self.of(Grade.STRONG) or self.of(Grade.LIKELY) or self.along(Shore.SEA):
            return True
        company = len(self.of(Grade.COMPANY))
        return company > 1 or (company == 1 and bool(self.along(Shore.SHORE)))


@dataclass(frozen=True, slots=True)
class Batch:
    """Many readings as numbers: n-grams, counts of sea words (n, SEA), of ways of speaking (n, SPEECH), of style (n, STYLE)."""

    grams: Grams
    sea: Numbers
    speech: Numbers
    style: Numbers


def read(text: str, *, engine: str = "rjieba") -> Reading:
    """Read one text; cost about 0.1 ms for a post."""
    whole = normalise(text)
    plain = without_markup(whole)
    tokens = segment.engine(engine).cut(plain)
    hits = lexicon().hits(plain, segment.starts(tokens))
    words = _words(tokens)
    whole_words = words if plain == whole else _words(segment.engine(engine).cut(whole))
    return Reading(whole, plain, words, whole_words, tuple(hits), marks(whole), other_matters().counts(plain))


def _words(tokens: Sequence[str]) -> tuple[str, ...]:
    return tuple([token for token in tokens if not token.isspace()])


def batch(readings: Sequence[Reading]) -> Batch:
    """The numbers of these readings, in order. N-grams keep the markup: links and names tell rumours from news."""
    return Batch(
        grams([reading.whole for reading in readings], [reading.whole_words for reading in readings]),
        _table([_sea(reading) for reading in readings]),
        _table([_speech(reading) for reading in readings]),
        style([reading.whole for reading in readings]),
    )


def _table(rows: Sequence[list[float]]) -> Numbers:
    return np.array(rows, dtype=np.float32).reshape(len(rows), -1)


def _sea(reading: Reading) -> list[float]:
    """Sea words, categories, places, guards and other matters, with the pairs that turn their sense."""
    strong, likely, company = (len(reading.of(grade)) for grade in Grade)
    sea, shore, inland = (len(reading.along(kind)) for kind in Shore)
    guards = reading.guards()
    others = [float(min(reading.matters.get(name, 0), MOST)) for name in other_matters().names]
    other = sum(others)
    pairs = [
        strong > 0, strong > 1, likely > 0, likely > 1, bool(guards), other > 0, likely and shore,
        company and (shore or sea), likely and company, bool(guards) and not strong, not (strong or likely or company),
        strong and bool(guards), inland and not strong, other and not strong, strong and not other,
    ]  # fmt: skip
    topics = _categories(reading)
    counts = (strong, likely, company, len(guards), sea, shore, inland, sum(map(bool, topics[1::2])), sum(topics[1::2]))
    reasons = {hit.entry.guard for hit in guards}
    return [
        *map(math.log1p, counts),
        *map(float, map(bool, pairs)),
        other,
        *others,
        *(float(reason in reasons) for reason in guard_reasons()),
        *(min(count, MOST) for count in topics),
    ]


def _categories(reading: Reading) -> list[float]:
    """Of each category in the taxonomy's order: its sea words met, then its topic words met."""
    counts = [0.0] * (2 * len(taxonomy()))
    for hit in reading.hits:
        for number in hit.entry.sea:
            counts[2 * number] += 1
        for number in hit.entry.topic:
            counts[2 * number + 1] += 1
    return counts


def _speech(reading: Reading) -> list[float]:
    """Ways of speaking: cue marks, doubt, words of mood, punctuation and length."""
    plain = reading.plain
    length = math.log1p(len(plain))
    mood = moods().counts(plain)
    return [
        *(float(rule.name in reading.marks) for rule in cue_rules()),
        float(bool(doubt(plain))),
        *(float(min(mood.get(name, 0), MOST)) for name in moods().names),
        float("?" in plain), float(plain.endswith("?")), math.log1p(plain.count("!")), float("【" in plain),
        float("..." in plain), math.log1p(plain.count(",")), math.log1p(sum(map(str.isdigit, plain))),
        float(plain.endswith("。")), float("我" in plain), float("你" in plain), length / 3, float(len(plain) < 15),
    ]  # fmt: skip
