"""Runs one night without Prefect's server and dies at a chosen place: `python -m tests.flows.night_child STAGE SHARE`.

STAGE "" runs undisturbed. Otherwise the process kills itself (SIGKILL) inside STAGE, after SHARE (0..1) of the writes that the stage made in
the undisturbed run whose counts are in the file CHAOXIN_TEST_WRITES; that file is written by an undisturbed run. Sources named in
CHAOXIN_TEST_PAUSED are paused, as on the desk.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STAGES = (
    "collect_batch",
    "ingest_harvest",
    "relay_bulletins",
    "dedupe_documents",
    "annotate_batch",
    "track_topics",
    "assess_claims",
    "prepare_answers",
)


@dataclass
class Done:
    """A future that is done."""

    value: Any

    def result(self) -> Any:
        return self.value


class Plain:
    """A task without Prefect: runs its function, counts the stage's writes and dies at the chosen one."""

    def __init__(self, name: str, act: Callable[..., Any], limits: dict[str, int], writes: Counter[str]) -> None:
        self.name, self.act, self.limits, self.writes = name, act, limits, writes

    def __call__(self, *args: Any, **options: Any) -> Any:
        from django.db import connection

        opened = [a.unquote() if hasattr(a, "unquote") else a for a in args]
        with connection.execute_wrapper(self._count):
            result = self.act(*opened, **options)
        if self.name == "collect_batch":
            self._step()
        return result

    def submit(self, *args: Any, **options: Any) -> Done:
        return Done(self(*args, **options))

    def _count(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            self._step()
        return result

    def _step(self) -> None:
        self.writes[self.name] += 1
        if self.writes[self.name] == self.limits.get(self.name):
            os.kill(os.getpid(), signal.SIGKILL)


def main(stage: str, share: float) -> None:
    from store.boot import migrate

    migrate()
    from flows import nightly, stages
    from store.models import SourceState

    for slug in os.environ.get("CHAOXIN_TEST_PAUSED", "").split():
        SourceState.objects.update_or_create(slug=slug, defaults={"is_paused": True})
    record = Path(os.environ["CHAOXIN_TEST_WRITES"])
    limits = {stage: max(1, round(share * json.loads(record.read_text())[stage]))} if stage else {}
    writes: Counter[str] = Counter()
    for name in (*STAGES, "ingest_quiet", "tidy_up"):
        setattr(stages, name, Plain(name, getattr(stages, name).fn, limits, writes))
    nightly.nightly.fn()
    if not record.exists():
        record.write_text(json.dumps(writes))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
