"""What people said of documents, for the lists and pages that show it before the machine's word."""

from __future__ import annotations

from collections.abc import Iterable

from store.labels import standing_of
from store.models import DocumentRow


def with_filings(documents: Iterable[DocumentRow]) -> list[DocumentRow]:
    """The same documents, each with `filed`: its standing labels by side. One query."""
    rows = list(documents)
    labels = standing_of([row.pk for row in rows])
    for row in rows:
        row.filed = labels.get(row.pk, {})  # type: ignore[attr-defined]
    return rows
