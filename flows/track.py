"""Track: new documents join known topics or open new ones; words and heat of topics follow (flows/measure.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from flows.measure import measure
from nlp.topics import TopicState, Tracking, TrackItem
from nlp.topics import track as place
from store import placements, topics
from store.models import DocumentRow, Topic

KEPT = timedelta(days=30)  # a topic silent for longer is history; its matter returning opens a new one


@dataclass(frozen=True, slots=True)
class Tracked:
    """How many documents were placed, topics opened and topics merged."""

    placed: int
    opened: int
    merged: int


def track(*, night: str, now: datetime) -> Tracked:
    """Place what is new and measure every living topic, whole or not at all."""
    with transaction.atomic():
        waiting = topics.untracked()
        living = topics.living(now - KEPT)
        tracking = place(map(_state, living), map(_item, waiting), memberships=_memberships(waiting))
        opened = _store(tracking, living)
        DocumentRow.objects.filter(pk__in=[row.pk for row in waiting]).update(is_tracked=True)
        measure(topics.living(now - KEPT), night=night, now=now)
    return Tracked(placed=len(tracking.assignments), opened=opened, merged=len(tracking.merged))


def _state(topic: Topic) -> TopicState:
    return TopicState.restored(
        topic.code, topic.centre, size=topic.size, first_at=topic.first_at, last_at=topic.last_at
    )


def _item(row: DocumentRow) -> TrackItem:
    return TrackItem(
        id=row.pk,
        url=row.url,
        title=row.title,
        text=row.text,
        words=tuple(row.annotation.tokens),
        published_at=row.published_at,
        relevant=row.annotation.relevant,
        reply_to=row.reply_to,
        duplicate_of=row.duplicate_of.url if row.duplicate_of else "",
    )


def _memberships(waiting: Sequence[DocumentRow]) -> dict[str, str]:
    """Topic codes of what the new documents are, answer or repeat."""
    urls = {row.url for row in waiting} | {row.reply_to for row in waiting if row.reply_to}
    return topics.codes_of(urls | {row.duplicate_of.url for row in waiting if row.duplicate_of})


def _store(tracking: Tracking, living: Sequence[Topic]) -> int:
    """Write topics, members and merges; returns how many topics are new."""
    by_code = {topic.code: topic for topic in living}
    gone = {old for old, _ in tracking.merged}
    opened = 0
    for state in tracking.states:
        topic = by_code.get(state.code)
        if topic is None:
            topic = by_code[state.code] = Topic(code=state.code)
            opened += 1
        topic.centre = state.centre()
        topic.size, topic.first_at, topic.last_at = state.size, state.first_at, state.last_at
        topic.save()
    parted = placements.parted()
    for old, kept in tracking.merged:
        if old in by_code and frozenset((old, kept)) not in parted:
            topics.merge(by_code[old], by_code[kept])
    members = [(int(a.id), a.code, a.similarity) for a in tracking.assignments if a.code not in gone]
    topics.put_members(members, by_code)
    placements.keep()
    return opened
