"""Keeps child processes running: started, watched, started again with growing pauses when they die, stopped together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from store.settings import ROOT

PAUSES_SECONDS = (1, 2, 5, 10, 30, 60)  # before the first, second … restart
STEADY_SECONDS = 60  # after so long a life the pauses begin anew
STOP_SECONDS = 8  # what a child has between SIGTERM and SIGKILL
DIE_WITH_PARENT = 1  # Linux: PR_SET_PDEATHSIG

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A process to keep running."""

    name: str  # Chinese, as shown
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)  # beside our own
    log: Path | None = None  # where it writes; None: onto our own screen


class Child:
    """One task's process through its lives."""

    def __init__(self, task: Task, say: Say) -> None:
        self.task, self.say = task, say
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths = 0
        self.started_at = 0.0
        self.again_at = 0.0

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only the supervisor, which stops all in order."""
        log = self.task.log.open("ab") if self.task.log else None
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                self.task.command,
                cwd=ROOT,
                env={**os.environ, **self.task.environment},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - started before any thread
            )
        finally:
            if log:
                log.close()
        self.started_at = time.monotonic()

    def look(self) -> None:
        """Notice a death and start again when its pause is over."""
        if self.process is None:
            if time.monotonic() >= self.again_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.process = None
        if time.monotonic() - self.started_at >= STEADY_SECONDS:
            self.deaths = 0
        pause = PAUSES_SECONDS[min(self.deaths, len(PAUSES_SECONDS) - 1)]
        self.deaths += 1
        self.again_at = time.monotonic() + pause
        where = f"，详见 {self.task.log}" if self.task.log else ""
        self.say(f"{self.task.name}意外退出（代码 {code}）{where}；{pause} 秒后重新启动。")

    def is_alive(self) -> bool:
        """Whether its process runs now."""
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        """SIGTERM."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def stop(self, *, until: float) -> None:
        """Wait for its end until this monotonic time, then kill it with all it started."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def stop_all(children: Sequence[Child]) -> None:
    """Stop the last started first; none outlives the limit."""
    for child in reversed(children):
        child.ask_to_stop()
    until = time.monotonic() + STOP_SECONDS
    for child in reversed(children):
        child.stop(until=until)


def _die_with_parent() -> None:
    """A supervisor killed outright must not leave servers on its ports (Linux only)."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
