"""Cursors and runs of sources: what was heard, how it ended, where to go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from store.models import SourceRun, SourceState
from store.stages import Harvest, HarvestState


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What one harvest did to the store."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            added=self.added + other.added,
            changed=self.changed + other.changed,
            unchanged=self.unchanged + other.unchanged,
        )


def state_of(slug: str, *, title: str, kind: str, cadence_seconds: int) -> SourceState:
    """The source's row, made at its first run; title and kind follow the source file."""
    row, _ = SourceState.objects.get_or_create(
        slug=slug, defaults={"title": title, "kind": kind, "cadence_seconds": cadence_seconds}
    )
    if (row.title, row.kind) != (title, kind):
        row.title, row.kind = title, kind
        row.save(update_fields=["title", "kind"])
    return row


def record_harvest(harvest: Harvest, counts: Counts, *, night: str) -> SourceRun:
    """Store how a run ended and move the cursor; call in the transaction that stores its entries."""
    row = SourceState.objects.select_for_update().get(slug=harvest.source)
    row.state, row.message = harvest.state.value, harvest.message
    row.last_run_at = harvest.finished_at
    if harvest.state.is_good:
        row.last_good_at = harvest.finished_at
    if harvest.cursor:
        row.cursor = dict(harvest.cursor)
    times = [e.published_at for e in harvest.entries if e.published_at]
    if times:
        row.last_entry_at = max([*times, *([row.last_entry_at] if row.last_entry_at else [])])
    row.save()
    return SourceRun.objects.create(
        source=row,
        night=night,
        started_at=harvest.started_at,
        finished_at=harvest.finished_at,
        state=harvest.state.value,
        message=harvest.message,
        entries=len(harvest.entries),
        added=counts.added,
        changed=counts.changed,
        skipped=harvest.skipped,
        unreadable=harvest.unreadable,
        requests=harvest.requests,
        bytes_received=harvest.bytes_received,
    )


def runs_of(night: str) -> list[SourceRun]:
    """The last run of each source in one night, by slug."""
    newest: dict[str, SourceRun] = {}
    for run in SourceRun.objects.filter(night=night).select_related("source").order_by("finished_at"):
        newest[run.source_id] = run
    return [newest[slug] for slug in sorted(newest)]


def heard_since() -> dict[str, datetime]:
    """Since when each source that had failed is heard again without a gap; a source that never failed is absent."""
    since: dict[str, datetime] = {}
    failed: set[str] = set()
    for slug, state, at in SourceRun.objects.order_by("finished_at").values_list("source_id", "state", "started_at"):
        if not HarvestState(state).is_good:
            failed.add(slug)
            since.pop(slug, None)
        elif slug in failed:
            since.setdefault(slug, at)
    return since


def listening_since() -> datetime | None:
    """When the first source was heard; None before the first night."""
    good = [state.value for state in HarvestState if state.is_good]
    first: datetime | None = SourceRun.objects.filter(state__in=good).aggregate(first=Min("started_at"))["first"]
    return first
