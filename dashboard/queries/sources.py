"""Sources as the desk lists them: the last state, the last run, what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from spiders.sources import Source, load_sources
from store.models import SourceRun, SourceState
from store.settings import settings


@dataclass(frozen=True, slots=True)
class Line:
    """One source: its row, its last run and its file, as far as there are any."""

    state: SourceState
    run: SourceRun | None
    file: Source | None

    @property
    def is_unexpected(self) -> bool:
        """Whether a good run brought fewer or more entries than its file expects."""
        if self.run is None or self.file is None or self.run.state != "ok":
            return False
        return not self.file.expect.min <= self.run.entries <= self.file.expect.max


def lines() -> list[Line]:
    """Every source that has a file or ever ran, by title; two queries."""
    newest = SourceRun.objects.filter(source=OuterRef("pk")).order_by("-finished_at", "-pk").values("pk")[:1]
    states = list(SourceState.objects.defer("cursor").annotate(last_run=Subquery(newest)).order_by("title"))
    runs = SourceRun.objects.in_bulk([state.last_run for state in states if state.last_run])
    files = source_files()
    ran = {state.slug for state in states}
    found = [Line(state, runs.get(state.last_run), files.get(state.slug)) for state in states]
    return found + [Line(_unrun(file), None, file) for file in files.values() if file.slug not in ran]


def _unrun(file: Source) -> SourceState:
    """A source that never ran, as a row that is not stored."""
    seconds = int(file.cadence.total_seconds())
    return SourceState(slug=file.slug, title=file.title, kind=file.kind.value, cadence_seconds=seconds)


def source_files() -> Mapping[str, Source]:
    """The source files in force, by slug."""
    return {
        source.slug: source for source in load_sources(settings().sources_folder, ports_from=settings().sample_port)
    }
