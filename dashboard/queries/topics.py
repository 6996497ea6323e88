"""Topics with their hourly counts, duplicates and platforms."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from dashboard.charts import grouped, per_hour
from nlp.spread import SpreadDocument, Step, spread_path
from responders.facts import incidents_of
from store.models import Case, DocumentRow, Topic, TopicChange, TopicMember

HOURS, HOURS_A_POINT = 72, 3
CHOICES = 60  # topics in a list to choose from; older ones are found by the page of the topic


def living() -> QuerySet[Topic]:
    """Topics with documents that were not merged into another, hottest first, with whether a case of theirs is open."""
    is_open = Case.objects.filter(topic=OuterRef("pk"), status=Case.OPEN)
    return Topic.objects.filter(merged_into=None, size__gt=0).annotate(has_open_case=Exists(is_open))


def others(topic: Topic | None) -> QuerySet[Topic]:
    """The topics a person may choose beside this one, hottest first."""
    rows = Topic.objects.filter(merged_into=None).only("code", "title")
    return (rows.exclude(pk=topic.pk) if topic else rows)[:CHOICES]


def with_hours(topics: Sequence[Topic], now: datetime) -> Sequence[Topic]:
    """The same topics, each with `hours`: documents of the last 72 hours, three hours a value. One query."""
    times: dict[int, list[datetime]] = defaultdict(list)
    members = TopicMember.objects.filter(topic__in=[topic.pk for topic in topics])
    for topic_id, at in members.values_list("topic_id", "document__published_at"):
        times[topic_id].append(at)
    for topic in topics:
        topic.hours = grouped(per_hour(times[topic.pk], end=now, hours=HOURS), HOURS_A_POINT)  # type: ignore[attr-defined]
    return topics


def documents_of(topic: Topic) -> QuerySet[DocumentRow]:
    """A topic's documents without its repeats, newest first."""
    return DocumentRow.objects.filter(membership__topic=topic, duplicate_of=None).select_related("annotation")


def with_repeats(documents: Iterable[DocumentRow]) -> list[DocumentRow]:
    """The same documents, each with `repeats`: the documents that repeat it. One query."""
    rows = list(documents)
    repeats: dict[int | None, list[DocumentRow]] = defaultdict(list)
    for row in DocumentRow.objects.filter(duplicate_of__in=[row.pk for row in rows]).order_by("published_at", "id"):
        repeats[row.duplicate_of_id].append(row)
    for row in rows:
        row.repeats = repeats[row.pk]  # type: ignore[attr-defined]
    return rows


@dataclass(frozen=True, slots=True)
class Platform:
    """How many of a topic's documents came from one source."""

    source: str
    kind: str
    count: int


def platforms_of(topic: Topic) -> list[Platform]:
    """A topic's sources, the largest first."""
    rows = DocumentRow.objects.filter(membership__topic=topic).order_by().values_list("source", "kind")
    return [Platform(*row) for row in rows.annotate(count=Count("id")).order_by("-count", "source")]


@dataclass(frozen=True, slots=True)
class TagShare:
    """How many of a topic's documents carry one of the six tags."""

    key: str
    count: int


def tags_of(topic: Topic) -> list[TagShare]:
    """The tags of a topic's documents, repeats left out, the commonest first; one query."""
    keys = documents_of(topic).order_by().values_list("annotation__tag_keys", flat=True)
    counts = Counter(key for line in keys for key in (line or "").split())
    return [TagShare(key, count) for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def cases_of(topic: Topic) -> QuerySet[Case]:
    """The cases that answer a topic: its own, and those of the official incidents it speaks of."""
    answering = Q(topic=topic) | Q(incident__in=incidents_of(topic))
    return Case.objects.filter(answering).select_related("holder").prefetch_related("deadlines", "drafts")


def history_of(topic: Topic) -> list[TopicChange]:
    """What came to a topic and what left it, newest first."""
    both = Q(topic=topic) | Q(other=topic)
    return list(TopicChange.objects.filter(both).select_related("topic", "other").order_by("-at", "-pk"))


def times_of(topic: Topic) -> list[datetime]:
    """Publication times of all of a topic's documents, repeats included."""
    return list(TopicMember.objects.filter(topic=topic).values_list("document__published_at", flat=True))


def path_of(topic: Topic) -> tuple[Step, ...]:
    """How the topic went from source to source, the first source first."""
    rows = DocumentRow.objects.filter(membership__topic=topic).order_by("published_at", "url")
    fields = rows.values_list("pk", "url", "source", "published_at", "reply_to", "duplicate_of__url")
    return spread_path(
        SpreadDocument(
            id=pk, url=url, source=source, published_at=at, follows=repeated or reply_to or "", repeats=bool(repeated)
        )
        for pk, url, source, at, reply_to, repeated in fields.iterator()
    )


@dataclass(frozen=True, slots=True)
class Outlook:
    """The band of the hours after a run, as stored with the topic."""

    until: datetime
    low: int
    middle: int
    high: int
    share: float

    @property
    def in_ten(self) -> int:
        """In how many of ten cases the band should hold."""
        return round(self.share * 10)


def outlook_of(topic: Topic, now: datetime) -> Outlook | None:
    """What the last run expected of the coming hours; None when it said nothing or these hours are over."""
    stored = topic.forecast
    if not stored:
        return None
    until = datetime.fromisoformat(stored["at"]) + timedelta(hours=stored["hours"])
    if until <= now:
        return None
    return Outlook(until, stored["low"], stored["middle"], stored["high"], stored["share"])
