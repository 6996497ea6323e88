"""Topics in and out of the store: members, merges, the figures of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from store.models import DocumentRow, Topic, TopicMember, TopicPoint
from store.stages import Heat

IN_CHUNK = 500


def untracked() -> list[DocumentRow]:
    """Documents judged and compared but not placed since their last wording, in a fixed order."""
    waiting = DocumentRow.objects.filter(is_tracked=False, is_compared=True, annotation__isnull=False)
    return list(waiting.select_related("annotation", "duplicate_of").order_by("published_at", "url"))


def living(since: datetime) -> list[Topic]:
    """Topics heard of since a moment and not merged into another, oldest first."""
    return list(Topic.objects.filter(merged_into=None, last_at__gte=since).order_by("first_at", "code"))


def codes_of(urls: Iterable[str]) -> dict[str, str]:
    """Topic code of placed documents, by URL."""
    wanted = sorted(set(urls))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), IN_CHUNK):
        part = wanted[start : start + IN_CHUNK]
        members = TopicMember.objects.filter(document__url__in=part)
        found.update(members.values_list("document__url", "topic__code"))
    return found


def put_members(rows: Sequence[tuple[int, str, float]], topics: Mapping[str, Topic]) -> None:
    """Put documents (id, topic code, similarity) into their topics; one already placed stays where it is."""
    TopicMember.objects.bulk_create(
        [TopicMember(document_id=pk, topic=topics[code], similarity=similarity) for pk, code, similarity in rows],
        batch_size=IN_CHUNK,
        ignore_conflicts=True,
    )


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
