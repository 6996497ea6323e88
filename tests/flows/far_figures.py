"""A module of quality whose one figure the tests of training set."""

from pathlib import Path

from nlp.quality.figures import Figure

SCORE = 0.9


def figures(folder: Path) -> list[Figure]:
    """One figure of `SCORE`."""
    return [Figure(task="far away", metric="F1", score=SCORE, low=0.85, high=0.95, rows=9, split="none")]
