"""The feeling of posts in three classes, on both sets of SMP2020-EWECT."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp import emotion
from nlp.fit import FOLDS, held_out
from nlp.quality.figures import Figure, Rows, interval, macro_f1
from nlp.quality.sets import SetAbsent, held
from nlp.training.corpus import Corpus, one_hot
from nlp.training.emotion import ALIKE, EPIDEMIC, EVERYDAY, SETS, feelings, posts

SPLIT = f"{FOLDS} folds by group (posts that begin with the same {ALIKE} characters); learned from both sets"
LABELS = range(len(emotion.LABELS))


def figures(folder: Path) -> list[Figure]:
    """One figure a set; about 35 s of one core. Raises SetAbsent when the folder lacks one."""
    absent = [name for name in SETS if not held(folder, name)]
    if absent:
        raise SetAbsent(f"{absent[0]}.jsonl.gz is missing in {folder}: docs/quality.md says how to obtain it")
    corpus = posts(folder)
    truth, guess = judge(corpus)
    return [
        _figure("emotion, SMP virus, 3 classes", corpus, truth, guess, EPIDEMIC),
        _figure("emotion, SMP everyday, 3 classes", corpus, truth, guess, EVERYDAY),
    ]


def judge(corpus: Corpus) -> tuple[Rows, Rows]:
    """Number of the true and of the likeliest label of each post, by a model that saw no post of its group; shape (n,)."""
    sample = corpus.sample(one_hot(emotion.LABELS, feelings(corpus)))
    margins = held_out(emotion.RECIPE, sample, np.arange(len(corpus.rows)), FOLDS)
    return sample.targets.argmax(axis=1), margins.argmax(axis=1)


def _figure(task: str, corpus: Corpus, truth: Rows, guess: Rows, name: str) -> Figure:
    part: NDArray[np.int64] = np.flatnonzero([row["set"] == name for row in corpus.rows])
    true, said = truth[part], guess[part]
    low, high = interval(lambda rows: macro_f1(true[rows], said[rows], LABELS), [corpus.rows[n]["group"] for n in part])
    floor, reach = (0.77, 0.80) if name == EPIDEMIC else (None, None)
    return Figure(
        task=task, metric="macro-F1", score=round(macro_f1(true, said, LABELS), 4), low=low, high=high,
        floor=floor, reach=reach, rows=len(part), split=SPLIT,
    )  # fmt: skip
