"""Killed (-9) in the middle of any stage and run again, a night ends with the counts of an undisturbed night."""

from __future__ import annotations

import signal
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
