"""A real `chaoxin serve` on free ports with a state folder of its own, for tests to talk to from outside."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.settings import ROOT

WATCH_SECONDS, EMERGENCY_SECONDS = 15, 5
SPAN = 12  # consecutive ports: nine sample sites, the desk, Prefect
NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_span() -> int:
    """The first of SPAN consecutive free loopback ports above 20000."""
    for first in range(20100 + (os.getpid() % 500) * 40, 60000, 40):
        if all(is_free(first + offset) for offset in range(SPAN)):
            return first
    raise AssertionError("no free ports")


def is_free(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) != 0


def until(question: Callable[[], Any], *, seconds: float, every: float = 0.25) -> tuple[Any, float]:
    """The first true answer and how many seconds it took; fails with the last one when the time is over."""
    began = time.monotonic()
    while True:
        answer = question()
        took = time.monotonic() - began
        if answer:
            return answer, took
        assert took < seconds, f"still {answer!r} after {seconds} s"
        time.sleep(every)


@dataclass
class Served:
    """One running `chaoxin serve`."""

    state: Path
    port: int
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, state: Path) -> Served:
        port = free_span()
        with (state / "screen.log").open("wb") as screen:
            process = subprocess.Popen(
                [sys.executable, "-m", "flows.cli", "serve"],
                cwd=ROOT,
                env=environment(state, port),
                stdout=screen,
                stderr=screen,
                start_new_session=True,
            )
        return cls(state, port, process)

    @property
    def screen(self) -> str:
        return (self.state / "screen.log").read_text("utf-8")

    @property
    def desk_port(self) -> int:
        return self.port + 10

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the served database, read beside it."""
        with sqlite3.connect(self.state / "chaoxin.sqlite3", timeout=10) as connection:
            return connection.execute(query, values).fetchall()

    def ask_prefect(self, path: str, body: dict[str, Any]) -> Any:
        """A POST to Prefect's API."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port + 11}/api{path}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with NO_PROXY.open(request, timeout=60) as answer:  # a busy machine answers late; `until` holds the time
            return json.load(answer)

    def schedules(self) -> dict[str, list[dict[str, Any]]]:
        """The whole schedule objects of every deployment, but for the time of their last change."""
        rows = self.ask_prefect("/deployments/filter", {})
        return {
            row["name"]: [{k: v for k, v in each.items() if k != "updated"} for each in row["schedules"]]
            for row in rows
        }

    def intervals(self) -> dict[str, tuple[float, bool]]:
        """Seconds and whether it is on, of the two moved deployments."""
        return {
            name: (each["schedule"]["interval"], each["active"])
            for name, (each,) in self.schedules().items()
            if name not in ("nightly", "poll")
        }

    def run(self, code: str) -> str:
        """Python carried out in the served installation, as the desk would: Django, no flows."""
        done = subprocess.run(
            [sys.executable, "-c", f"from store.boot import boot\nboot()\n{code}"],
            cwd=ROOT,
            env=environment(self.state, self.port),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`chaoxin …` in the served installation."""
        return subprocess.run(
            [sys.executable, "-m", "flows.cli", *arguments],
            cwd=ROOT,
            env=environment(self.state, self.port),
            capture_output=True,
            text=True,
            check=False,
        )

    def publish(self, name: str, message: str) -> None:
        """Put a message on the sample institution's site, whole at once."""
        folder = self.state / "sample-site" / "bulletins"
        folder.mkdir(parents=True, exist_ok=True)
        (self.state / name).write_text(message, encoding="utf-8")
        (self.state / name).rename(folder / name)

    def children(self) -> dict[str, int]:
        """Process ids of the supervisor's children by a word of their command line."""
        found: dict[str, int] = {}
        pids = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in pids:
            line = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
            for word in ("waitress", "prefect server", "runs_process", "sample-site"):
                if word in line:
                    found[word] = int(pid)
        return found


def environment(state: Path, port: int) -> dict[str, str]:
    """The settings of a served installation; nothing of the tests' own Prefect or database gets in."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CHAOXIN_", "PREFECT_"))}
    return kept | {
        "CHAOXIN_STATE": str(state),
        "CHAOXIN_SAMPLE": "1",
        "CHAOXIN_SAMPLE_PORT": str(port),
        "CHAOXIN_DESK_PORT": str(port + 10),
        "CHAOXIN_PREFECT_PORT": str(port + 11),
        "CHAOXIN_WATCH_SECONDS": str(WATCH_SECONDS),
        "CHAOXIN_POLL_SECONDS": "0",
        "CHAOXIN_EMERGENCY_SECONDS": str(EMERGENCY_SECONDS),
        "CHAOXIN_NIGHTLY_CRON": "0 0 29 2 *",
    }
