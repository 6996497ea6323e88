"""Measures whether a post is for or against what it is asked about: our features and character n-grams, averaged, beside the latter alone.

NLPCC 2016 A has five targets, each learned by itself; C-STANCE A has a target a row, read as the first line of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import GroupKFold, StratifiedKFold
from sklearn.svm import LinearSVC

from nlp.fit import Sample, fit_part
from nlp.models import Recipe
from nlp.quality.figures import Figure, Rows, interval, macro_f1
from nlp.quality.sets import Row, held, rows
from nlp.reading import Numbers, batch, read

POSTS = "stance_nlpcc2016_train"
PAIRS = "stance_cstanceA_val"
TASK = "stance, NLPCC 2016 A"
STANCES = ("FAVOR", "AGAINST", "NONE")
NAMES = ("支持", "反对", "中立")
RECIPE = Recipe("stance-of-a-target", STANCES, strength=10.0, speech_scale=0.1)
PAIR_RECIPE = Recipe("stance-of-a-pair", NAMES, strength=0.3, speech_scale=0.1)
SPLIT = "5-fold within each of five targets, stratified, seed 0; pooled over the targets"
PAIR_SPLIT = "3-fold by text, all targets of a text together; the target is read as a first line"
TARGET_POINTS = 0.02  # F above the floor that we strive for


def figures(folder: Path) -> list[Figure]:
    """F(favour, against) of NLPCC 2016 A, ours and that of the floor; then macro-F1 of C-STANCE A."""
    found = _of_posts(rows(folder, POSTS)) if held(folder, POSTS) else []
    return [*found, *(_of_pairs(rows(folder, PAIRS)) if held(folder, PAIRS) else [])]


def _of_posts(posts: Sequence[Row]) -> list[Figure]:
    truth = np.array([STANCES.index(row["stance"]) for row in posts])
    targets = np.array([row["target"] for row in posts])
    ours, plain = _judged([row["text"] for row in posts], truth, _within_targets(targets, truth), RECIPE)
    floor = round(macro_f1(truth, plain, [0, 1]), 4)
    about = (TASK, "mean F1 of favour and against", SPLIT)
    return [
        _figure(truth, ours, [0, 1], about, (floor, round(floor + TARGET_POINTS, 4))),
        _figure(truth, plain, [0, 1], (f"{TASK}: character n-grams and SVM", *about[1:]), (None, None)),
    ]


def _of_pairs(pairs: Sequence[Row]) -> list[Figure]:
    truth = np.array([NAMES.index(row["stance"]) for row in pairs])
    texts = [row["text"] for row in pairs]
    folds = GroupKFold(3).split(truth, groups=texts)
    ours, _ = _judged([f"{row['target']}\n{row['text']}" for row in pairs], truth, folds, PAIR_RECIPE)
    about = ("stance, C-STANCE A", "macro-F1 of three stances", PAIR_SPLIT)
    return [_figure(truth, ours, [0, 1, 2], about, (0.44, None), texts)]


def _judged(texts: Sequence[str], truth: Rows, folds: Iterable[tuple[Rows, Rows]], recipe: Recipe) -> tuple[Rows, Rows]:
    """Each held-out text's stance by both models together, then by character n-grams alone."""
    sample = _sample(texts, truth)
    ours, plain = np.zeros((len(texts), 3)), np.zeros((len(texts), 3))
    for seen, unseen in folds:
        margins = _plain(texts, truth, seen)[unseen]
        plain[unseen] = margins
        ours[unseen] = _even(margins) + _even(fit_part(recipe, sample, seen).scores(sample.batch)[unseen])
    return np.asarray(ours.argmax(axis=1)), np.asarray(plain.argmax(axis=1))


def _sample(texts: Sequence[str], truth: Rows) -> Sample:
    return Sample(
        batch=batch([read(text) for text in texts]),
        targets=truth[:, None] == np.arange(3),
        groups=[str(number) for number in range(len(texts))],
        weights=np.ones(len(texts), dtype=np.float32),
    )


def _within_targets(targets: NDArray[np.str_], truth: Rows) -> Iterator[tuple[Rows, Rows]]:
    for target in np.unique(targets):
        members = np.flatnonzero(targets == target)
        splits = StratifiedKFold(5, shuffle=True, random_state=0).split(members, truth[members])
        yield from ((members[seen], members[unseen]) for seen, unseen in splits)


def _plain(texts: Sequence[str], truth: Rows, seen: Rows) -> Numbers:
    """Margins of character 1-2-grams with a linear SVM, shape (n_texts, 3)."""
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
    machine = LinearSVC(random_state=0).fit(vectors.fit_transform([texts[row] for row in seen]), truth[seen])
    return np.asarray(machine.decision_function(vectors.transform(texts)), dtype=np.float32)


def _even(margins: Numbers) -> Numbers:
    """Margins on one scale, so that neither model of the two outshouts the other."""
    return np.asarray((margins - margins.mean()) / (margins.std() + 1e-9))


def _figure(
    truth: Rows,
    guess: Rows,
    labels: Sequence[int],
    about: tuple[str, str, str],
    aims: tuple[float | None, float | None],
    groups: Sequence[str] = (),
) -> Figure:
    low, high = interval(lambda drawn: macro_f1(truth[drawn], guess[drawn], labels), groups or range(len(truth)))
    task, metric, split = about
    return Figure(
        task=task, metric=metric, score=round(macro_f1(truth, guess, labels), 4), low=low, high=high,
        floor=aims[0], reach=aims[1], rows=len(truth), split=split,
    )  # fmt: skip
