"""Measures whose matter a citizen's message is, beside character n-grams learned from the same few messages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from nlp import department
from nlp.fit import fit_part
from nlp.quality.figures import Figure, Rows, interval, macro_f1
from nlp.quality.sets import held, rows
from nlp.training.department import LABELLED, TREE, UNLABELLED, Lesson, lesson, message

TASK = "citizen messages by department"
METRIC = "macro-F1 over the five departments that occur"
SPLIT = (
    "5-fold stratified over the labelled messages; the titles of these rows were read when the words were chosen and "
    "the settings were chosen on them, so the figure flatters"
)


def figures(folder: Path) -> list[Figure]:
    """The model's figure, then that of character 1-2-grams with a linear SVM on the same folds."""
    if not all(held(folder, name) for name in (LABELLED, TREE, *UNLABELLED)):
        return []
    known = lesson(folder)
    texts = [message(row) for row in rows(folder, LABELLED)]
    ours, plain = np.zeros_like(known.labels), np.zeros_like(known.labels)
    splits = StratifiedKFold(5, shuffle=True, random_state=0).split(known.labels, known.labels)
    for seen, unseen in splits:
        ours[unseen] = _ours(known, seen)[unseen]
        plain[unseen] = _plain(texts, known.labels, seen)[unseen]
    return [
        _figure(known.labels, ours, TASK, floor=0.81, reach=0.85),
        _figure(known.labels, plain, f"{TASK}: character n-grams and SVM"),
    ]


def _ours(known: Lesson, seen: Rows) -> Rows:
    others = np.arange(known.labelled, len(known.sample.groups))
    model = fit_part(department.RECIPE, known.sample, np.concatenate([seen, others]))
    return np.asarray(model.scores(known.sample.batch)[: known.labelled].argmax(axis=1))


def _plain(texts: list[str], labels: Rows, seen: Rows) -> Rows:
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
    machine = LinearSVC(random_state=0).fit(vectors.fit_transform([texts[row] for row in seen]), labels[seen])
    return np.asarray(machine.predict(vectors.transform(texts)))


def _figure(truth: Rows, guess: Rows, task: str, *, floor: float | None = None, reach: float | None = None) -> Figure:
    occurring = np.unique(truth).tolist()
    low, high = interval(lambda drawn: macro_f1(truth[drawn], guess[drawn], occurring), range(len(truth)))
    score = round(macro_f1(truth, guess, occurring), 4)
    return Figure(
        task=task, metric=METRIC, score=score, low=low, high=high, floor=floor, reach=reach, rows=len(truth),
        split=SPLIT if floor else "5-fold stratified over the labelled messages",
    )  # fmt: skip
