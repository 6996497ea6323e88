"""Collect: every source heard in its own process, and the sources that are due chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from spiders.run import collect as run_spider
from spiders.sources import Source, load_sources

from store.models import SourceState
from store.settings import settings
from store.sources import state_of
from store.stages import Harvest


def sources_in_force() -> list[Source]:
    """The sources switched on by their files and not paused on the desk, by slug."""
    paused = set(SourceState.objects.filter(is_paused=True).values_list("slug", flat=True))
    found = load_sources(settings().sources_folder, ports_from=settings().sample_port)
    return [source for source in found if source.on and source.slug not in paused]


def collect(source: Source, *, now: datetime, spool: Path) -> Harvest:
    """Hear one source from where its cursor stands; a failure is the harvest's state, never an exception."""
    row = state_of(
        source.slug, title=source.title, kind=source.kind.value, cadence_seconds=int(source.cadence.total_seconds())
    )
    return run_spider(source, cursor=row.cursor, now=now, spool=spool)


def fresh_spool(run: str) -> Path:
    """An empty folder for what the spiders of one run hand over; left-overs of a killed run are thrown away."""
    import shutil

    folder = settings().path("spool", run, "x").parent
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def in_order(harvests: Sequence[Harvest]) -> list[Harvest]:
    """Harvests in the one order they are stored in, whatever order the spiders ended in."""
    return sorted(harvests, key=lambda harvest: harvest.source)
