"""The figures of claim risk and emotion: held out, with their intervals, skipped by name where a set is absent."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nlp.quality import claim_risk, domains, emotion
from nlp.quality.sets import SetAbsent
from nlp.training.emotion import EPIDEMIC, EVERYDAY
from nlp.training.rumour import DISASTERS, SET, checked_posts

MATTERS = ("毛蚶", "海水", "赤潮", "风暴潮", "码头", "渔船", "海堤", "海冰", "沙滩", "虾", "螃蟹", "海带")
FORMS = (
    ("快转发{}有毒！！", 1),
    ("听说{}出事了，大家小心！", 1),
    ("【{}】据记者了解，情况正常。", 0),
    ("今日{}平稳。", 0),
)


def write(folder: Path, name: str, rows: Sequence[dict[str, Any]]) -> None:
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress(lines.encode()))


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    write(
        tmp_path,
        SET,
        [
            {
                "text": form.format(matter),
                "label": label,
                "group": matter,
                "category": DISASTERS if n < 4 else "社会生活",
            }
            for n, matter in enumerate(MATTERS)
            for form, label in FORMS
        ],
    )
    feelings = {
        "happy": "太开心了，{}真美！[心]",
        "neutral": "{}今日检修。",
        "angry": "{}又坏了，气死人！",
        "sad": "{}没了，难过。",
        "fear": "{}太可怕了，不敢去。",
        "surprise": "天哪，{}居然这样？",
    }
    for name in (EVERYDAY, EPIDEMIC):
        rows = [{"text": form.format(m), "label": label} for m in MATTERS for label, form in feelings.items()]
        write(tmp_path, name, rows)
    return tmp_path


def test_claim_risk_is_measured_within_apart_and_by_its_odds(posts: Path) -> None:
    found = claim_risk.figures(posts)
    assert [figure.metric for figure in found] == ["macro-F1"] * 3 + [claim_risk.ECE] * 3
    within, untouched, apart = found[:3]
    assert (within.rows, apart.rows) == (48, 16)
    assert 0 < untouched.rows < 48
    assert within.score > 0.8
    assert all(f.low is not None and f.high is not None and f.low <= f.score + 1e-9 for f in found[:3])
    assert found == claim_risk.figures(posts)


def test_disasters_are_judged_by_a_model_that_saw_none(posts: Path) -> None:
    corpus = checked_posts(posts)
    judged = claim_risk.judge_apart(corpus)
    assert set(judged.groups) == set(MATTERS[:4])
    assert np.all((judged.probability > 0) & (judged.probability < 1))


def test_every_domain_is_judged_by_a_model_of_the_others(posts: Path) -> None:
    corpus = checked_posts(posts)
    unseen, apart = domains.judge_unseen(corpus), claim_risk.judge_apart(corpus)
    assert np.allclose(unseen.probability[:16], apart.probability, atol=1e-6)
    found = domains.figures(posts)
    assert [figure.rows for figure in found] == [48] * 4
    assert found[2].score > 0
    assert found == domains.figures(posts)


def test_the_worth_of_a_high_risk_is_counted_against_each_domain_s_own_share() -> None:
    truth = np.array([True, False] * 10 + [True, True, True, False] * 5)
    risk = np.where(truth, 0.95, 0.1).astype(np.float32)
    where = np.array(["half"] * 20 + ["most"] * 20)
    alone = domains.least_worth(truth[:20], risk[:20], where[:20])
    assert alone == pytest.approx(np.log(10.5 / 0.5))  # ten of ten high ones are false, half of all
    assert domains.least_worth(truth, risk, where) < alone  # where most are false anyway a high risk says less


def test_emotion_has_a_figure_for_each_set_and_for_the_half_nothing_was_chosen_on(posts: Path) -> None:
    virus, untouched, everyday = emotion.figures(posts)
    assert (virus.floor, virus.reach, untouched.floor, everyday.floor) == (0.77, 0.80, None, None)
    assert virus.rows == everyday.rows == 72
    assert 0 < untouched.rows < virus.rows
    assert virus.score > 0.6


@pytest.mark.parametrize(("module", "name"), [(claim_risk, SET), (domains, SET), (emotion, EVERYDAY)])
def test_an_absent_set_is_named(module: Any, name: str, tmp_path: Path) -> None:
    with pytest.raises(SetAbsent, match=name):
        module.figures(tmp_path)
