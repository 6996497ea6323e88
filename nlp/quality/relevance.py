"""Whether hot-search titles are a matter of the sea, on our own gold: later titles by a model of earlier ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve

from nlp import relevance
from nlp.fit import fit
from nlp.models import LinearModel
from nlp.quality.figures import Figure, interval
from nlp.reading import Numbers, Reading, batch, read
from nlp.train import CORPUS
from nlp.training.corpus import Corpus, rows
from nlp.training.gold import GOLD, LabelledTitle, labelled_titles
from nlp.training.relevance import Titles, learned_rows

TURN = "2022-07-01"  # titles first seen from this day on are judged, earlier ones are learned from
SPLIT = f"gold titles first seen from {TURN} on; learned from our corpus and titles first seen before"
PRECISION = 0.95


def figures(folder: Path) -> list[Figure]:
    """F1 at the desk's threshold, recall at 95 % precision, and the word rule as the floor measured in the same run."""
    later = [title for title in labelled_titles(GOLD, folder) if title.first >= TURN]
    readings = [read(title.title) for title in later]
    truth = np.array([title.relevant for title in later])
    groups = [title.title[:6] for title in later]  # titles of one story begin alike
    said = _model(folder).probabilities(batch(readings))[:, 0]
    guess, ruled = said >= relevance.THRESHOLD, np.array([_by_rule(reading) for reading in readings])
    floor = round(_f1(truth, ruled), 4)
    recall = _recall(truth, said)
    return [
        _figure(
            "F1", round(_f1(truth, guess), 4), later, interval(lambda n: _f1(truth[n], guess[n]), groups), floor, 0.9
        ),
        _figure("F1 of the word rule", floor, later, interval(lambda n: _f1(truth[n], ruled[n]), groups), None, None),
        _figure(
            "recall at 95 % precision",
            round(recall, 4),
            later,
            interval(lambda n: _recall(truth[n], said[n]), groups),
            None,
            None,
        ),
    ]


def _model(folder: Path) -> LinearModel:
    own = Corpus.of([row for name in ("marine", "other") for row in rows(CORPUS / f"{name}.jsonl")])
    return fit(relevance.RECIPE, learned_rows(own, folder, Titles(before=TURN)).sample()).model


def _by_rule(reading: Reading) -> bool:
    return reading.speaks_of_the_sea() and not reading.guards()


def _recall(truth: NDArray[np.bool_], said: Numbers) -> float:
    """The most that is found at any point where PRECISION of what is let in is right."""
    precision, recall, _ = precision_recall_curve(truth, said)
    return float(recall[precision >= PRECISION].max())


def _f1(truth: NDArray[np.bool_], guess: NDArray[np.bool_]) -> float:
    named = int(truth.sum()) + int(guess.sum())
    return 2 * int((truth & guess).sum()) / named if named else 0.0


def _figure(
    metric: str,
    score: float,
    later: list[LabelledTitle],
    bounds: tuple[float | None, float | None],
    floor: float | None,
    reach: float | None,
) -> Figure:
    return Figure(
        task="relevance, own gold of hot-search titles",
        metric=metric,
        score=score,
        low=bounds[0],
        high=bounds[1],
        floor=floor,
        reach=reach,
        rows=len(later),
        split=SPLIT,
    )
