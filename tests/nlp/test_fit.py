"""Fitting: a staged model is one linear model, its odds are true to what it never saw, groups never leak."""

from dataclasses import replace

import numpy as np
import pytest

from nlp.fit import Sample, fit, fit_part, held_out
from nlp.models import Recipe
from nlp.quality.figures import calibration_error
from nlp.reading import batch, read

CALLS = ("快转发{}有毒！！", "听说{}出事了，大家小心！", "紧急扩散：{}")  # calls to spread, hearsay
CALM = ("【{}】据记者了解，情况正常。", "{}工作已完成，有关部门通报。", "今日{}平稳。")
MATTERS = ("毛蚶", "海水", "赤潮", "风暴潮", "码头", "渔船", "海堤", "海冰", "沙滩", "虾", "螃蟹", "海带")
STAGED = Recipe("toy", ("call",), 0.5, least=1, speech_scale=0.05, ratio=True, staged=True)


@pytest.fixture(scope="module")
def sample() -> Sample:
    rows = [(form.format(matter), form in CALLS, matter) for form in (*CALLS, *CALM) for matter in MATTERS]
    targets = np.array([[call] for _, call, _ in rows])
    even = np.ones(len(rows), dtype=np.float32)
    return Sample(batch([read(text) for text, *_ in rows]), targets, [matter for *_, matter in rows], even)


def test_a_staged_model_weighs_style_and_scores_like_any_other(sample: Sample) -> None:
    fitted = fit(STAGED, sample)
    assert fitted.model.style.shape == (sample.batch.style.shape[1], 1)
    said = fitted.model.probabilities(sample.batch)
    assert ((said > 0.5) == sample.targets).mean() > 0.95
    assert calibration_error(sample.targets[:, 0], fitted.held_out[:, 0]) < 0.1


def test_every_text_is_judged_by_a_model_that_saw_no_text_of_its_group(sample: Sample) -> None:
    everyone = np.arange(len(sample.groups))
    margins = held_out(STAGED, sample, everyone, 12)
    first = np.array([group == MATTERS[0] for group in sample.groups])
    alone = fit_part(STAGED, sample, everyone[~first]).scores(sample.batch)[first]
    np.testing.assert_allclose(margins[first], alone, atol=1e-5)


def test_a_model_in_one_stage_leaves_style_alone(sample: Sample) -> None:
    plain = fit_part(Recipe("toy", ("call",), 1.0, least=1), sample, np.arange(len(sample.groups)))
    assert plain.style.shape == (0, 1)


def test_a_second_opinion_folds_into_the_same_linear_model(sample: Sample) -> None:
    alone, both = (fit(recipe, sample) for recipe in (STAGED, replace(STAGED, beside=5.0)))
    assert both.model.weights.shape == alone.model.weights.shape
    assert not np.allclose(both.model.weights, alone.model.weights)
    assert ((both.held_out > 0.5) == sample.targets).mean() > 0.95


def test_labels_that_exclude_one_another_share_one_probability(sample: Sample) -> None:
    kinds = np.arange(len(sample.groups)) % 3
    three = replace(sample, targets=np.column_stack([kinds == k for k in range(3)]))
    fitted = fit(replace(STAGED, labels=("a", "b", "c")), three)
    assert fitted.model.calibration.shape == (0, 2)
    np.testing.assert_allclose(fitted.model.probabilities(sample.batch).sum(axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(fitted.held_out.sum(axis=1), 1.0, atol=1e-5)


def test_the_last_stage_may_weigh_texts_differently(sample: Sample) -> None:
    everyone, calls = np.arange(len(sample.groups)), sample.targets[:, 0]
    nearer = replace(sample, stage_weights=np.where(calls, 20.0, 1.0).astype(np.float32))
    even, leaning = (fit_part(STAGED, given, everyone) for given in (sample, nearer))
    assert leaning.scores(sample.batch).mean() > even.scores(sample.batch).mean()  # calls weigh more, so more is a call
