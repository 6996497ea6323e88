"""Public counts over time, and documents that their site has taken away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Q

from store.models import DocumentRow, EngagementPoint
from store.stages import Engagement

COUNTS = ("reposts", "replies", "likes", "views")
IN_CHUNK = 200


def counts_of(row: DocumentRow) -> Engagement:
    """The counts a row holds now."""
    return Engagement(**{name: getattr(row, name) for name in COUNTS})


def begin(rows: Iterable[DocumentRow], *, now: datetime) -> None:
    """The first point of each new document that shows counts."""
    _write([row for row in rows if counts_of(row) != Engagement()], now=now)


def follow(row: DocumentRow, seen: Engagement) -> bool:
    """Set the counts that the platform shows on an unsaved row; whether one of them changed. A hidden count keeps its last value."""
    before = counts_of(row)
    for name in COUNTS:
        value = getattr(seen, name)
        if value is not None:
            setattr(row, name, value)
    return counts_of(row) != before


def grew(rows: Sequence[DocumentRow], *, now: datetime) -> None:
    """Add a point for documents whose counts changed; call after `follow`."""
    _write(rows, now=now)


def sight(seen: Mapping[str, Engagement], rows: Mapping[str, DocumentRow], *, now: datetime) -> int:
    """Follow the counts of known documents, by URL; writes only where one changed and returns how many did."""
    changed = [rows[url] for url in sorted(seen) if url in rows and follow(rows[url], seen[url])]
    for row in changed:
        row.last_seen_at = now
    DocumentRow.objects.bulk_update(changed, [*COUNTS, "last_seen_at"], batch_size=100)
    grew(changed, now=now)
    return len(changed)


def vanish(urls: Sequence[str], *, source: str, now: datetime) -> int:
    """Note that a source's documents, or the threads these URLs head, are gone; they stay with their texts. Returns how many."""
    count = 0
    for start in range(0, len(urls), IN_CHUNK):
        some = urls[start : start + IN_CHUNK]
        rows = DocumentRow.objects.filter(Q(url__in=some) | Q(reply_to__in=some), source=source, gone_at=None)
        count += rows.update(gone_at=now)
    return count


def series(document: DocumentRow) -> list[EngagementPoint]:
    """The counts of a document over time, oldest first."""
    return list(document.points.all())


def latest(document: DocumentRow, most: int) -> list[EngagementPoint]:
    """The last points of a document's series, newest first."""
    return list(document.points.order_by("-seen_at", "-id")[:most])


def _write(rows: Iterable[DocumentRow], *, now: datetime) -> None:
    points = [
        EngagementPoint(document=row, seen_at=now, **{name: getattr(row, name) for name in COUNTS}) for row in rows
    ]
    EngagementPoint.objects.bulk_create(points, batch_size=IN_CHUNK, ignore_conflicts=True)
