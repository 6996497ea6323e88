"""Fits one linear model from readings and labels: cross-validated by group, calibrated, folded into plain arrays.

Logistic regression (L2) for our own small corpus; for the public sets a linear support-vector machine over columns weighed
by their log-count ratio (NBSVM, Wang and Manning 2012), which beat plain TF-IDF by one to two points of macro-F1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from nlp.counts import names_the_sea
from nlp.grams import COLUMNS
from nlp.models import LinearModel, Recipe, calibrated, weighted
from nlp.reading import Batch, Numbers

FOLDS = 5
Labels = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sample:
    """What a model learns from: `targets` (n, k), one group and one weight a text."""

    batch: Batch
    targets: Labels
    groups: Sequence[str]
    weights: Numbers


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model and what it says of each text when the text's group was held out: calibrated probabilities (n, k)."""

    model: LinearModel
    held_out: Numbers


def fit(recipe: Recipe, sample: Sample) -> Fitted:
    """Fit on everything; score every text once by a model that never saw its group; calibrate on those scores."""
    margins = np.zeros((len(sample.groups), len(recipe.labels)), dtype=np.float32)
    everyone = np.arange(len(sample.groups))
    for seen, unseen in GroupKFold(FOLDS).split(everyone, groups=list(sample.groups)):
        model = _fit(recipe, sample, seen)
        margins[unseen] = model.scores(sample.batch)[unseen]
    final = _fit(recipe, sample, everyone)
    calibration = np.array([_platt(margins[:, k], sample, k) for k in range(len(recipe.labels))], dtype=np.float32)
    model = LinearModel(**{**_fields(final), "calibration": calibration})
    return Fitted(model, calibrated(margins, calibration[:, 0], calibration[:, 1]))


def fit_part(recipe: Recipe, sample: Sample, seen: NDArray[np.int64]) -> LinearModel:
    """An uncalibrated model of some of the texts, for measuring transfer to the others."""
    return _fit(recipe, sample, seen)


def _fields(model: LinearModel) -> dict[str, Any]:
    names = ("name", "labels", "columns", "idf", "weights", "near", "sea", "speech", "intercept")
    return {name: getattr(model, name) for name in names}


def _fit(recipe: Recipe, sample: Sample, seen: NDArray[np.int64]) -> LinearModel:
    counts = sample.batch.grams.matrix()[seen]
    frequency = np.asarray((counts > 0).sum(axis=0)).ravel()
    columns = np.flatnonzero(frequency >= recipe.least).astype(np.int32)
    idf = (np.log((1 + len(seen)) / (1 + frequency[columns])) + 1).astype(np.float32)
    slots = np.full(COLUMNS, -1, dtype=np.int32)
    slots[columns] = np.arange(len(columns), dtype=np.int32)
    text = weighted(sample.batch.grams, slots, idf)[seen] * recipe.text_scale
    blocks = [(sample.batch.sea, recipe.sea_scale), (sample.batch.speech, recipe.speech_scale)]
    dense = [sparse.csr_matrix(block[seen] * scale) for block, scale in blocks if scale]
    if recipe.near_scale:
        near = sparse.diags(names_the_sea(sample.batch.sea[seen]) * (recipe.near_scale / recipe.text_scale)) @ text
        dense.append(near.tocsr())
    fits = [_one(recipe, text, dense, sample, seen, k) for k in range(len(recipe.labels))]
    weights = np.array([weight for weight, _ in fits], dtype=np.float32).T
    ends = np.cumsum([len(columns), *(block.shape[1] if scale else 0 for block, scale in blocks)])
    parts = np.split(weights, ends)
    return LinearModel(
        name=recipe.name, labels=recipe.labels, columns=columns, idf=idf, weights=parts[0] * recipe.text_scale,
        near=parts[3] * recipe.near_scale, sea=parts[1] * recipe.sea_scale, speech=parts[2] * recipe.speech_scale,
        intercept=np.array([shift for _, shift in fits], dtype=np.float32),
        calibration=np.tile(np.array([1.0, 0.0], dtype=np.float32), (len(fits), 1)),
    )  # fmt: skip


def _one(
    recipe: Recipe,
    text: sparse.csr_matrix,
    dense: list[sparse.csr_matrix],
    sample: Sample,
    seen: NDArray[np.int64],
    k: int,
) -> tuple[Numbers, float]:
    """Weights and intercept of one label against the rest."""
    target = sample.targets[seen, k]
    ratio = _log_count_ratio(text, target) if recipe.ratio else np.ones(text.shape[1])
    features = sparse.hstack([text @ sparse.diags(ratio), *dense]).tocsr()
    estimator = (
        LinearSVC(C=recipe.strength, random_state=0)
        if recipe.ratio
        else LogisticRegression(C=recipe.strength, solver="liblinear", max_iter=2000, random_state=0)
    )
    estimator.fit(features, target, sample_weight=sample.weights[seen])
    weights = estimator.coef_[0].copy()
    weights[: text.shape[1]] *= ratio
    return weights, float(estimator.intercept_[0])


def _log_count_ratio(text: sparse.csr_matrix, target: Labels) -> NDArray[np.float64]:
    """|ln| of how much commoner each column is with the label than without, each text counted once, plus one."""
    present = (text > 0).astype(np.float64)
    with_label = np.asarray(present[target].sum(axis=0)).ravel() + 1
    without = np.asarray(present[~target].sum(axis=0)).ravel() + 1
    return np.asarray(np.abs(np.log((with_label / with_label.sum()) / (without / without.sum()))))


def _platt(margins: Numbers, sample: Sample, k: int) -> tuple[float, float]:
    """Slope and shift that turn held-out margins into probabilities (Platt 1999)."""
    sigmoid = LogisticRegression(C=1e3, max_iter=1000)
    sigmoid.fit(margins.reshape(-1, 1), sample.targets[:, k], sample_weight=sample.weights)
    return float(sigmoid.coef_[0, 0]), float(sigmoid.intercept_[0])
