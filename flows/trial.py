"""Hear sources once to see whether they can be heard: nothing is stored, no cursor moves."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from spiders.run import collect
from spiders.sources import Source
from spiders.usual import PARTLY
from store.settings import settings
from store.stages import Harvest, HarvestState

AT_ONCE = 4  # hosts tried side by side; sources of one host wait for each other
SHORT_SECONDS = 45.0  # of a trial somebody waits for at the desk or while a source is being added


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How one source answered."""

    source: Source
    state: HarvestState
    message: str
    entries: int
    newest: datetime | None  # newest publication time heard
    titles: tuple[str, ...]  # the first few things heard, for eyes
    requests: int
    bytes_received: int
    seconds: float

    @property
    def is_heard(self) -> bool:
        """Whether it can be heard: whole, or in part with something to show for it."""
        return self.state.is_good or (self.state in PARTLY | {HarvestState.TIMED_OUT} and self.entries > 0)

    def as_row(self) -> Mapping[str, object]:
        """The trial as a JSON row."""
        return {
            "source": self.source.slug,
            "heard": self.is_heard,
            "state": self.state.value,
            "entries": self.entries,
            "newest": self.newest.isoformat() if self.newest else None,
            "requests": self.requests,
            "bytes": self.bytes_received,
            "seconds": round(self.seconds, 1),
            "message": self.message,
        }


def try_all(sources: Sequence[Source], *, now: datetime) -> list[Trial]:
    """Each source heard once, in the order given."""
    by_host: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        by_host[source.host].append(source)
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        groups = pool.map(lambda group: [try_source(source, now=now) for source in group], by_host.values())
        found = {trial.source.slug: trial for group in groups for trial in group}
    return [found[source.slug] for source in sources]


def try_short(source: Source, *, now: datetime) -> Trial:
    """The first page only and within `SHORT_SECONDS`, for a person who waits."""
    return try_source(replace(source, pages=min(source.pages, 1)), now=now, seconds=SHORT_SECONDS)


def try_source(source: Source, *, now: datetime, seconds: float | None = None) -> Trial:
    """One source heard from the beginning, as if it had never been heard."""
    spool = Path(tempfile.mkdtemp(prefix="trial-", dir=settings().path("spool", "trial").parent))
    try:
        return _trial(source, collect(source, cursor={}, now=now, spool=spool, seconds=seconds))
    finally:
        shutil.rmtree(spool, ignore_errors=True)


def _trial(source: Source, harvest: Harvest) -> Trial:
    return Trial(
        source=source,
        state=harvest.state,
        message=harvest.message,
        entries=len(harvest.entries),
        newest=max((e.published_at for e in harvest.entries if e.published_at), default=None),
        titles=tuple((e.title or e.text)[:60].replace("\n", " ") for e in harvest.entries[:5]),
        requests=harvest.requests,
        bytes_received=harvest.bytes_received,
        seconds=(harvest.finished_at - harvest.started_at).total_seconds(),
    )
