"""The sample's clock stands at the sample night and ticks on; the live clock is the wall clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import clock as clock_module
from store.settings import Settings


@pytest.fixture
def sample_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    house = Settings(state=tmp_path, sample=True)
    monkeypatch.setattr(clock_module, "settings", lambda: house)
    return house


def test_the_first_use_of_a_state_folder_is_the_sample_night(sample_house: Settings) -> None:
    assert abs(clock_module.clock() - clock_module.SAMPLE_NIGHT) < timedelta(seconds=5)


def test_later_uses_tick_on_from_there(sample_house: Settings) -> None:
    start = datetime(2030, 5, 1, tzinfo=UTC)
    offset = clock_module.sample_offset(start)
    assert start + timedelta(hours=3) + clock_module.sample_offset(start + timedelta(hours=3)) == (
        start + offset + timedelta(hours=3)
    )


def test_live_mode_uses_the_wall_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_module, "settings", lambda: Settings(state=tmp_path, sample=False))
    assert abs(clock_module.clock() - datetime.now(UTC)) < timedelta(seconds=5)
