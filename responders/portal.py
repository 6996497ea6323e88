"""Delivers releases: a page and an Atom entry on the portal, or, for a drill, a file in the drill folder and nothing else.

The outbox is the Release table: PENDING waits, SENT and WITHDRAWN stand on the channel as the draft says, FAILED is
tried again. Delivering twice writes the same files.
"""

from __future__ import annotations

import fcntl
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import transaction

from responders.pages import drill_record, feed_file, page_file, page_list, page_url
from store.models import Draft, Release
from store.models.drafts import DraftStatus
from store.settings import settings

DRILL = "drill"
IN_FEED = 50  # newest entries; older pages stay where they are


def deliver(release: Release, *, now: datetime) -> Release:
    """Bring the channel to what the release's draft says now, and keep the receipt; never raises for a failing disk.

    Call outside a transaction: the portal's file lock is taken before the row's.
    """
    with _only_one_writer(), transaction.atomic():
        row = Release.objects.select_for_update().select_related("draft__case").get(pk=release.pk)
        row.attempts += 1
        try:
            row.receipt = _write(row)
        except OSError as error:
            row.status = Release.FAILED
            row.receipt = {**row.receipt, "error": f"{type(error).__name__}: {error.strerror}"}
        else:
            row.status = Release.WITHDRAWN if row.draft.status == DraftStatus.WITHDRAWN else Release.SENT
            row.delivered_at = row.delivered_at or now
        row.save()
        return row


def deliver_draft(draft: Draft, *, now: datetime) -> list[Release]:
    """Deliver every release of a draft."""
    return [deliver(row, now=now) for row in draft.releases.order_by("pk")]


def deliver_pending(now: datetime) -> list[Release]:
    """Deliver what waits or failed, oldest first; returns the rows as they stand afterwards."""
    waiting = Release.objects.filter(status__in=[Release.PENDING, Release.FAILED]).order_by("pk")
    return [deliver(row, now=now) for row in waiting]


def is_drill(release: Release) -> bool:
    """Whether this must stay off the portal; any one sign of a drill is enough."""
    return release.channel == DRILL or release.draft.drill or release.draft.case.drill


def _write(row: Release) -> dict[str, object]:
    if is_drill(row):
        return _write_file(settings().path("drill", f"{row.slug}.txt"), drill_record(row))
    receipt = _write_file(settings().path("portal", f"{row.slug}.html"), page_file(row))
    shown = Release.objects.filter(channel="portal", draft__drill=False, draft__case__drill=False)
    on_channel = shown.filter(delivered_at__isnull=False) | shown.filter(pk=row.pk)
    newest = on_channel.select_related("draft").order_by("-released_at", "-pk")[:IN_FEED]
    feed = _write_file(settings().path("portal", "feed.xml"), feed_file(list(newest)))
    _write_file(settings().path("portal", "index.html"), page_list(list(newest)))
    return {"url": page_url(row), "sha256": receipt["sha256"], "feed_sha256": feed["sha256"]}


def _write_file(path: Path, text: str) -> dict[str, object]:
    """Put a whole file in place of the last one: readers see the one or the other, never half of it."""
    content = text.encode()
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as handle:
        handle.write(content)
    whole = Path(handle.name)
    whole.chmod(0o644)
    whole.replace(path)
    return {"file": path.name, "sha256": hashlib.sha256(content).hexdigest()}


@contextmanager
def _only_one_writer() -> Iterator[None]:
    """Two deliveries at once would each write a feed without the other's entry."""
    with settings().path("portal.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
