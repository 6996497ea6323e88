"""What the last night brought, added up over its sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Sum

from store.models import SourceRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One run over all sources: when, and what it added."""

    name: str
    started_at: datetime
    finished_at: datetime
    sources: int
    entries: int
    added: int
    changed: int
    skipped: int


def last_night() -> Night | None:
    """The newest nightly run; the watch's runs are not nights. Two queries."""
    nights = SourceRun.objects.exclude(night__startswith="watch")
    name = nights.order_by("-finished_at").values_list("night", flat=True).first()
    if name is None:
        return None
    sums = nights.filter(night=name).aggregate(
        started_at=Min("started_at"),
        finished_at=Max("finished_at"),
        sources=Count("source", distinct=True),
        entries=Sum("entries"),
        added=Sum("added"),
        changed=Sum("changed"),
        skipped=Sum("skipped"),
    )
    return Night(name=name, **sums)
