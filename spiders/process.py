"""One spider process over a batch of prepared jobs: started, watched, killed when a source hangs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spiders.job import STARTED
from spiders.spool import CLOSING
from store.settings import ROOT

LOOK_SECONDS = 0.1


@dataclass(slots=True)
class Watched:
    """What the folders of a batch show from outside: which sources have started and which are done."""

    folders: Sequence[Path]
    progress_at: float = field(default_factory=time.monotonic)
    started_at: dict[Path, float] = field(default_factory=dict)
    done: set[Path] = field(default_factory=set)

    def look(self) -> None:
        """Note who has started and who has ended since the last look."""
        now = time.monotonic()
        for folder in self.folders:
            if folder in self.done:
                continue
            if (folder / CLOSING).exists():
                self.done.add(folder)
                self.progress_at = now
            elif folder not in self.started_at and (folder / STARTED).exists():
                self.started_at[folder] = self.progress_at = now

    def hangs(self, longest: float) -> bool:
        """Whether a source has run for longer than `longest` seconds, or none has started for as long."""
        running = [at for folder, at in self.started_at.items() if folder not in self.done]
        return time.monotonic() - min(running, default=self.progress_at) > longest


def run(home: Path, folders: Sequence[Path], *, side_by_side: int, longest: float) -> int | None:
    """Hear the jobs of `folders` in one process; its exit code, None when it had to be killed.

    `home` takes the batch file and the log; a source that runs for more than `longest` seconds costs the process its life.
    """
    jobs = [str((folder / "job.json").resolve()) for folder in folders]
    batch = (home / "batch.json").resolve()
    batch.write_text(json.dumps({"jobs": jobs, "side_by_side": side_by_side}), encoding="utf-8")
    with (home / "child.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "spiders.child", str(batch)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            start_new_session=True,
        )
        try:
            return _wait(process, Watched(folders), longest)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _wait(process: subprocess.Popen[bytes], watched: Watched, longest: float) -> int | None:
    while True:
        try:
            return process.wait(timeout=min(LOOK_SECONDS, longest))
        except subprocess.TimeoutExpired:
            watched.look()
            if watched.hangs(longest):
                return None
