"""Collect: the sources heard from where their cursors stand, a batch a process, a few processes side by side."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from responders.source_edits import in_force
from spiders import run as spiders_run
from spiders.batches import batches
from spiders.rhythm import rhythm
from spiders.run import Ask as Job
from spiders.sources import Source
from store.models import SourceState
from store.settings import settings
from store.sources import states_of
from store.stages import Harvest

__all__ = [
    "Job",
    "collect",
    "collect_all",
    "collect_batch",
    "drop_spool",
    "fresh_spool",
    "in_batches",
    "in_order",
    "jobs",
    "sources_in_force",
]


def sources_in_force() -> list[Source]:
    """The sources switched on, by their files or on the desk, and not paused there, by slug."""
    paused = set(SourceState.objects.filter(is_paused=True).values_list("slug", flat=True))
    found = [known.source for known in in_force().values()]
    return [source for source in found if source.on and source.slug not in paused]


def jobs(sources: Iterable[Source]) -> list[Job]:
    """What to hear, each with its cursor; a source met for the first time gets its row here."""
    chosen = list(sources)
    rows = states_of(
        SourceState(
            slug=source.slug,
            title=source.title,
            kind=source.kind.value,
            cadence_seconds=int(source.cadence.total_seconds()),
        )
        for source in chosen
    )
    return [Job(source, dict(rows[source.slug].cursor)) for source in chosen]


def in_batches(waiting: Sequence[Job]) -> list[list[Job]]:
    """The jobs as they share spider processes: those of one host together, the rest spread evenly."""
    cursors: Mapping[str, Mapping[str, object]] = {job.source.slug: job.cursor for job in waiting}
    found = batches([job.source for job in waiting], rhythm())
    return [[Job(source, cursors[source.slug]) for source in batch] for batch in found]


def collect(job: Job, *, now: datetime, spool: Path) -> Harvest:
    """Hear one source; a failure is the harvest's state, never an exception. Touches no database."""
    return spiders_run.collect(job.source, cursor=job.cursor, now=now, spool=spool)


def collect_batch(batch: Sequence[Job], *, now: datetime, spool: Path) -> list[Harvest]:
    """Hear a batch in one process; each source ends in its own state whatever becomes of the others."""
    return spiders_run.collect_batch(batch, now=now, spool=spool)


def collect_all(waiting: Sequence[Job], *, now: datetime, spool: Path) -> list[Harvest]:
    """Hear all jobs, batches side by side; the harvests come in the order they are stored in."""
    with ThreadPoolExecutor(max_workers=rhythm().children) as pool:
        heard = pool.map(lambda batch: collect_batch(batch, now=now, spool=spool), in_batches(waiting))
        return in_order([harvest for batch in heard for harvest in batch])


def fresh_spool(run: str) -> Path:
    """An empty folder for what the spiders of one run hand over; left-overs of a killed run are thrown away."""
    folder = settings().path("spool", run)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def drop_spool(run: str) -> None:
    """Throw away what the spiders of a run handed over, once it is stored."""
    shutil.rmtree(settings().path("spool", run), ignore_errors=True)


def in_order(harvests: Sequence[Harvest]) -> list[Harvest]:
    """Harvests in the one order they are stored in, whatever order the spiders ended in."""
    return sorted(harvests, key=lambda harvest: harvest.source)
