"""Which words of a text spoke for and against a label: the model's own weights, laid back onto the characters they came from.

A linear model's margin is a sum over n-grams; the share of each is divided evenly among its characters, those of a word are
added up, and neighbouring words of one mind become one run (after Lundberg and Lee 2017: exact for linear models).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from nlp.grams import CHARACTER_SIZES, COLUMNS, grams
from nlp.models import LinearModel
from nlp.normalise import NAME, REPOST, URL
from nlp.reading import Reading

MOST = 5  # runs for and runs against: what an officer reads at a glance
NOTABLE = 0.15  # of the strongest word's weight: a weaker word is not shown and ends a run
LONGEST = 4  # words a run; a longer one is no longer a reason but the sentence
Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand together in the normal form, `text[start:end]`, and what they added to the log-odds of the label."""

    words: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The strongest runs for a label and against it, strongest first; links and @names are never among them."""

    speaks_for: tuple[Run, ...]
    speaks_against: tuple[Run, ...]


def explain(model: LinearModel, reading: Reading, label: str = "", *, most: int = MOST) -> Explanation:
    """What spoke for and against `label` of this text, "" for the model's first; raises ValueError for a foreign label.

    The same text always gives the same runs. What the model weighs besides n-grams (lexicon counts, style) is not told.
    """
    if label and label not in model.labels:
        raise ValueError(f"model {model.name} knows no label {label}, only {', '.join(model.labels)}")
    number = model.labels.index(label) if label else 0
    return explained(reading, character_shares(model, reading, number), most=most)


def explained(reading: Reading, shares: Shares, *, most: int = MOST) -> Explanation:
    """The strongest runs by what each character of the normal form added, shape (len(whole),)."""
    weighed = [(start, end, float(shares[start:end].sum())) for start, end in _words(reading)]
    runs = list(_runs(reading.whole, weighed))
    return Explanation(
        tuple(sorted((run for run in runs if run.weight > 0), key=lambda run: (-run.weight, run.start))[:most]),
        tuple(sorted((run for run in runs if run.weight < 0), key=lambda run: (run.weight, run.start))[:most]),
    )


def character_shares(model: LinearModel, reading: Reading, number: int) -> Shares:
    """What each character of the normal form added to the log-odds of a label by its number, shape (len(whole),).

    They add up to the part of the calibrated margin that comes from n-grams.
    """
    shares = np.zeros(len(reading.whole))
    if len(reading.whole.lower()) != len(reading.whole):  # a letter that grows when small: places would not meet
        return shares
    slots = np.full(COLUMNS, -1, dtype=np.int32)
    slots[model.columns] = np.arange(len(model.columns), dtype=np.int32)
    found = grams([reading.whole], [reading.whole_words])
    places = slots[found.met_columns]
    known = np.flatnonzero(places >= 0)
    column, occurrence, counts = np.unique(places[known], return_inverse=True, return_counts=True)
    values = (1 + np.log(counts)) * model.idf[column]
    length = max(float(np.sqrt(np.sum(values**2))), 1e-9)
    parts = values / length * model.weights[column, number] * model.slope(number) / counts
    spans = list(_gram_spans(reading))
    for met, part in zip(known, parts[occurrence], strict=True):
        start, end = spans[met]
        shares[start:end] += part / (end - start)
    return shares


def _gram_spans(reading: Reading) -> Iterator[tuple[int, int]]:
    """Where each n-gram stands in the normal form, in the order of nlp/grams.py."""
    length = len(reading.whole)
    for size in CHARACTER_SIZES:
        yield from ((start, start + size) for start in range(length - size + 1))
    words = _words(reading)
    yield from words
    yield from ((first[0], second[1]) for first, second in pairwise(words))


def _words(reading: Reading) -> list[tuple[int, int]]:
    """Start and end of each word in the normal form."""
    spans, at = [], 0
    for word in reading.whole_words:
        at = reading.whole.index(word, at)
        spans.append((at, at + len(word)))
        at += len(word)
    return spans


def _runs(text: str, weighed: Sequence[tuple[int, int, float]]) -> Iterator[Run]:
    hidden = [match.span() for pattern in (REPOST, URL, NAME) for match in pattern.finditer(text)]
    shown = [word for word in weighed if not any(word[0] < end and start < word[1] for start, end in hidden)]
    least = NOTABLE * max((abs(weight) for *_, weight in shown), default=0.0)
    notable = [word for word in shown if abs(word[2]) > least and _readable(text[word[0] : word[1]])]
    for neighbours in _together(text, notable):
        start, end = neighbours[0][0], neighbours[-1][1]
        yield Run(text[start:end], start, end, sum(weight for *_, weight in neighbours))


def _readable(word: str) -> bool:
    return any(character.isalnum() or character in "!?" for character in word)


def _together(text: str, words: Iterable[tuple[int, int, float]]) -> Iterator[Sequence[tuple[int, int, float]]]:
    """Words of one sign with nothing but a space between them, at most LONGEST at a time."""
    numbers, number, last = [], 0, None
    for word in words:
        if last is not None and (text[last[1] : word[0]].strip(" ") or (last[2] > 0) != (word[2] > 0)):
            number += 1
        numbers.append((number, word))
        last = word
    for _, run in groupby(numbers, key=lambda pair: pair[0]):
        members = [word for _, word in run]
        yield from (members[start : start + LONGEST] for start in range(0, len(members), LONGEST))
