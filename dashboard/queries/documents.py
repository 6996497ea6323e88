"""Documents chosen by the filters of the list, which the export uses as well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from dashboard.words import BEIJING
from nlp.normalise import normalise
from nlp.segment import search_words
from store.labels import said
from store.models import AnnotationRow, DocumentRow, Label
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
    rows = DocumentRow.objects.select_related("annotation").filter(*_spoken_of(wanted), **_exact(wanted))
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
        "annotation__tag_keys__contains": f" {wanted.tag} " if wanted.tag else "",
    }
    return {name: value for name, value in columns.items() if value}


def _spoken_of(wanted: Filter) -> list[Q]:
    """The filters on what a document says: a person's word goes before the machine's."""
    sides = [
        (Label.CATEGORY, wanted.category, "annotation__category", wanted.category),
        (Label.STANCE, wanted.stance, "annotation__stance", wanted.stance),
    ]
    found = [said(*side) for side in sides if side[1]]
    if wanted.relevant != "all":
        found.append(said(Label.RELEVANCE, wanted.relevant, "annotation__relevant", wanted.relevant == "yes"))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)


def categories() -> list[str]:
    """Categories that occur in what machine or people say, in order."""
    used = AnnotationRow.objects.exclude(category="").order_by().values_list("category", flat=True)
    given = Label.objects.filter(what=Label.CATEGORY, replaced_at=None).values_list("value", flat=True)
    return sorted({*used.distinct(), *given.distinct()})
