"""Cursors and runs of sources: what was heard, how it ended, where to go on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Min

from store.models import Emergency, SourceRun, SourceState
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often a source is heard from now on."""

    interval_seconds: int
    gap_seconds: int | None
    next_due_at: datetime


Pacer = Callable[[SourceState, Harvest, Counts], Pace]  # sees the row as it was before the harvest
MOVED = (
    "state",
    "message",
    "cursor",
    "last_run_at",
    "last_good_at",
    "last_entry_at",
    "interval_seconds",
    "gap_seconds",
    "next_due_at",
)


def state_of(slug: str, *, title: str, kind: str, cadence_seconds: int) -> SourceState:
    """The source's row, made at its first run; title, kind and cadence follow the source file."""
    return states_of([SourceState(slug=slug, title=title, kind=kind, cadence_seconds=cadence_seconds)])[slug]


def states_of(wanted: Iterable[SourceState]) -> dict[str, SourceState]:
    """The stored rows by slug, as `state_of`; `wanted` are unsaved rows that say how a new one begins."""
    given = {row.slug: row for row in wanted}
    found = SourceState.objects.in_bulk(list(given))
    new = [row for slug, row in given.items() if slug not in found]
    if new:
        SourceState.objects.bulk_create(new, ignore_conflicts=True)
        found |= SourceState.objects.in_bulk([row.slug for row in new])
    for slug, row in found.items():
        if changed := _follow_file(row, given[slug]):
            row.save(update_fields=changed)
    return found


def _follow_file(row: SourceState, file: SourceState) -> list[str]:
    """Bring a row in line with its source file; the names of the fields that changed."""
    changed = [name for name in ("title", "kind", "cadence_seconds") if getattr(row, name) != getattr(file, name)]
    if "cadence_seconds" in changed and _is_moved(row.slug):
        changed.remove("cadence_seconds")
    for name in changed:
        setattr(row, name, getattr(file, name))
    return changed


def _is_moved(slug: str) -> bool:
    """Whether a standing emergency has moved the source's cadence, which its file must not undo."""
    standing = Emergency.objects.filter(standing=True).first()
    return standing is not None and slug in standing.sources


def record_harvest(harvest: Harvest, counts: Counts, *, night: str, pacer: Pacer | None = None) -> SourceRun:
    """Store how a run ended and move the cursor; call in the transaction that stores its entries."""
    row = SourceState.objects.select_for_update().get(slug=harvest.source)
    if changed := _move(row, harvest, counts, pacer):
        row.save(update_fields=changed)
    run = _run(harvest, counts, night=night)
    run.save(force_insert=True)
    return run


def record_quiet(harvests: Sequence[Harvest], *, night: str, pacer: Pacer | None = None) -> None:
    """Store how runs that brought nothing ended, all at once: a row of the run each and what changed on the source's row."""
    with transaction.atomic():
        rows = SourceState.objects.select_for_update().in_bulk([harvest.source for harvest in harvests])
        by_fields: defaultdict[tuple[str, ...], list[SourceState]] = defaultdict(list)
        for harvest in harvests:
            row = rows[harvest.source]
            changed = _move(row, harvest, Counts(), pacer)
            # A cursor is long: the others' rows must not carry it.
            by_fields[tuple(changed)].append(row)
        for fields, moved in by_fields.items():
            if fields:
                SourceState.objects.bulk_update(moved, list(fields), batch_size=50)
        SourceRun.objects.bulk_create([_run(h, Counts(), night=night) for h in harvests], batch_size=50)


def _move(row: SourceState, harvest: Harvest, counts: Counts, pacer: Pacer | None) -> list[str]:
    """Bring the row up to the harvest; the names of the fields that changed."""
    before = {name: getattr(row, name) for name in MOVED}
    if pacer:
        pace = pacer(row, harvest, counts)
        row.interval_seconds, row.gap_seconds = pace.interval_seconds, pace.gap_seconds
        row.next_due_at = pace.next_due_at
    row.state, row.message = harvest.state.value, harvest.message
    row.last_run_at = harvest.finished_at
    if harvest.state.is_good:
        row.last_good_at = harvest.finished_at
    if harvest.cursor:
        row.cursor = dict(harvest.cursor)
    times = [e.published_at for e in harvest.entries if e.published_at]
    if times:
        row.last_entry_at = max([*times, *([row.last_entry_at] if row.last_entry_at else [])])
    return [name for name in MOVED if getattr(row, name) != before[name]]


def _run(harvest: Harvest, counts: Counts, *, night: str) -> SourceRun:
    return SourceRun(
        source_id=harvest.source,
        night=night,
        started_at=harvest.started_at,
        finished_at=harvest.finished_at,
        state=harvest.state.value,
        message=harvest.message,
        entries=len(harvest.entries),
        listed=harvest.listed,
        added=counts.added,
        changed=counts.changed,
        skipped=harvest.skipped,
        unreadable=harvest.unreadable,
        requests=harvest.requests,
        bytes_received=harvest.bytes_received,
    )


def due(*, now: datetime) -> set[str]:
    """Slugs of the sources whose next hearing has come."""
    return set(SourceState.objects.filter(next_due_at__lte=now).values_list("slug", flat=True))


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
