"""What the kinds that speak no http share: one run in the child's own thread, the same gate, spool, cursor and closing record."""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod

from spiders.cursor import Cursor
from spiders.heard import Heard
from spiders.job import Job
from spiders.outcome import Tally, conclude
from spiders.privacy import Gate
from spiders.spool import Closing, Writer
from store.stages import HarvestState

logger = logging.getLogger("chaoxin.spiders")


class Stopped(Exception):
    """The run ends early with a named state; what was heard is kept."""

    def __init__(self, state: HarvestState, detail: str) -> None:
        super().__init__(detail)
        self.state, self.detail = state, detail


class PlainReader(ABC):
    """Reads one source once; kinds override `read`, which calls `hear` and raises Stopped."""

    def __init__(self, job: Job) -> None:
        self.job, self.source, self.now = job, job.source, job.now
        self.cursor = Cursor.from_json(job.cursor)
        self.tally = Tally()
        self.out = Writer(job.spool)
        self.gate = Gate(job.secret.read_text(encoding="ascii").strip().encode(), job.limits.author_key_days)
        self.received = 0  # bytes
        self.ends_at = time.monotonic() + job.limits.run_seconds

    @abstractmethod
    def read(self) -> None:
        """Hear what is new, moving the cursor with it. Raises Stopped for what a source does wrong."""

    def run(self) -> None:
        """Read, then write the closing record, the last thing a run does.

        An error nobody expected leaves no closing record: the run is then failed, its cursor the old one.
        """
        try:
            self.read()
        except Stopped as stopped:
            self.trouble(stopped.state, stopped.detail, front=not self.tally.fronts_read)
        state, message = conclude(self.tally, self.source)
        self.out.close(
            Closing(
                state=state,
                message=message,
                cursor=self.cursor.as_json(),
                requests=0,
                bytes_received=self.received,
                skipped=self.tally.skipped,
            )
        )

    def hear(self, heard: Heard) -> None:
        """Hand one thing through the privacy gate to the spool."""
        self.out.add(self.gate.entry(heard, self.source, now=self.now))
        self.tally.entries += 1

    def leave_out(self, reasons: tuple[str, ...]) -> None:
        """Note odd records that are skipped; each reason says where the record stands and holds none of its words."""
        self.tally.skipped += len(reasons)
        self.tally.reasons.extend(reasons)
        for reason in reasons:
            logger.warning("source=%s skipped: %s", self.source.slug, reason)

    def trouble(self, state: HarvestState, detail: str, *, front: bool) -> None:
        """Note what could not be read."""
        logger.warning("source=%s state=%s %s", self.source.slug, state.value, detail)
        self.tally.trouble(state, detail, front=front)

    def check_time(self) -> None:
        """Raises Stopped when the run's time is up; call between two things."""
        if time.monotonic() > self.ends_at:
            raise Stopped(HarvestState.TIMED_OUT, "超过本来源的最长运行时间")
