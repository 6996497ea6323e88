"""`chaoxin evaluate` prints every figure, says what it leaves out, and closes the gate on a fall."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.commands import evaluate as command
from nlp.quality.figures import Figure
from nlp.quality.tasks import Outcome
from store.errors import Regression

FIGURE = Figure(task="claim risk", metric="macro-F1", score=0.9, low=0.88, high=0.92, rows=100, split="by group")
KEYS = {"task", "metric", "score", "low", "high", "floor", "reach", "rows", "split"}


@pytest.fixture
def floors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "floors.json"
    path.write_text('{"figures": []}')
    monkeypatch.setattr(command, "FLOORS", path)
    return path


@pytest.fixture(autouse=True)
def _measured(monkeypatch: pytest.MonkeyPatch) -> None:
    def outcomes(names: Sequence[str], folder: Path, *, processes: int) -> list[Outcome]:
        return [Outcome("own_corpus", (FIGURE,)), Outcome("sample_day", (), "no document of the sample day")]

    monkeypatch.setattr(command, "outcomes_of", outcomes)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command.evaluate, arguments)


def test_json_is_a_list_with_exactly_the_agreed_keys_and_skips_go_to_the_other_stream() -> None:
    done = run("--json")
    (figure,) = json.loads(done.stdout)
    assert set(figure) == KEYS
    assert done.stderr == "skipped sample_day: no document of the sample day\n"


def test_the_table_shows_interval_and_split() -> None:
    done = run()
    assert "0.900 [0.880, 0.920]" in done.stdout
    assert "by group" in done.stdout


def test_the_gate_closes_on_a_figure_nobody_wrote_down_and_opens_once_agreed(floors: Path) -> None:
    closed = run("--gate")
    assert isinstance(closed.exception, Regression)
    assert "claim risk, macro-F1: has no floor yet" in str(closed.exception)
    assert "no figure fell" in run("--agree", "--gate").stderr
    assert json.loads(floors.read_text())["figures"][0]["floor"] == 0.88


def test_the_gate_names_what_fell(floors: Path) -> None:
    run("--agree")
    floors.write_text(floors.read_text().replace("0.88", "0.95"))
    closed = run("--gate")
    assert "claim risk, macro-F1: fell to 0.9000, the floor is 0.9500" in str(closed.exception)


def test_a_sample_day_s_figures_carry_their_own_floors(tmp_path: Path) -> None:
    good = Figure(
        task="sample day: hard negatives let in (at most)", metric="share", score=0.01, floor=0.05, rows=9, split=""
    )
    bad = Figure(task="sample day: relevance", metric="F1", score=0.5, floor=0.95, rows=9, split="")
    found = command.verdict([Outcome("sample_day", (good, bad))], [], tmp_path)
    assert [line.split(",")[0] for line in found.fallen] == ["sample day: relevance"]


def test_an_unknown_task_is_refused_with_the_names_there_are() -> None:
    done = run("--only", "weather")
    assert done.exit_code == 2
    assert "own_corpus" in done.stderr
