"""The gate of quality: a fall is named, changed data is no fall, and no figure goes without a floor."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from nlp.quality import tasks
from nlp.quality.figures import Figure
from nlp.quality.floors import Floor, agree, hold, read_floors
from nlp.quality.tasks import TASKS, Task, digest, measure, measure_all, path_of
from store.errors import BadInput
from store.settings import ROOT, settings

FIGURE = Figure(task="claim risk", metric="macro-F1", score=0.9, low=0.88, high=0.92, rows=100, split="by group")
FLOOR = Floor(by="own_corpus", task="claim risk", metric="macro-F1", floor=0.887, rows=100, data={"a.gz": "1"})
FLOORS = ROOT / "tests" / "quality" / "floors.json"


def same(_: str) -> str:
    return "1"


def test_a_figure_on_its_floor_holds() -> None:
    assert hold([FIGURE], [FLOOR], same).fallen == ()


def test_a_fall_is_named_from_what_to_what() -> None:
    (line,) = hold([replace(FIGURE, score=0.8)], [FLOOR], same).fallen
    assert "claim risk" in line and "0.8000" in line and "0.8870" in line


def test_a_ceiling_is_held_from_above() -> None:
    ceiling = replace(FLOOR, floor=None, ceiling=0.05)
    assert "rose to 0.0600" in hold([replace(FIGURE, score=0.06)], [ceiling], same).fallen[0]
    assert hold([replace(FIGURE, score=0.04)], [ceiling], same).fallen == ()


def test_changed_data_is_reported_as_such_and_not_as_a_fall() -> None:
    fallen = replace(FIGURE, score=0.1)
    verdict = hold([fallen], [FLOOR], lambda _: "2")
    assert verdict.fallen == ()
    assert "the data changed (a.gz)" in verdict.changed[0]
    assert "90 rows are judged, 100 were" in hold([replace(fallen, rows=90)], [FLOOR], same).changed[0]


def test_a_figure_without_a_floor_and_a_floor_without_its_figure_close_the_gate() -> None:
    assert "no floor yet" in hold([FIGURE], [], same).fallen[0]
    assert "no longer measured" in hold([], [FLOOR], same, measured={"own_corpus"}).fallen[0]
    assert hold([], [FLOOR], same, measured={"another"}).fallen == ()


def test_agreeing_writes_down_what_is_new_and_never_lowers_what_stands() -> None:
    named = [("own_corpus", replace(FIGURE, task="new")), ("own_corpus", replace(FIGURE, score=0.5, low=0.4))]
    standing = replace(FLOOR, data=dict.fromkeys(TASKS["own_corpus"].files, "1"))
    floors = {floor.task: floor for floor in agree(named, [standing], same)}
    assert floors["claim risk"] == standing
    assert (floors["new"].floor, floors["new"].rows) == (0.88, 100)


@pytest.mark.parametrize(("own", "high", "ceiling"), [(0.05, 0.04, 0.05), (None, 0.04, 0.04), (None, None, 0.03)])
def test_what_is_better_when_smaller_gets_a_ceiling(own: float | None, high: float | None, ceiling: float) -> None:
    error = replace(FIGURE, metric="expected calibration error", score=0.03, floor=own, low=0.02, high=high)
    (floor,) = agree([("own_corpus", error)], [], same)
    assert (floor.floor, floor.ceiling) == (None, ceiling)


def test_a_broken_file_of_floors_is_named(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    path.write_text('{"figures": [{"task": "x"}]}')
    with pytest.raises(BadInput, match=r"floors.json"):
        read_floors(path)


def test_every_file_of_this_folder_that_measures_is_in_the_table() -> None:
    folder = ROOT / "nlp" / "quality"
    measuring = {p.stem for p in folder.glob("*.py") if "\ndef figures(" in p.read_text(encoding="utf-8")}
    assert {task.module.removeprefix("nlp.quality.") for task in TASKS.values()} == measuring


def test_the_floors_know_every_task_and_the_data_it_was_agreed_on() -> None:
    floors = read_floors(FLOORS)
    assert {floor.by for floor in floors} == set(TASKS)
    for floor in floors:
        assert set(floor.data) == set(TASKS[floor.by].files), floor
        assert (floor.floor is None) != (floor.ceiling is None), floor
        for file, agreed in floor.data.items():
            if "/" in file:  # ours: it lies in the repository, so that a change must be agreed with it
                assert digest(file, ROOT) == agreed, f"{file} changed: chaoxin evaluate --agree"


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", TASKS)
def test_no_figure_is_under_its_floor_and_none_is_unknown(name: str) -> None:
    folder = settings().evaluation_data
    outcome = measure(name, folder)
    if outcome.skipped:
        pytest.skip(outcome.skipped)
    of_this = [floor for floor in read_floors(FLOORS) if floor.by == name]
    verdict = hold(outcome.figures, of_this, lambda file: digest(file, folder), measured={name})
    assert verdict.fallen == ()


def test_what_is_absent_is_skipped_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tasks.TASKS, "far", Task("nlp.quality.nowhere", ("far_set.jsonl.gz",)))
    outcomes = list(measure_all(["far", "far"], tmp_path, processes=1))
    assert [outcome.skipped for outcome in outcomes] == ["absent: far_set.jsonl.gz"] * 2


def test_a_module_that_gives_nothing_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tasks.TASKS, "own_corpus", replace(TASKS["own_corpus"], module="tests.nlp.no_figures"))
    assert "gave no figure" in measure("own_corpus", tmp_path).skipped


def test_a_set_that_only_the_module_reads_skips_it_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.nlp.no_figures.WANTED", "hidden_set")
    monkeypatch.setitem(tasks.TASKS, "own_corpus", replace(TASKS["own_corpus"], module="tests.nlp.no_figures"))
    assert "hidden_set.jsonl.gz is missing" in measure("own_corpus", tmp_path).skipped


def test_files_with_a_slash_are_ours(tmp_path: Path) -> None:
    assert path_of("data/corpus/marine.jsonl", tmp_path) == ROOT / "data" / "corpus" / "marine.jsonl"
    assert path_of("x.jsonl.gz", tmp_path) == tmp_path / "x.jsonl.gz"
    assert digest("x.jsonl.gz", tmp_path) is None


def test_the_file_of_floors_is_written_as_the_command_writes_it() -> None:
    text = FLOORS.read_text("utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"


def test_measuring_nothing_gives_nothing(tmp_path: Path) -> None:
    assert list(measure_all([], tmp_path, processes=2)) == []
