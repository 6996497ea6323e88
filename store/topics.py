"""Topics in and out of the store: members, merges, history, the figures of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from django.db.models import Count, Max, Min

from store.models import DocumentRow, Topic, TopicChange, TopicMember, TopicPoint
from store.stages import Heat

IN_CHUNK = 500
Value = TypeVar("Value")


def untracked() -> list[DocumentRow]:
    """Documents judged and compared but not placed since their last wording, in a fixed order."""
    waiting = DocumentRow.objects.filter(is_tracked=False, is_compared=True, annotation__isnull=False)
    return list(waiting.select_related("annotation", "duplicate_of").order_by("published_at", "url"))


def living(since: datetime) -> list[Topic]:
    """Topics heard of since a moment and not merged into another, oldest first."""
    return list(Topic.objects.filter(merged_into=None, last_at__gte=since).order_by("first_at", "code"))


def remembered(found: Iterable[Topic], since: datetime) -> list[DocumentRow]:
    """The placed documents of these topics published since a moment, in a fixed order."""
    rows = DocumentRow.objects.filter(membership__topic__in=[topic.pk for topic in found], published_at__gte=since)
    related = rows.select_related("annotation", "duplicate_of", "membership__topic")
    return list(related.order_by("published_at", "url"))


def topics_of(rows: Sequence[DocumentRow]) -> list[Topic]:
    """The topics these documents are in and that were not merged into another, oldest first."""
    found: set[Topic] = set()
    for part in _chunks([row.pk for row in rows]):
        found.update(Topic.objects.filter(merged_into=None, members__document__in=part))
    return sorted(found, key=lambda topic: (topic.first_at, topic.code))


def given_codes() -> frozenset[str]:
    """Every code that was ever given to a topic."""
    return frozenset(Topic.objects.values_list("code", flat=True))


def codes_of(urls: Iterable[str]) -> dict[str, str]:
    """Topic code of placed documents, by URL."""
    found: dict[str, str] = {}
    for part in _chunks(sorted(set(urls))):
        members = TopicMember.objects.filter(document__url__in=part)
        found.update(members.values_list("document__url", "topic__code"))
    return found


def put_members(rows: Sequence[tuple[int, str, float]], topics: Mapping[str, Topic]) -> None:
    """Put documents (id, topic code, similarity) into their topics, out of those they were in before."""
    for part in _chunks([pk for pk, _, _ in rows]):
        TopicMember.objects.filter(document__in=part).delete()
    TopicMember.objects.bulk_create(
        [TopicMember(document_id=pk, topic=topics[code], similarity=similarity) for pk, code, similarity in rows],
        batch_size=IN_CHUNK,
    )


def take_out(documents: Sequence[int]) -> None:
    """Take documents out of their topics."""
    for part in _chunks(documents):
        TopicMember.objects.filter(document__in=part).delete()


def recount(topic: Topic) -> None:
    """Set a topic's size and times from its members; one that lost them all keeps its times."""
    counted = topic.members.aggregate(
        size=Count("pk"), first=Min("document__published_at"), last=Max("document__published_at")
    )
    topic.size = counted["size"]
    topic.first_at, topic.last_at = counted["first"] or topic.first_at, counted["last"] or topic.last_at
    topic.save(update_fields=["size", "first_at", "last_at"])


def record_changes(rows: Sequence[TopicChange]) -> None:
    """Add to the topics' history."""
    TopicChange.objects.bulk_create(rows, batch_size=IN_CHUNK)


def _chunks(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    for start in range(0, len(values), IN_CHUNK):
        yield values[start : start + IN_CHUNK]


def merge(gone: Topic, kept: Topic) -> None:
    """Let a topic live on in another: members, claims and cases follow, its code stays findable."""
    gone.members.update(topic=kept)
    gone.claims.update(topic=kept)
    gone.cases.update(topic=kept)
    gone.merged.update(merged_into=kept)
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])


def members_of(found: Iterable[Topic]) -> dict[int, list[DocumentRow]]:
    """Documents with their annotations by topic id, oldest first."""
    members: dict[int, list[DocumentRow]] = {topic.pk: [] for topic in found}
    rows = DocumentRow.objects.filter(membership__topic__in=list(members)).order_by("published_at", "url")
    for row in rows.select_related("annotation", "membership"):
        members[row.membership.topic_id].append(row)
    return members


def record_heat(topic: Topic, heat: Heat, *, night: str, at: datetime) -> None:
    """Set a topic's heat with its parts, and the point of this run in its history."""
    topic.heat = heat.score
    topic.heat_parts = [{"name": p.name, "value": p.value, "detail": p.detail} for p in heat.parts]
    TopicPoint.objects.update_or_create(
        topic=topic, night=night, defaults={"at": at, "size": topic.size, "heat": heat.score}
    )
