"""The quarantine: what could not be read or stored waits here, by source, until it can be or expires."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from store.models import QuarantineRow
from store.stages import Unread

MOST_CHARACTERS = 200_000  # of an entry's JSON; a longer one is cut in its text, never dropped


def set_aside(source: str, found: Sequence[Unread], *, now: datetime) -> None:
    """Keep answers that could not be read; one met again keeps its first date and takes the newest answer."""
    for unread in sorted(found, key=lambda one: one.url):
        _keep(source, unread.url, {"reason": unread.reason, "kept": unread.kept}, now=now)


def set_entry_aside(source: str, entry: Mapping[str, Any], reason: str, *, now: datetime) -> None:
    """Keep an entry, past the privacy gate, that the store refused; `entry` is plain JSON values."""
    text = json.dumps(dict(entry), ensure_ascii=True)
    if len(text) > MOST_CHARACTERS:
        text = json.dumps({**entry, "text": str(entry.get("text", ""))[: MOST_CHARACTERS // 8]}, ensure_ascii=True)
    _keep(source, str(entry["url"]), {"reason": reason, "entry": text}, now=now)


def _keep(source: str, url: str, values: Mapping[str, str], *, now: datetime) -> None:
    kind = "entry" if "entry" in values else "answer"
    key = hashlib.sha256(f"{kind}\x1f{url}".encode(errors="replace")).hexdigest()
    address = url.replace("\x00", "")  # what the database refuses must not be refused once more here
    QuarantineRow.objects.update_or_create(
        source_id=source,
        key=key,
        defaults={**values, "seen_at": now},
        create_defaults={**values, "url": address, "found_at": now, "seen_at": now},
    )


def mended(source: str, read: Mapping[str, int], *, before: datetime) -> int:
    """Take out the answers that a later run has read well: `read` holds epoch seconds by URL. Returns how many."""
    rows = QuarantineRow.objects.filter(source=source, entry="", seen_at__lt=before)
    well = [row.pk for row in rows if read.get(row.url, 0) > row.seen_at.timestamp()]
    QuarantineRow.objects.filter(pk__in=well).delete()
    return len(well)


def waiting(source: str | None = None) -> list[QuarantineRow]:
    """What is set aside, by source and first date; of one source where it is named."""
    rows = QuarantineRow.objects.select_related("source")
    return list(rows.filter(source=source) if source else rows)


def counts() -> dict[str, int]:
    """How many things each source has in quarantine; sources without any are absent."""
    rows = QuarantineRow.objects.order_by().values_list("source").annotate(count=Count("pk"))
    return {str(slug): int(count) for slug, count in rows}


def sources_with_any(slugs: Iterable[str]) -> set[str]:
    """Those of the sources that have something in quarantine; one query."""
    return set(slugs) & set(counts())


def tried(row: QuarantineRow, reason: str, *, now: datetime) -> None:
    """Note a try that did not help, with what is still wrong."""
    row.tries, row.tried_at, row.reason = row.tries + 1, now, reason
    row.save(update_fields=["tries", "tried_at", "reason"])


def expire(*, days: int, now: datetime) -> int:
    """Delete what was last met more than `days` days ago, as the raw answers are; returns how many."""
    return QuarantineRow.objects.filter(seen_at__lt=now - timedelta(days=days)).delete()[0]
