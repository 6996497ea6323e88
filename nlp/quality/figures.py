"""A figure of quality with its interval: what was measured, on which rows, split how, beside its floor and reach."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
SEED = 20160620  # any fixed number: a figure comes out the same every time
CONFIDENCE = 0.95

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of `chaoxin evaluate`.

    `low` and `high` are the bootstrap's 95 % interval, None where the figure has none; `floor` is what must hold, `reach`
    what we strive for, None where there is none. `rows` counts the texts that were judged, never those learned from.
    """

    task: str
    metric: str
    score: float
    low: float | None = None
    high: float | None = None
    floor: float | None = None
    reach: float | None = None
    rows: int
    split: str


def chosen_on(group: str) -> bool:
    """Whether a group lies in the half of a set on which values are chosen; the other half tells what the choice flatters."""
    return int(hashlib.md5(group.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0


def interval(statistic: Callable[[Rows], float], groups: Sequence[Hashable]) -> tuple[float, float]:
    """Percentile bootstrap of a statistic, whole groups drawn with replacement (Efron and Tibshirani 1993, 13).

    `groups` names the group of each row; rows of one group say nearly the same and are no independent evidence.
    `statistic` is handed row numbers, shape (n,), some of them several times.
    """
    _, numbers = np.unique([str(group) for group in groups], return_inverse=True)
    members = np.split(np.argsort(numbers, kind="stable"), np.cumsum(np.bincount(numbers))[:-1])
    draw = np.random.default_rng(SEED)
    scores = []
    for _ in range(RESAMPLES):
        chosen = draw.integers(0, len(members), len(members))
        scores.append(statistic(np.concatenate([members[number] for number in chosen])))
    low, high = np.quantile(scores, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return round(float(low), 4), round(float(high), 4)


def macro_f1(truth: Rows, guess: Rows, labels: Sequence[int]) -> float:
    """Mean F1 over these labels; a label that is neither true nor guessed anywhere counts 0, as in scikit-learn."""
    scores = []
    for label in labels:
        right = np.count_nonzero((truth == label) & (guess == label))
        named = np.count_nonzero(truth == label) + np.count_nonzero(guess == label)
        scores.append(2 * right / named if named else 0.0)
    return float(np.mean(scores))


def calibration_error(truth: NDArray[np.bool_], probability: NDArray[np.float32], *, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width, 0..1 (Naeini et al. 2015)."""
    slot = np.minimum((probability * bins).astype(int), bins - 1)
    gaps = [
        np.count_nonzero(slot == number) * abs(truth[slot == number].mean() - probability[slot == number].mean())
        for number in range(bins)
        if (slot == number).any()
    ]
    return float(sum(gaps) / len(truth))
