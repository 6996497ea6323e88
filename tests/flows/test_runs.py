"""The served sample day is read once at the first start, so that the desk's first screen shows something."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from uuid import UUID

import pytest

from store.stages import SourceKind
from tests.flows.test_ingest import entry, keep

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def runs() -> Iterator[ModuleType]:
    """flows.runs with Prefect's environment prepared, as `serve` imports it."""
    from flows.prefect_home import environment

    patch = pytest.MonkeyPatch()
    for name, value in environment(server=None).items():
        patch.setenv(name, value)
    from flows import runs as module

    yield module
    patch.undo()


def in_sample_mode(monkeypatch: pytest.MonkeyPatch, runs: ModuleType, *, sample: bool) -> None:
    monkeypatch.setattr(runs, "settings", lambda: type("House", (), {"sample": sample}))


def test_an_unread_sample_day_wants_its_night_at_once(monkeypatch: pytest.MonkeyPatch, runs: ModuleType) -> None:
    in_sample_mode(monkeypatch, runs, sample=True)
    assert runs.wants_first_night()
    keep(entry(1, "海洋预报", kind=SourceKind.BULLETIN))  # the watch was quicker: its pages are no night
    assert runs.wants_first_night()
    keep(entry(2))
    assert not runs.wants_first_night()


def test_a_live_desk_waits_for_two_oclock(monkeypatch: pytest.MonkeyPatch, runs: ModuleType) -> None:
    in_sample_mode(monkeypatch, runs, sample=False)
    assert not runs.wants_first_night()


class Busy:
    """A thread that runs."""

    def is_alive(self) -> bool:
        return True


def test_a_poll_leaves_the_sources_to_a_nightly_under_way_and_stops_nothing_itself(runs: ModuleType) -> None:
    names = {UUID(int=number): name for number, name in enumerate(("nightly", "poll", "watch"))}
    under_way = runs.Runs(client=None, flows=names)
    under_way.threads = {UUID(int=0): Busy()}
    assert [under_way._is_busy(name) for name in ("nightly", "poll", "watch")] == [True, True, False]
    under_way.threads = {UUID(int=1): Busy()}
    assert [under_way._is_busy(name) for name in ("nightly", "poll", "watch")] == [False, True, False]


def test_a_poll_with_nobody_due_starts_no_process(monkeypatch: pytest.MonkeyPatch, runs: ModuleType) -> None:
    left: list[object] = []

    def leave(run: object) -> str:
        left.append(run)
        return "Completed"

    monkeypatch.setattr(runs, "poll_jobs", lambda *, now: [])
    monkeypatch.setattr(runs, "leave", leave)
    monkeypatch.setattr(runs.subprocess, "run", lambda *_, **__: pytest.fail("a process was started"))
    runs.carry_out("poll", "the run")
    assert left == ["the run"]
