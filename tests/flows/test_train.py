"""`chaoxin train`: better models are taken whole, worse ones refused, tampered ones never loaded."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from flows import annotate as annotating
from flows import desk_models
from flows import train as training
from flows.commands import train as command
from flows.desk_models import models_in_use, restore, ship
from flows.train import Order, retrain
from nlp.annotate import Annotator
from nlp.models import MODELS, version
from nlp.quality import card as cards
from nlp.quality.card import Card
from nlp.quality.figures import Figure
from nlp.quality.own_corpus import Judged, gold
from nlp.quality.regressions import Change, on_figures, on_gold
from nlp.quality.tasks import TASKS, Task
from nlp.train import CORPUS
from store.errors import BadInput, ModelRefused, Regression, ServiceDown
from store.models import AuditRow
from store.settings import settings

TODAY = date(2026, 1, 23)
SECRET = "汉沽某某码头昨夜倒土无人管理"  # a text of the desk that must not be found in any file
DESK = [
    {
        "text": f"{SECRET}第{n}次",
        "group": f"desk-{n}",
        "relevant": True,
        "categories": ["海域使用"],
        "stance": "against",
    }
    for n in range(6)
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every third scene of the corpus."""
    folder = tmp_path_factory.mktemp("corpus")
    for name in ("marine", "other"):
        rows = [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text("utf-8").splitlines()]
        groups = sorted({row["group"] for row in rows})[::3]
        kept = [json.dumps(row, ensure_ascii=False) for row in rows if row["group"] in groups]
        (folder / f"{name}.jsonl").write_text("\n".join(kept), "utf-8")
    return folder


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(settings().__dict__, "state", tmp_path / "state")
    monkeypatch.setitem(settings().__dict__, "evaluation_data", tmp_path / "nowhere")
    for name in [name for name in TASKS if name != "own_corpus"]:
        monkeypatch.delitem(TASKS, name)
    yield
    annotating._loaded.cache_clear()


@pytest.fixture(scope="module")
def made(small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Card]:
    """What one real run put in use: its folder, kept apart, and its card."""
    state = tmp_path_factory.mktemp("first")
    patch = pytest.MonkeyPatch()
    patch.setitem(settings().__dict__, "state", state)
    for name in [name for name in TASKS if name != "own_corpus"]:
        patch.delitem(TASKS, name)
    _, card = retrain(Order(desk=DESK, evaluation=state / "nowhere", today=TODAY, corpus=small), say=lambda _: None)
    folder = models_in_use()
    patch.undo()
    return folder, card


@pytest.fixture
def in_use(made: tuple[Path, Card], tmp_path: Path) -> Path:
    """The same models in use in this test's own state folder."""
    copy = tmp_path / "copy"
    shutil.copytree(made[0], copy)
    ship(copy)
    return models_in_use()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Training that takes no time: it copies the shipped models; `fell` says how the comparison ends."""

    def fake(corpus: Path, evaluation: Path, out: Path, *, say: object, lesson: object) -> None:
        shutil.copytree(MODELS, out, dirs_exist_ok=True)

    def set_up(fell: bool) -> None:
        change = Change(task="frozen gold: stance", metric="macro-F1", before=0.74, after=0.61, fell=fell)
        monkeypatch.setattr(training, "train", fake)
        monkeypatch.setattr(training, "judge", lambda folder, texts: {})
        monkeypatch.setattr(training, "on_gold", lambda old, new: [change])

    return set_up


def order(small: Path, **values: object) -> Order:
    return Order(**{"desk": DESK, "evaluation": small / "nowhere", "today": TODAY, "corpus": small} | values)  # type: ignore[arg-type]


class TestTaken:
    def test_models_are_in_use_with_their_card(self, made: tuple[Path, Card]) -> None:
        folder, card = made
        assert version(folder) == folder.name
        assert (card.desk_documents, card.desk_labels, card.made_on) == (6, 18, "2026-01-23")
        assert card.taken_over == ("relevance", "emotion", "rumour", "department")
        assert {change.task for change in card.changes} == {
            f"frozen gold: {name}" for name in ("category", "voice", "stance", "claim")
        }
        assert cards.read(folder) == card
        assert "2026-01-23" in (folder / "README.md").read_text("utf-8")

    def test_no_file_holds_a_text_of_the_desk(self, made: tuple[Path, Card]) -> None:
        for path in made[0].iterdir():
            content = path.read_bytes()
            assert SECRET.encode() not in content
            assert SECRET[:6].encode() not in content
            assert json.dumps(SECRET[:6])[1:-1].encode() not in content

    def test_the_annotator_loads_them(self, in_use: Path) -> None:
        assert annotating.annotator().version.startswith(in_use.name)
        assert annotating.annotator() is annotating.annotator()

    def test_without_models_of_its_own_the_desk_uses_the_shipped_ones(self) -> None:
        assert models_in_use() == MODELS
        with pytest.raises(BadInput, match="no models of its own"):
            restore()

    def test_the_models_before_come_back(self, in_use: Path) -> None:
        assert restore() == ""
        assert models_in_use() == MODELS
        assert restore() == in_use.name
        assert models_in_use() == in_use

    def test_the_second_run_is_held_against_the_first_itself(
        self, in_use: Path, small: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said: list[str] = []
        again, _ = retrain(order(small), say=said.append)
        assert again == in_use.name  # the same data give the same models
        assert "the models in use know the gold: relevance trained" in " ".join(said)
        assert not list(desk_models.home().glob(".new-*"))


class TestRefused:
    def test_a_regression_leaves_everything_as_it_was(
        self, in_use: Path, small: Path, quick: Callable[[bool], None]
    ) -> None:
        quick(True)
        with pytest.raises(Regression, match=r"stance, macro-F1: fell from 0.7400 to 0.6100(.|\n)*--allow-regression"):
            retrain(order(small), say=lambda _: None)
        assert models_in_use() == in_use
        assert {path.name for path in desk_models.home().iterdir()} == {in_use.name, "current.json", ".lock"}

    def test_a_regression_allowed_is_told_in_the_card(self, small: Path, quick: Callable[[bool], None]) -> None:
        quick(True)
        _, card = retrain(order(small, allow="新的涉海口径"), say=lambda _: None)
        assert card.allowed == "新的涉海口径"
        text = (models_in_use() / "README.md").read_text("utf-8")
        assert "let through on purpose: 新的涉海口径" in text
        assert "fell from 0.7400 to 0.6100" in text

    def test_a_reason_without_a_regression_is_not_told(self, small: Path, quick: Callable[[bool], None]) -> None:
        quick(False)
        assert retrain(order(small, allow="以防万一"), say=lambda _: None)[1].allowed == ""

    def test_a_power_cut_before_the_last_step_leaves_the_old_models_in_use(
        self, in_use: Path, small: Path, quick: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        quick(False)
        (desk_models.home() / ".new-left").mkdir()

        def cut(current: str, previous: str) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as night:
            night.setattr(desk_models, "_point", cut)
            with pytest.raises(KeyboardInterrupt):
                retrain(order(small), say=lambda _: None)
        assert models_in_use() == in_use
        retrain(order(small), say=lambda _: None)
        kept = {path.name for path in desk_models.home().iterdir() if path.is_dir()}
        assert kept == {in_use.name, models_in_use().name}

    def test_two_trainings_do_not_run_at_once(self, small: Path, quick: Callable[[bool], None]) -> None:
        quick(False)
        with desk_models.alone(), pytest.raises(ServiceDown, match="another training is running"):
            retrain(order(small), say=lambda _: None)

    def test_a_changed_model_is_refused_with_what_to_do(self, in_use: Path) -> None:
        path = in_use / "stance.skops"
        path.write_bytes(path.read_bytes() + b"x")
        with pytest.raises(ModelRefused, match=r"stance.skops(.|\n)*chaoxin train --restore"):
            annotating.annotator()

    def test_a_foreign_folder_is_refused_though_its_manifest_fits(self, in_use: Path) -> None:
        for path in MODELS.iterdir():
            shutil.copy(path, in_use / path.name)
        Annotator.load(folder=in_use)  # whole in itself, but not what was accepted
        with pytest.raises(ModelRefused, match="changed or foreign"):
            models_in_use()

    def test_a_folder_that_is_gone_is_not_replaced_in_silence(self, in_use: Path) -> None:
        shutil.rmtree(in_use)
        with pytest.raises(ModelRefused, match="missing"):
            models_in_use()

    @pytest.mark.parametrize("content", ['{"current": "../../etc", "previous": ""}', "no json", "[]", '{"current": 1}'])
    def test_a_pointer_elsewhere_is_refused(self, content: str) -> None:
        (desk_models.home() / "current.json").write_text(content)
        with pytest.raises(ModelRefused, match="remove it"):
            models_in_use()

    def test_training_anew_mends_models_that_are_refused(
        self, in_use: Path, small: Path, quick: Callable[[bool], None]
    ) -> None:
        quick(False)
        (in_use / "manifest.json").write_text("{}")
        said: list[str] = []
        retrain(order(small), say=said.append)
        assert any("not compared with the models in use" in line for line in said)
        assert models_in_use() != in_use

    def test_training_anew_mends_a_pointer_that_is_refused(self, small: Path, quick: Callable[[bool], None]) -> None:
        quick(False)
        (desk_models.home() / "current.json").write_text("no json")
        retrain(order(small), say=lambda _: None)
        assert models_in_use() != MODELS
        assert restore() == ""

    def test_a_desk_text_that_is_also_gold_is_not_learned_from(
        self, small: Path, quick: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        quick(False)
        text = gold(small).rows[0]["text"]
        _, card = retrain(
            order(small, desk=[*DESK, {"text": text, "group": "d", "relevant": True}]), say=lambda _: None
        )
        assert card.desk_documents == len(DESK)


class TestFigures:
    def test_a_fall_of_a_public_figure_is_refused_the_next_time(
        self, small: Path, quick: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        quick(False)
        monkeypatch.setitem(TASKS, "far", Task("tests.flows.far_figures", ()))
        retrain(order(small, processes=1), say=lambda _: None)
        monkeypatch.setattr("tests.flows.far_figures.SCORE", 0.5)
        with pytest.raises(Regression, match=r"far away, F1: fell from 0.9000 to 0.5000"):
            retrain(order(small, processes=1), say=lambda _: None)


def judged(guess: list[int], groups: int = 20) -> Judged:
    truth = np.ones(len(guess), dtype=np.int64)
    names = [f"g{n % groups}" for n in range(len(guess))]
    return Judged("accuracy", truth, np.array(guess), names, lambda t, g: float((t == g).mean()))


def test_a_fall_on_the_gold_is_told_from_noise() -> None:
    good, one_less, bad = judged([1] * 40), judged([1] * 39 + [0]), judged([1] * 20 + [0] * 20)
    assert [change.fell for change in on_gold({"a": good}, {"a": one_less, "new": good})] == [False]
    assert [change.fell for change in on_gold({"a": good}, {"a": bad})] == [True]
    assert [change.fell for change in on_gold({"a": bad}, {"a": good})] == [False]


@pytest.mark.parametrize(
    ("metric", "low", "high", "after", "fell"),
    [
        ("F1", 0.7, 0.9, 0.71, False),
        ("F1", 0.7, 0.9, 0.69, True),
        ("F1", None, None, 0.795, False),
        ("F1", None, None, 0.78, True),
        ("expected calibration error", None, None, 0.9, True),
        ("expected calibration error", None, None, 0.2, False),
    ],
)
def test_a_figure_falls_when_it_leaves_its_interval(
    metric: str, low: float | None, high: float | None, after: float, fell: bool
) -> None:
    old = Figure(task="t", metric=metric, score=0.8, low=low, high=high, rows=9, split="")
    new = Figure(task="t", metric=metric, score=after, rows=9, split="")
    (change,) = on_figures([old], [new])
    assert change.fell is fell
    assert on_figures([], [new]) == []


@pytest.mark.django_db
def test_the_command_records_the_act_and_asks_for_a_reason(quick: Callable[[bool], None]) -> None:
    quick(False)
    done = CliRunner().invoke(command.train, [])
    assert "are in use; 0 labels of 0 documents" in done.stdout
    row = AuditRow.objects.get()
    assert (row.verb, row.object_type, row.object_id) == ("train", "models", models_in_use().name)
    assert "the models of data/models are in use again" in CliRunner().invoke(command.train, ["--restore"]).stdout
    assert AuditRow.objects.order_by("-number")[0].verb == "restore_models"
    assert isinstance(CliRunner().invoke(command.train, ["--allow-regression", " "]).exception, BadInput)


@pytest.mark.django_db
def test_the_command_ends_with_the_regression(quick: Callable[[bool], None]) -> None:
    quick(True)
    assert isinstance(CliRunner().invoke(command.train, []).exception, Regression)
    assert not AuditRow.objects.exists()
