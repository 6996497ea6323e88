"""Fitting: a staged model is one linear model, its odds are true to what it never saw, groups never leak."""

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
