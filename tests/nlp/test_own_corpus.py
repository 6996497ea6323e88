"""The frozen gold: fixed by the name of the scene, never in training, judged honestly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlp.quality.own_corpus import Judged, gold, judge
from nlp.train import CORPUS, train
from nlp.training.corpus import Corpus, rows
from nlp.training.lesson import Lesson, is_gold


def test_gold_and_the_rest_share_no_scene_and_the_gold_never_moves() -> None:
    found = [row for name in ("marine", "other") for row in rows(CORPUS / f"{name}.jsonl")]
    held, rest = {r["group"] for r in found if is_gold(r)}, {r["group"] for r in found if not is_gold(r)}
    assert not held & rest
    assert 0.15 < len(gold().rows) / len(found) < 0.25
    assert [is_gold({"group": name}) for name in ("a-wl-lingang-aug", "desk-T1", "x-1")] == [True, False, False]


def test_a_lesson_without_gold_leaves_it_out_and_takes_only_what_people_spoke_of() -> None:
    lesson = Lesson(
        gold=False,
        desk=[
            {"text": "一", "group": "desk-1", "relevant": True},
            {"text": "二", "group": "desk-2", "relevant": True, "categories": ["海域使用"]},
            {"text": "三", "group": "desk-3", "voice": "report"},
        ],
    )
    corpus = Corpus.of([{"text": "甲", "group": row["group"]} for row in gold().rows[:2]])
    assert lesson.own(corpus).rows == []
    taught = {
        name: [r["text"] for r in lesson.taught(name).rows] for name in ("relevance", "category", "voice", "rumour")
    }
    assert taught == {"relevance": ["一", "二"], "category": ["二"], "voice": ["三"], "rumour": []}


def test_the_desk_s_rows_change_the_model_and_models_not_asked_for_are_left_alone(tmp_path: Path) -> None:
    desk = [{"text": f"围填海用海审批公示第{n}号", "group": f"desk-{n}", "stance": "against"} for n in range(12)]
    for name, lesson in (
        ("without", Lesson(models=("stance",), gold=False)),
        ("with", Lesson(models=("stance",), gold=False, desk=desk)),
    ):
        train(CORPUS, tmp_path / "nowhere", tmp_path / name, say=lambda _: None, lesson=lesson)
    assert [path.name for path in (tmp_path / "with").glob("*.skops")] == ["stance.skops"]
    assert (tmp_path / "with" / "stance.skops").read_bytes() != (tmp_path / "without" / "stance.skops").read_bytes()
    (judged,) = judge(tmp_path / "without", gold()).values()
    assert 0.4 < judged.score() < 1


def test_a_score_over_chosen_rows_looks_at_those_alone() -> None:
    truth, guess = np.array([1, 1, 0]), np.array([1, 0, 0])
    judged = Judged("F1", truth, guess, ["a", "b", "c"], lambda t, g: float((t == g).mean()))
    assert judged.score(np.array([0, 2])) == 1
    assert judged.score() == pytest.approx(2 / 3)
