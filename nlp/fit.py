"""Fits one linear model from readings and labels: cross-validated by group, calibrated, folded into plain arrays.

Logistic regression (L2) for our own small corpus; for the public sets a linear support-vector machine over columns weighed
by their log-count ratio (NBSVM, Wang and Manning 2012), which beat plain TF-IDF by one to two points of macro-F1. A staged model is stacked (Wolpert 1992): a logistic regression of the n-grams' margins and the style counts, multinomial where labels exclude one another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from nlp.grams import COLUMNS
from nlp.models import LinearModel, Recipe, weighted
from nlp.reading import Batch, Numbers

FOLDS = 5
INNER_FOLDS = 4  # within what a staged model sees, for margins of texts that its n-grams did not see
STAGE_STRENGTH = 0.1  # scikit-learn's C of the second stage; from 0.01 to 1 nothing changes (half of Weibo21's groups)
MARGIN_SCALE = 3.0  # so that the second stage hardly shrinks the margin
Labels = NDArray[np.bool_]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sample:
    """What a model learns from: `targets` (n, k), one group and one weight a text.

    `stage_weights` (n,) count in the second stage instead of `weights`: there the texts most like those to be judged may
    weigh more, while n-grams are learned from all alike.
    """

    batch: Batch
    targets: Labels
    groups: Sequence[str]
    weights: Numbers
    stage_weights: Numbers | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model and what it says of each text when the text's group was held out: calibrated probabilities (n, k)."""

    model: LinearModel
    held_out: Numbers


def fit(recipe: Recipe, sample: Sample) -> Fitted:
    """Fit on everything; score every text once by a model that never saw its group; calibrate on those scores."""
    margins = held_out(recipe, sample, np.arange(len(sample.groups)), FOLDS)
    final = fit_part(recipe, sample, np.arange(len(sample.groups)))
    if recipe.staged and len(recipe.labels) > 1:  # the second stage saw held-out margins: log-odds by its nature
        calibration = np.zeros((0, 2), dtype=np.float32)
    else:
        pairs = [_platt(margins[:, k], sample, k) for k in range(len(recipe.labels))]
        calibration = np.array(pairs, dtype=np.float32)
    model = replace(final, calibration=calibration)
    return Fitted(model, model.calibrated(margins))


def held_out(recipe: Recipe, sample: Sample, among: Rows, folds: int) -> Numbers:
    """Margins of the texts `among`, each by a model that learned from other groups of them; shape (len(among), k)."""
    margins = np.zeros((len(among), len(recipe.labels)), dtype=np.float32)
    for seen, unseen in GroupKFold(folds).split(among, groups=[sample.groups[row] for row in among]):
        model = fit_part(recipe, sample, among[seen])
        margins[unseen] = model.scores(sample.batch)[among[unseen]]
    return margins


def fit_part(recipe: Recipe, sample: Sample, seen: Rows) -> LinearModel:
    """A model of some of the texts, not calibrated; a staged one gives log-odds by its nature."""
    if not recipe.staged:
        return _fit(recipe, sample, seen)
    opinions = list(_opinions(recipe))
    margins = np.hstack([held_out(opinion, sample, seen, INNER_FOLDS) for opinion in opinions])
    return _staged(_side_by_side([_fit(opinion, sample, seen) for opinion in opinions]), margins, sample, seen)


def _opinions(recipe: Recipe) -> Iterator[Recipe]:
    """The models of a first stage."""
    yield replace(recipe, staged=False)
    if recipe.beside:
        yield replace(recipe, staged=False, ratio=False, strength=recipe.beside)


def _side_by_side(models: Sequence[LinearModel]) -> LinearModel:
    """Models of the same columns as one of all their margins."""

    def all_of(array: str) -> Numbers:
        return np.concatenate([getattr(model, array) for model in models], axis=-1)

    return replace(
        models[0], weights=all_of("weights"), sea=all_of("sea"), speech=all_of("speech"), style=all_of("style"),
        intercept=all_of("intercept"),
    )  # fmt: skip


def _staged(first: LinearModel, margins: Numbers, sample: Sample, seen: Rows) -> LinearModel:
    """Both stages folded into one: margin @ turn + style @ weights, in standard units of what was seen."""
    style = sample.batch.style[seen]
    mean, spread = style.mean(axis=0), np.maximum(style.std(axis=0), 1e-3)
    weights, shift = _second_stage(np.column_stack([margins * MARGIN_SCALE, (style - mean) / spread]), sample, seen)
    turn, by_style = weights[: margins.shape[1]] * MARGIN_SCALE, weights[margins.shape[1] :] / spread[:, None]
    return replace(
        first, weights=first.weights @ turn, sea=first.sea @ turn, speech=first.speech @ turn,
        style=by_style, intercept=first.intercept @ turn + shift - mean @ by_style,
    )  # fmt: skip


def _second_stage(features: Numbers, sample: Sample, seen: Rows) -> tuple[Numbers, Numbers]:
    """Weights (features, k) and intercepts (k,); of several labels exactly one must be true of each text."""
    targets = sample.targets[seen]
    truth = targets[:, 0] if targets.shape[1] == 1 else targets.argmax(axis=1)
    weights = sample.weights if sample.stage_weights is None else sample.stage_weights
    stage = LogisticRegression(C=STAGE_STRENGTH, max_iter=1000)
    stage.fit(features, truth, sample_weight=weights[seen])
    return stage.coef_.T.astype(np.float32), stage.intercept_.astype(np.float32)


def _fit(recipe: Recipe, sample: Sample, seen: Rows) -> LinearModel:
    counts = sample.batch.grams.matrix()[seen]
    frequency = np.asarray((counts > 0).sum(axis=0)).ravel()
    columns = np.flatnonzero(frequency >= recipe.least).astype(np.int32)
    idf = (np.log((1 + len(seen)) / (1 + frequency[columns])) + 1).astype(np.float32)
    slots = np.full(COLUMNS, -1, dtype=np.int32)
    slots[columns] = np.arange(len(columns), dtype=np.int32)
    text = weighted(sample.batch.grams, slots, idf)[seen] * recipe.text_scale
    blocks = [(sample.batch.sea, recipe.sea_scale), (sample.batch.speech, recipe.speech_scale)]
    dense = [sparse.csr_matrix(block[seen] * scale) for block, scale in blocks if scale]
    fits = [_one(recipe, text, dense, sample, seen, k) for k in range(len(recipe.labels))]
    weights = np.array([weight for weight, _ in fits], dtype=np.float32).T
    ends = np.cumsum([len(columns), *(block.shape[1] if scale else 0 for block, scale in blocks)])
    parts = np.split(weights, ends[:-1])
    return LinearModel(
        name=recipe.name, labels=recipe.labels, columns=columns, idf=idf, weights=parts[0] * recipe.text_scale,
        sea=parts[1] * recipe.sea_scale, speech=parts[2] * recipe.speech_scale,
        style=np.zeros((0, len(fits)), dtype=np.float32),
        intercept=np.array([shift for _, shift in fits], dtype=np.float32),
        calibration=np.tile(np.array([1.0, 0.0], dtype=np.float32), (len(fits), 1)),
    )  # fmt: skip


def _one(
    recipe: Recipe,
    text: sparse.csr_matrix,
    dense: list[sparse.csr_matrix],
    sample: Sample,
    seen: Rows,
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
