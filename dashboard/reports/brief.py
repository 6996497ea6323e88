"""The daily brief: what was heard in the 24 hours to a day's end, or to now while it lasts, with the source and time of every figure.

The same values are shown on the desk and written by `chaoxin brief`; sections follow the usual 舆情日报 (domain 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.staticfiles import finders
from django.db.models import Count, Q, QuerySet
from django.template.loader import render_to_string

from dashboard.queries.coverage import Coverage, coverage
from dashboard.queries.names import source_names
from dashboard.queries.nights import Night, last_night
from dashboard.queries.topics import living
from dashboard.queries.warnings import in_force
from dashboard.words import BEIJING
from store.claims import to_check
from store.labels import said
from store.models import BulletinRow, Case, Claim, Deadline, DocumentRow, Label, Release, Topic
from store.settings import settings

FEWEST = 20  # relevant documents; below, shares and rises say nothing and the brief says so
TOPICS, CLAIMS = 10, 20


@dataclass(frozen=True, slots=True)
class Volume:
    """How many documents of one source fall into the brief's day and the day before, repeats left out."""

    source: str
    today: int
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """Everything the brief says of one Beijing day."""

    day: date
    start: datetime
    end: datetime  # the day's end, or now while it lasts
    bureau: str
    documents: int
    relevant: int
    relevant_before: int
    volumes: Sequence[Volume]
    coverage: Coverage
    night: Night | None
    topics: Sequence[Topic]
    claims: Sequence[Claim]
    warnings: Sequence[BulletinRow]
    bulletins: Sequence[BulletinRow]
    deadlines: Sequence[Deadline]
    answered: Sequence[Release]
    names: dict[str, str]

    @property
    def is_enough(self) -> bool:
        """Whether there are documents enough to speak of a day's picture."""
        return self.relevant >= FEWEST


def brief_html(day: date, now: datetime) -> str:
    """The brief as one HTML page that needs nothing else: its style lies within."""
    values = {"now": now, "brief": brief_of(day, now), "style": _style()}
    return render_to_string("dashboard/brief_alone.html", values)


def brief_of(day: date, now: datetime) -> Brief:
    """The brief's values; a fixed number of queries."""
    midnight = datetime.combine(day, time(), BEIJING)
    end = min(midnight + timedelta(days=1), max(now, midnight))
    start = end - timedelta(days=1)  # always 24 hours: a brief made in the morning speaks of the day and night before
    documents = DocumentRow.objects.filter(published_at__gte=start, published_at__lt=end, duplicate_of=None)
    before = DocumentRow.objects.filter(
        published_at__gte=start - timedelta(days=1), published_at__lt=start, duplicate_of=None
    )
    return Brief(
        day=day,
        start=start,
        end=end,
        bureau=settings().bureau,
        documents=documents.count(),
        relevant=documents.filter(_marine()).count(),
        relevant_before=before.filter(_marine()).count(),
        volumes=_volumes(start, end),
        coverage=coverage(),
        night=last_night(),
        topics=list(_topics(start, end)),
        claims=list(to_check().filter(first_at__lt=end)[:CLAIMS]),
        warnings=list(in_force(end)),
        bulletins=list(BulletinRow.objects.filter(issued_at__gte=start, issued_at__lt=end).order_by("issued_at")),
        deadlines=list(_deadlines(now)),
        answered=list(_answered(start - timedelta(days=1), end)),
        names=source_names(),
    )


def _marine() -> Q:
    """Documents of marine affairs: the person's word where there is one, else the models'."""
    return said(Label.RELEVANCE, Label.YES, "annotation__relevant", True)


def _volumes(start: datetime, end: datetime) -> list[Volume]:
    """Relevant documents a source, the largest first. One query."""
    yesterday = start - timedelta(days=1)
    rows = DocumentRow.objects.filter(
        _marine(), published_at__gte=yesterday, published_at__lt=end, duplicate_of=None
    ).order_by()
    counts = rows.values_list("source").annotate(
        today=Count("id", filter=Q(published_at__gte=start)), before=Count("id", filter=Q(published_at__lt=start))
    )
    return [Volume(*row) for row in counts.order_by("-today", "source")]


def _topics(start: datetime, end: datetime) -> QuerySet[Topic]:
    """The hottest topics that were spoken of on the day, with their documents of the day as `today`."""
    in_day = Q(members__document__published_at__gte=start, members__document__published_at__lt=end)
    topics = living().annotate(today=Count("members", filter=in_day)).filter(today__gt=0)
    return topics.select_related("summary_document").order_by("-heat", "code")[:TOPICS]


def _deadlines(now: datetime) -> QuerySet[Deadline]:
    """Clocks that run now in open cases, the nearest first: a brief is read on the next morning, its clocks must be the present ones."""
    running = Deadline.objects.filter(met_at=None, case__status=Case.OPEN, case__opened_at__lte=now)
    return running.select_related("case__holder").order_by("due_at", "pk")


def _answered(start: datetime, end: datetime) -> QuerySet[Release]:
    """What went out on the day and the day before; drills never count as answers."""
    sent = Release.objects.filter(released_at__gte=start, released_at__lt=end).exclude(channel="drill")
    return sent.select_related("draft__case", "released_by").order_by("-released_at")


def _style() -> str:
    found = finders.find("dashboard/brief.css")
    assert isinstance(found, str), "dashboard/static/dashboard/brief.css is part of the package"
    with open(found, encoding="utf-8") as file:  # noqa: PTH123 - a path from Django
        return file.read()
