"""Killed (-9) in the middle of any stage and run again, a night ends with the counts of an undisturbed night."""

from __future__ import annotations

import json
import signal
import sqlite3
from pathlib import Path

import pytest

from tests.flows.houses import House
from tests.flows.night_child import STAGES

pytestmark = pytest.mark.slow


def test_a_second_run_of_the_same_night_adds_nothing(undisturbed: House) -> None:
    before = undisturbed.counts()
    assert all(before.values()), before
    assert undisturbed.night() == 0
    assert undisturbed.counts() == before


@pytest.mark.parametrize("stage", STAGES)
def test_a_night_killed_in_the_middle_of_a_stage_ends_as_an_undisturbed_one(
    stage: str, lean: House, tmp_path: Path
) -> None:
    house = lean.beside(tmp_path / "var")
    assert house.night(stage) == -signal.SIGKILL
    assert house.night() == 0
    assert house.counts() == lean.counts()


def rows(house: House, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(house.folder / "chaoxin.sqlite3") as base:
        return base.execute(query).fetchall()


@pytest.mark.parametrize("write", [2, 9])
def test_a_night_killed_while_judging_anew_goes_on_and_counts_each_document_once(
    write: int, lean: House, tmp_path: Path
) -> None:
    values, record = lean.environment, tmp_path / "writes.json"
    house = House(tmp_path / "var", int(values["CHAOXIN_SAMPLE_PORT"]), record, paused=values["CHAOXIN_TEST_PAUSED"])
    assert house.night() == 0
    said = "SELECT document_id, relevant, category, voice, claim_risk, model FROM store_annotation ORDER BY document_id"
    before, counts = rows(house, said), house.counts()
    rows(house, "UPDATE store_annotation SET model = 'older', relevant = 0")
    record.write_text(json.dumps({"rejudge_batch": write}))
    assert house.night("rejudge_batch", 1.0) == -signal.SIGKILL
    assert len(rows(house, "SELECT 1 FROM store_annotation WHERE model = 'older'")) > 0
    assert house.night() == 0
    assert (rows(house, said), house.counts()) == (before, counts)
    assert rows(house, "SELECT rejudged, waiting FROM store_nightwork") == [(len(before), 0)]
