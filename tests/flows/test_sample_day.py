"""The sample day comes out as people labelled it: relevance, repeats, story lines, the states of its sources."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.flows.houses import House

pytestmark = pytest.mark.slow

FLOORS = json.loads((Path(__file__).parent.parent / "quality" / "floors.json").read_text(encoding="utf-8"))
ENDS = {
    "broken-cut-feed": "truncated",
    "broken-empty": "empty",
    "broken-forbidden": "blocked",
    "broken-login": "login_wall",
    "broken-stall": "timed_out",
}


@pytest.fixture(scope="module")
def figures(undisturbed: House) -> list[dict[str, Any]]:
    """What `chaoxin evaluate --json` prints of the sample day."""
    found: list[dict[str, Any]] = json.loads(undisturbed.chaoxin("evaluate", "--json", "--only", "sample_day"))
    return found


@pytest.mark.parametrize("name", ["documents that arrived", "relevance", "near-duplicates"])
def test_the_figure_is_not_under_its_floor(name: str, figures: list[dict[str, Any]]) -> None:
    (figure,) = [f for f in figures if f["task"] == f"sample day: {name}"]
    assert figure["score"] >= FLOORS["sample day"][name], figure


def test_few_hard_negatives_are_let_in(figures: list[dict[str, Any]]) -> None:
    name = "hard negatives let in (at most)"
    (figure,) = [f for f in figures if f["task"] == f"sample day: {name}"]
    assert figure["score"] <= FLOORS["ceilings"][name], figure


def test_every_story_line_is_one_topic_among_the_first_twelve(figures: list[dict[str, Any]]) -> None:
    lines = [f for f in figures if "story line" in f["task"]]
    assert len(lines) >= 16
    for figure in lines:
        assert figure["score"] >= FLOORS["sample day"][f"story line {figure['metric']}"], figure
        rank = int(figure["task"].split("rank ")[1].rstrip(")"))
        assert 1 <= rank <= FLOORS["ceilings"]["story line rank"], figure


@pytest.mark.parametrize(("slug", "state"), ENDS.items())
def test_a_broken_source_shows_its_own_state(slug: str, state: str, undisturbed: House) -> None:
    assert undisturbed.states()[slug] == state


def test_the_good_sources_are_heard(undisturbed: House) -> None:
    good = {slug: state for slug, state in undisturbed.states().items() if slug not in ENDS}
    assert len(good) == 6
    assert set(good.values()) <= {"ok", "nothing_new", "not_modified"}


def test_personal_marks_never_reach_the_store(undisturbed: House) -> None:
    with sqlite3.connect(undisturbed.folder / "chaoxin.sqlite3") as base:
        texts = "\n".join(row[0] for row in base.execute("SELECT title || ' ' || text FROM store_documentversion"))
    assert "1390000" not in texts
    assert "example.invalid" not in texts
    assert "[电话]" in texts


def test_truth_is_read_by_evaluation_only() -> None:
    root = Path(__file__).parent.parent.parent
    rooms = ("flows", "spiders", "nlp", "responders", "store", "dashboard")
    readers = {
        str(path.relative_to(root))
        for room in rooms
        for path in (root / room).rglob("*.py")
        if "truth.jsonl" in path.read_text(encoding="utf-8")
    }
    assert readers == {"flows/sample_truth.py"}
