"""Topics as people arranged them: a document stays where a person put it, and what a person parted stays apart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from store import topics
from store.models import DocumentRow, Placement, Topic, TopicMember

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def place(documents: Iterable[DocumentRow], topic: Topic, actor: User, *, by_merge: bool, now: datetime) -> None:
    """Put documents into a topic on a person's word; call inside a transaction.

    A document that a person moved by itself keeps that mark when its topic is joined with another later.
    """
    for document in documents:
        member = TopicMember.objects.select_related("topic").filter(document=document).first()
        came_from = member.topic.code if member else ""
        known = Placement.objects.filter(document=document).first()
        if known is not None and by_merge and not known.by_merge:
            Placement.objects.filter(pk=known.pk).update(topic=topic)
        else:
            values = {"topic": topic, "machine_topic": came_from, "by_merge": by_merge}
            Placement.objects.update_or_create(
                document=document, defaults={**values, "placed_by": actor, "placed_at": now}
            )
        TopicMember.objects.update_or_create(document=document, defaults={"topic": topic})


def keep() -> int:
    """Put every document back where a person put it, should a run have moved it; returns how many. In a transaction.

    A topic that has since been merged into another stands for that one.
    """
    moved: set[int] = set()
    placements = Placement.objects.select_related("topic", "document__membership")
    for placement in placements.order_by("pk"):
        home = successor(placement.topic)
        member: TopicMember | None = getattr(placement.document, "membership", None)
        if member is not None and member.topic_id == home.pk:
            continue
        if member is not None:
            moved.add(member.topic_id)
        TopicMember.objects.update_or_create(document=placement.document, defaults={"topic": home})
        moved.add(home.pk)
    for topic in Topic.objects.filter(pk__in=moved).order_by("pk"):
        topics.recount(topic)
    return len(moved)


def homes() -> dict[int, str]:
    """The code of the topic in which a person put each document, by document id."""
    placements = Placement.objects.select_related("topic").order_by("pk")
    return {placement.document_id: successor(placement.topic).code for placement in placements}


def parted() -> frozenset[frozenset[str]]:
    """Pairs of topic codes that a person parted by moving a document from one to the other: no run joins them."""
    placements = Placement.objects.filter(by_merge=False).exclude(machine_topic="").select_related("topic")
    left = {topic.code: topic for topic in Topic.objects.filter(code__in=placements.values("machine_topic"))}
    pairs = {
        frozenset((successor(left[p.machine_topic]).code, successor(p.topic).code))
        for p in placements
        if p.machine_topic in left
    }
    return frozenset(pair for pair in pairs if len(pair) > 1)


def successor(topic: Topic) -> Topic:
    """The topic this one lives on in; itself while it was not merged."""
    seen = {topic.pk}
    while topic.merged_into is not None and topic.merged_into_id not in seen:
        topic = topic.merged_into
        seen.add(topic.pk)
    return topic
