"""The feeling of posts in three classes, on both sets of SMP2020-EWECT."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp import emotion
from nlp.fit import FOLDS, held_out
from nlp.models import shares
from nlp.quality.figures import Figure, Rows, chosen_on, interval, macro_f1
from nlp.quality.sets import SetAbsent, held
from nlp.training.corpus import Corpus
from nlp.training.emotion import ALIKE, EPIDEMIC, EVERYDAY, SETS, posts, sample, true_labels

SPLIT = f"{FOLDS} folds by group (posts that begin with the same {ALIKE} characters); learned from both sets"
TASK = "emotion, SMP virus, 3 classes"
CHOSEN = "second opinion and weights of the last stage were chosen on the groups of one half (by hash)"
LABELS = range(len(emotion.LABELS))


def figures(folder: Path) -> list[Figure]:
    """A figure a set, and one of the untouched half; about 100 s of one core. Raises SetAbsent when the folder lacks one."""
    absent = [name for name in SETS if not held(folder, name)]
    if absent:
        raise SetAbsent(f"{absent[0]}.jsonl.gz is missing in {folder}: docs/quality.md says how to obtain it")
    corpus = posts(folder)
    truth, guess = judge(corpus)
    epidemic, everyday = (np.array([row["set"] == name for row in corpus.rows]) for name in (EPIDEMIC, EVERYDAY))
    untouched = np.array([not chosen_on(row["group"]) for row in corpus.rows])
    groups = np.array([row["group"] for row in corpus.rows])

    def figure(task: str, keep: NDArray[np.bool_], split: str, aims: tuple[float | None, float | None]) -> Figure:
        return _figure(task, (truth[keep], guess[keep], groups[keep].tolist()), split, aims)

    return [
        figure(TASK, epidemic, f"{SPLIT}; {CHOSEN}", (0.77, 0.80)),
        figure(f"{TASK}, half on which nothing was chosen", epidemic & untouched, SPLIT, (None, None)),
        figure("emotion, SMP everyday, 3 classes", everyday, SPLIT, (None, None)),
    ]


def judge(corpus: Corpus) -> tuple[Rows, Rows]:
    """Number of the true and of the likeliest label of each post, by a model that saw no post of its group; shape (n,)."""
    margins = held_out(emotion.RECIPE, sample(corpus), np.arange(len(corpus.rows)), FOLDS)
    return true_labels(corpus), emotion.merged(shares(margins)).argmax(axis=1)


def _figure(
    task: str, judged: tuple[Rows, Rows, list[str]], split: str, aims: tuple[float | None, float | None]
) -> Figure:
    true, said, groups = judged
    low, high = interval(lambda rows: macro_f1(true[rows], said[rows], LABELS), groups)
    return Figure(
        task=task, metric="macro-F1", score=round(macro_f1(true, said, LABELS), 4), low=low, high=high,
        floor=aims[0], reach=aims[1], rows=len(true), split=split,
    )  # fmt: skip
