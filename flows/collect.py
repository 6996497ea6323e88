"""Collect: every source heard in its own process from where its cursor stands."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from responders.source_edits import in_force
from spiders.run import collect as run_spider
from spiders.sources import Source
from store.models import SourceState
from store.settings import settings
from store.sources import state_of
from store.stages import Harvest


@dataclass(frozen=True, slots=True)
class Job:
    """A source to hear and the cursor its last stored harvest left."""

    source: Source
    cursor: Mapping[str, object]


def sources_in_force() -> list[Source]:
    """The sources switched on, by their files or on the desk, and not paused there, by slug."""
    paused = set(SourceState.objects.filter(is_paused=True).values_list("slug", flat=True))
    found = [known.source for known in in_force().values()]
    return [source for source in found if source.on and source.slug not in paused]


def jobs(sources: Iterable[Source]) -> list[Job]:
    """What to hear, each with its cursor; a source met for the first time gets its row here."""
    return [Job(source, _cursor(source)) for source in sources]


def _cursor(source: Source) -> Mapping[str, object]:
    seconds = int(source.cadence.total_seconds())
    row = state_of(source.slug, title=source.title, kind=source.kind.value, cadence_seconds=seconds)
    return dict(row.cursor)


def collect(job: Job, *, now: datetime, spool: Path) -> Harvest:
    """Hear one source; a failure is the harvest's state, never an exception. Touches no database."""
    return run_spider(job.source, cursor=job.cursor, now=now, spool=spool)


def fresh_spool(run: str) -> Path:
    """An empty folder for what the spiders of one run hand over; left-overs of a killed run are thrown away."""
    folder = settings().path("spool", run)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def in_order(harvests: Sequence[Harvest]) -> list[Harvest]:
    """Harvests in the one order they are stored in, whatever order the spiders ended in."""
    return sorted(harvests, key=lambda harvest: harvest.source)
