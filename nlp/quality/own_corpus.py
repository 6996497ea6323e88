"""Relevance, category, voice, stance and claim on the frozen gold of our own corpus, by models that saw none of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp import relevance, stance, voice
from nlp.lexicons import category_names
from nlp.models import fitting, load
from nlp.quality.figures import Figure, Rows, interval, macro_f1
from nlp.reading import Batch
from nlp.train import CORPUS, train
from nlp.training.corpus import Corpus, rows
from nlp.training.lesson import SPEAKS_OF, Lesson, is_gold

SPLIT = "one invented scene in five, by the hash of its name, never learned from; trained on the others"
CLAIM_POINT = 0.5  # calibrated probability from which a text counts as a claim
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a model said of the gold: truth and guess as numbers, shape (n,), one group a text, and the measure of both."""

    metric: str
    truth: Numbers
    guess: Numbers
    groups: Sequence[str]
    measure: Callable[[Numbers, Numbers], float]

    def score(self, chosen: Rows | None = None) -> float:
        """The measure over these rows, or over all."""
        return self.measure(*((self.truth, self.guess) if chosen is None else (self.truth[chosen], self.guess[chosen])))


def gold(corpus: Path = CORPUS) -> Corpus:
    """The frozen gold, each text read once; raises BadInput when the corpus is missing."""
    found = [row for name in ("marine", "other") for row in rows(corpus / f"{name}.jsonl")]
    return Corpus.of([row for row in found if is_gold(row)])


def figures(folder: Path) -> list[Figure]:
    """Train on the rest of the corpus and judge the gold; relevance only where the folder's everyday texts are there."""
    with tempfile.TemporaryDirectory() as out:
        lesson = Lesson(gold=False, models=tuple(SPEAKS_OF))
        train(CORPUS, folder, Path(out), say=lambda _: None, lesson=lesson)
        return [_figure(name, judged) for name, judged in judge(Path(out), gold()).items()]


def judge(models: Path, texts: Corpus) -> dict[str, Judged]:
    """What the models of a folder say of the gold, by model; one that the folder does not hold is left out.

    Raises ModelRefused for a changed model and for one of other lexicons.
    """
    there = [name for name in SPEAKS_OF if (models / f"{name}.skops").exists()]
    everything = texts.sample(np.zeros((len(texts.rows), 1), dtype=bool)).batch
    marine = texts.where(lambda row: bool(row["relevant"]))
    of_marine = marine.sample(np.zeros((len(marine.rows), 1), dtype=bool)).batch
    return {
        name: _judge(name, models, *((marine, of_marine) if name == "category" else (texts, everything)))
        for name in there
    }


def _judge(name: str, folder: Path, texts: Corpus, numbers: Batch) -> Judged:
    said = fitting(load(name, folder)).probabilities(numbers)
    groups = [str(row["group"]) for row in texts.rows]
    match name:
        case "relevance" | "claim":
            point = relevance.THRESHOLD if name == "relevance" else CLAIM_POINT
            truth = _numbers([bool(row["relevant" if name == "relevance" else "claim"]) for row in texts.rows])
            return Judged("F1", truth, _numbers(said[:, 0] >= point), groups, _f1)
        case "category":
            labels: Sequence[str] = category_names()
            values = [row["categories"][0] for row in texts.rows]
        case _:
            labels = voice.LABELS if name == "voice" else stance.LABELS
            values = [row[name] for row in texts.rows]
    truth = _numbers([labels.index(value) for value in values])
    present = sorted(set(truth.tolist()))
    return Judged("macro-F1", truth, _numbers(said.argmax(axis=1)), groups, lambda t, g: macro_f1(t, g, present))


def _numbers(values: Any) -> Numbers:
    return np.asarray(values).astype(np.int64)


def _f1(truth: Numbers, guess: Numbers) -> float:
    return macro_f1(truth, guess, [1])


def _figure(name: str, judged: Judged) -> Figure:
    low, high = interval(judged.score, judged.groups)
    return Figure(
        task=f"own corpus: {'category, first level' if name == 'category' else name}",
        metric=judged.metric,
        score=round(judged.score(), 4),
        low=low,
        high=high,
        rows=len(judged.truth),
        split=SPLIT,
    )
