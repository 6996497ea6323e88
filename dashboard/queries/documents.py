"""Documents chosen by the filters of the list, which the export uses as well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from dashboard.words import BEIJING
from nlp.normalise import normalise
from nlp.segment import search_words
from store.models import AnnotationRow, DocumentRow
from store.search import matching


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What an officer wants to see; empty values leave a side open."""

    q: str = ""
    source: str = ""
    kind: str = ""
    category: str = ""
    relevant: str = "yes"  # yes, no or all
    stance: str = ""
    tag: str = ""  # key of one of the six matters that offices must collect
    start: date | None = None  # Beijing days, both included
    end: date | None = None
    duplicates: bool = False


def filtered(wanted: Filter) -> QuerySet[DocumentRow]:
    """The documents that pass, newest first, with their annotations."""
    rows = DocumentRow.objects.select_related("annotation").filter(**_exact(wanted))
    if not wanted.duplicates:
        rows = rows.filter(duplicate_of=None)
    if wanted.start:
        rows = rows.filter(published_at__gte=_midnight(wanted.start))
    if wanted.end:
        rows = rows.filter(published_at__lt=_midnight(wanted.end + timedelta(days=1)))
    return matching(rows, search_words(normalise(wanted.q))) if wanted.q else rows


def _exact(wanted: Filter) -> dict[str, object]:
    """The filters that compare one column."""
    columns = {
        "source": wanted.source,
        "kind": wanted.kind,
        "annotation__category": wanted.category,
        "annotation__stance": wanted.stance,
        "annotation__tag_keys__contains": f" {wanted.tag} " if wanted.tag else "",
    }
    exact: dict[str, object] = {name: value for name, value in columns.items() if value}
    if wanted.relevant != "all":
        exact["annotation__relevant"] = wanted.relevant == "yes"
    return exact


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)


def categories() -> list[str]:
    """Categories that occur, in order."""
    used = AnnotationRow.objects.exclude(category="").order_by("category")
    return list(used.values_list("category", flat=True).distinct())
