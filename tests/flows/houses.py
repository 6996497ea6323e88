"""Houses: state folders of their own in which whole nights are run, in processes that may be killed."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

TABLES = ("document", "documentversion", "annotation", "topic", "topicmember", "claim", "case", "draft", "bulletin")


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

    def __init__(self, folder: Path, port: int, writes: Path, *, paused: str = "") -> None:
        self.folder = folder
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in ("CHAOXIN_DATABASE_URL", "DJANGO_SETTINGS_MODULE")},
            "CHAOXIN_STATE": str(folder),
            "CHAOXIN_SAMPLE": "1",
            "CHAOXIN_SAMPLE_PORT": str(port),
            "CHAOXIN_TEST_WRITES": str(writes),
            "CHAOXIN_TEST_PAUSED": paused,
        }

    def night(self, stage: str = "", share: float = 0.5) -> int:
        """Run a night, killed in `stage` unless that is ""; returns the exit status."""
        command = [sys.executable, "-m", "tests.flows.night_child", stage, str(share)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr[-3000:]
        return done.returncode

    def beside(self, folder: Path) -> House:
        """Another house that crawls the same sites and knows the writes of this one's undisturbed night."""
        values = self.environment
        port, writes = int(values["CHAOXIN_SAMPLE_PORT"]), Path(values["CHAOXIN_TEST_WRITES"])
        return House(folder, port, writes, paused=values["CHAOXIN_TEST_PAUSED"])

    def chaoxin(self, *arguments: str) -> str:
        """What a command prints in this house."""
        command = [sys.executable, "-m", "flows.cli", *arguments]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=True, timeout=120
        ).stdout

    def counts(self) -> dict[str, int]:
        """Rows of every table that a night fills."""
        with sqlite3.connect(self.folder / "chaoxin.sqlite3") as base:
            return {t: base.execute(f"SELECT COUNT(*) FROM store_{t}").fetchone()[0] for t in TABLES}

    def states(self) -> dict[str, str]:
        """How each source's last run ended, by slug."""
        with sqlite3.connect(self.folder / "chaoxin.sqlite3") as base:
            return dict(base.execute("SELECT slug, state FROM store_sourcestate"))
