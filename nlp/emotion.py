"""The feeling of a text: happy, neutral or negative; learned as six feelings, four of which are negative together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nlp.models import LinearModel, Recipe
from nlp.reading import Numbers, Reading, batch

LABELS = ("happy", "neutral", "negative")
FEELINGS = ("happy", "neutral", "angry", "fear", "sad", "surprise")  # the first two are labels, the others negative
NEGATIVE = len(LABELS) - 1
RECIPE = Recipe("emotion", FEELINGS, 0.2, least=3, speech_scale=0.1, ratio=True, staged=True, beside=5.0)


def merged(feelings: Numbers) -> Numbers:
    """Probabilities of FEELINGS, shape (n, 6), as those of LABELS, shape (n, 3)."""
    return np.column_stack([feelings[:, :NEGATIVE], feelings[:, NEGATIVE:].sum(axis=1)])


def likeliest(feelings: Numbers) -> list[str]:
    """The likeliest of LABELS of each text, by its probabilities of FEELINGS, shape (n, 6)."""
    return [LABELS[number] for number in merged(feelings).argmax(axis=1).tolist()]


def label(feeling: str) -> str:
    """The one of LABELS that a feeling belongs to."""
    return LABELS[min(FEELINGS.index(feeling), NEGATIVE)]


def feeling(model: LinearModel, reading: Reading, of: str) -> str:
    """The likeliest feeling of a text among those that belong to the label `of`."""
    said: Sequence[float] = model.probabilities(batch([reading]))[0].tolist()
    return max((each for each in FEELINGS if label(each) == of), key=lambda each: said[FEELINGS.index(each)])
