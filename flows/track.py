"""Track: new documents join known topics or open new ones; words and heat of topics follow (flows/measure.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from flows.measure import measure
from nlp.topics import Known, Tracking, TrackItem
from nlp.topics import track as place
from store import labels, placements, topics
from store.models import DocumentRow, Label, Topic, TopicChange

KEPT = timedelta(days=30)  # a topic silent for longer is history; its matter returning opens a new one


@dataclass(frozen=True, slots=True)
class Tracked:
    """How many new documents were placed, topics opened and topics merged."""

    placed: int
    opened: int
    merged: int


def track(*, night: str, now: datetime) -> Tracked:
    """Place what is new and measure every living topic, whole or not at all."""
    with transaction.atomic():
        waiting = topics.untracked()
        tracked = _place(waiting, now) if waiting else Tracked(0, 0, 0)
        DocumentRow.objects.filter(pk__in=[row.pk for row in waiting]).update(is_tracked=True)
        measure(topics.living(now - KEPT), night=night, now=now)
    return tracked


def _place(waiting: Sequence[DocumentRow], now: datetime) -> Tracked:
    """Look at the new documents beside those of the living topics, and store what that changes."""
    living = {topic.code: topic for topic in [*topics.living(now - KEPT), *topics.topics_of(waiting)]}
    codes = _memberships(waiting)
    rows = {row.pk: row for row in topics.remembered(living.values(), now - KEPT)}
    people = labels.standing([Label.RELEVANCE])
    placed = {pk: row.membership.topic.code for pk, row in rows.items()}
    placed |= {row.pk: codes.get(row.url, "") for row in waiting if row.pk not in rows}
    rows |= {row.pk: row for row in waiting if row.pk not in rows}
    items = [
        _item(rows[pk], code, relevant=labels.is_relevant(people.get(pk, {}), rows[pk].annotation.relevant))
        for pk, code in placed.items()
    ]
    known = Known({code: topic.first_at for code, topic in living.items()}, topics.given_codes())
    tracking = place(items, known, memberships=codes)
    new = {row.pk for row in waiting}
    tracking = replace(tracking, left=tuple(pk for pk in tracking.left if pk in new))  # others' leaders may be too old
    opened = _store(tracking, living, {item.id: item for item in items}, now)
    return Tracked(sum(placed.id in new for placed in tracking.assignments), opened, len(tracking.merged))


def _item(row: DocumentRow, code: str, *, relevant: bool) -> TrackItem:
    return TrackItem(
        id=row.pk,
        url=row.url,
        title=row.title,
        text=row.text,
        words=tuple(row.annotation.tokens),
        published_at=row.published_at,
        relevant=relevant,
        reply_to=row.reply_to,
        duplicate_of=row.duplicate_of.url if row.duplicate_of else "",
        topic=code,
    )


def _memberships(waiting: Sequence[DocumentRow]) -> dict[str, str]:
    """Topic codes of what the new documents are, answer or repeat."""
    urls = {row.url for row in waiting} | {row.reply_to for row in waiting if row.reply_to}
    return topics.codes_of(urls | {row.duplicate_of.url for row in waiting if row.duplicate_of})


def _store(tracking: Tracking, living: Mapping[str, Topic], items: Mapping[int | str, TrackItem], now: datetime) -> int:
    """Write topics, members, merges and history; what people arranged stands. Returns how many topics are new."""
    parted = placements.parted()
    refused = {pair for pair in tracking.merged if frozenset(pair) in parted}
    rejoined = _rejoined(tracking, living)
    assignments = [
        replace(a, code=rejoined.get(a.code, a.code))
        for a in tracking.assignments
        if (items[a.id].topic, a.code) not in refused
    ]
    by_code = dict(living)
    for placed in assignments:
        if placed.code not in by_code:
            at = items[placed.id].published_at
            by_code[placed.code] = Topic.objects.create(code=placed.code, first_at=at, last_at=at)
    for gone, kept in tracking.merged:
        if (gone, kept) not in refused:
            topics.merge(by_code[gone], by_code[kept])
    topics.take_out([int(pk) for pk in tracking.left])
    topics.put_members([(int(placed.id), placed.code, placed.similarity) for placed in assignments], by_code)
    placements.keep()
    touched = {placed.code for placed in assignments}
    touched |= {items[pk].topic for pk in (*tracking.left, *(placed.id for placed in assignments))}
    for code in sorted((touched | {kept for _, kept in tracking.merged}) - {""}):
        topics.recount(by_code[code])
    topics.record_changes(
        [
            TopicChange(
                kind=change.kind.value,
                topic=by_code[change.topic],
                other=by_code[change.other],
                count=change.count,
                alike=change.alike,
                at=now,
            )
            for change in tracking.changes
            if (change.other, change.topic) not in refused and change.topic not in rejoined
        ]
    )
    return len(by_code) - len(living)


def _rejoined(tracking: Tracking, living: Mapping[str, Topic]) -> dict[str, str]:
    """New topics that hold what a person put elsewhere, with that place: what people joined grows together."""
    homes = placements.homes()
    found: dict[str, str] = {}
    for placed in tracking.assignments:
        home = homes.get(int(placed.id))
        if home is not None and home in living and placed.code not in living:
            found.setdefault(placed.code, home)
    return found
