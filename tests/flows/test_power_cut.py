"""Killed (-9) in the middle of any stage and run again, a night ends with the counts of an undisturbed night."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.samplesite.server import SampleSites
from store.clock import SAMPLE_NIGHT
from tests.flows.night_child import STAGES

pytestmark = pytest.mark.slow

TABLES = ("document", "documentversion", "annotation", "topic", "topicmember", "claim", "case", "draft", "bulletin")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Sample sites on free ports; the host's delay is the source files' own, 0."""
    first = free_ports(9)
    with SampleSites(first, now=lambda: SAMPLE_NIGHT):
        yield first


def free_ports(count: int) -> int:
    """The first of `count` neighbouring free ports."""
    for first in range(21000, 60000, 50):
        probes = [socket.socket() for _ in range(count)]
        try:
            for offset, probe in enumerate(probes):
                probe.bind(("127.0.0.1", first + offset))
        except OSError:
            continue
        else:
            return first
        finally:
            for probe in probes:
                probe.close()
    raise RuntimeError("no free ports")


class House:
    """A state folder of its own in which nights are run and killed."""

    def __init__(self, folder: Path, port: int, writes: Path) -> None:
        self.folder = folder
        self.environment = {
            **{k: v for k, v in os.environ.items() if k != "CHAOXIN_DATABASE_URL"},
            "CHAOXIN_STATE": str(folder),
            "CHAOXIN_SAMPLE": "1",
            "CHAOXIN_SAMPLE_PORT": str(port),
            "CHAOXIN_TEST_WRITES": str(writes),
        }

    def night(self, stage: str = "", share: float = 0.5) -> int:
        """Run a night, killed in `stage` unless that is ""; returns the exit status."""
        command = [sys.executable, "-m", "tests.flows.night_child", stage, str(share)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr[-3000:]
        return done.returncode

    def counts(self) -> dict[str, int]:
        """Rows of every table that a night fills."""
        import sqlite3

        with sqlite3.connect(self.folder / "chaoxin.sqlite3") as base:
            return {t: base.execute(f"SELECT COUNT(*) FROM store_{t}").fetchone()[0] for t in TABLES}  # noqa: S608


@pytest.fixture(scope="module")
def undisturbed(port: int, tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = tmp_path_factory.mktemp("undisturbed")
    house = House(folder / "var", port, folder / "writes.json")
    assert house.night() == 0
    return house


def test_a_second_run_of_the_same_night_adds_nothing(undisturbed: House) -> None:
    before = undisturbed.counts()
    assert all(before.values()), before
    assert undisturbed.night() == 0
    assert undisturbed.counts() == before


@pytest.mark.parametrize("stage", STAGES)
def test_a_night_killed_in_the_middle_of_a_stage_ends_as_an_undisturbed_one(
    stage: str, undisturbed: House, port: int, tmp_path: Path
) -> None:
    house = House(tmp_path / "var", port, undisturbed.folder.parent / "writes.json")
    assert house.night(stage) == -signal.SIGKILL
    assert house.night() == 0
    assert house.counts() == undisturbed.counts()
