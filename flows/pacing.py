"""Pacing: how often a source is heard from what its last run brought and from its own rhythm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from spiders.rhythm import Visit, next_interval, rhythm, usual_gap
from store.models import SourceState
from store.sources import Counts, Pace
from store.stages import Harvest


def pace(row: SourceState, harvest: Harvest, counts: Counts) -> Pace:
    """The source's next interval and hearing; `row` is as it was before this harvest."""
    gap = _gap(row, harvest)
    newest = max([*_times(harvest), *([row.last_entry_at] if row.last_entry_at else [])], default=None)
    visit = Visit(
        cadence=float(row.cadence_seconds),
        interval=None if row.interval_seconds is None else float(row.interval_seconds),
        gap=gap,
        silence=max(0.0, (harvest.started_at - newest).total_seconds()) if newest else None,
        new=counts.added,
        listed=harvest.listed,
        is_good=harvest.state.is_good or bool(harvest.entries),
    )
    seconds = round(next_interval(visit, rhythm()))
    due = harvest.started_at + timedelta(seconds=seconds)
    return Pace(
        interval_seconds=seconds,
        gap_seconds=None if gap is None else max(1, round(gap)),
        next_due_at=max(due, _blocked_until(harvest)),
    )


def _gap(row: SourceState, harvest: Harvest) -> float | None:
    """The usual gap after this harvest, measured over what is newer than all that was heard before."""
    before = None if row.gap_seconds is None else float(row.gap_seconds)
    times = sorted(time for time in _times(harvest) if row.last_entry_at is None or time > row.last_entry_at)
    if not times:
        return before
    since, things = (row.last_entry_at, len(times)) if row.last_entry_at else (times[0], len(times) - 1)
    return usual_gap(before, span=(times[-1] - since).total_seconds(), things=things, by=rhythm())


def _times(harvest: Harvest) -> list[datetime]:
    """When the entries were published; a time in the future is the site's mistake and tells no rhythm."""
    return [e.published_at for e in harvest.entries if e.published_at and e.published_at <= harvest.finished_at]


def _blocked_until(harvest: Harvest) -> datetime:
    until = harvest.cursor.get("blocked_until", 0)
    return datetime.fromtimestamp(until if isinstance(until, int | float) else 0, UTC)
