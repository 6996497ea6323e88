"""Tracks the matters people speak of across runs: each document joins a known topic or opens a new one with a stable code.

Every run looks anew at all documents of the living topics together with the new ones, so that the order in which they
came in does not matter, topics that turn out to be one are merged, and a topic that has fallen apart is split.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from nlp.features import TrackingParameters, Wording
from nlp.matters import Matters, Past, matters
from nlp.naming import OFFICE_ZONE, Naming, named, topic_code
from nlp.topic_types import Assignment, Change, Known, Tracking, TrackItem
from store.stages import ChangeKind

__all__ = [
    "OFFICE_ZONE",
    "Assignment",
    "Change",
    "Known",
    "TrackItem",
    "Tracking",
    "days",
    "successor",
    "topic_code",
    "track",
]

DAY = 86_400.0


def track(
    items: Iterable[TrackItem],
    known: Known,
    *,
    memberships: Mapping[str, str] | None = None,
    parameters: TrackingParameters | None = None,
) -> Tracking:
    """Place new documents beside those of the living topics, which may move with what the new ones show.

    `memberships` gives the topic code of documents that are answered or repeated but not among `items`, by URL. Only
    relevant documents open or join topics by what they say; replies and repeats follow the document they answer or
    repeat. The order of `items` does not matter. Time grows about linearly with their number and length.
    """
    in_order = sorted(items, key=lambda item: (item.published_at, item.url))
    here = {item.url for item in in_order}
    elsewhere = {url: code for url, code in (memberships or {}).items() if code in known.began and url not in here}
    leaders = _leaders(in_order, elsewhere)
    roots = [item for item in in_order if leaders.get(item.url) == item.url]
    found = _matters(roots, parameters or TrackingParameters.load())
    labels: list[int] = found.labels.tolist()
    naming = named(roots, labels, known)
    codes = {item.url: naming.codes[label] for item, label in zip(roots, labels, strict=True)}
    closeness = dict(zip(codes, found.closeness().tolist(), strict=True))
    changes = _changes(roots, found, naming)
    merged = {change.other: change.topic for change in changes if change.kind is ChangeKind.MERGED}
    codes |= {url: successor(code, merged) for url, code in elsewhere.items()}
    assignments = (
        Assignment(item.id, item.url, codes[leader], round(closeness[item.url], 4) if leader == item.url else 1.0)
        for item in in_order
        if (leader := leaders[item.url]) is not None and codes[leader] != item.topic
    )
    left = tuple(item.id for item in in_order if item.topic and leaders[item.url] is None)
    return Tracking(tuple(assignments), changes, left)


def days(at: datetime) -> float:
    """A moment in days since 1970."""
    return at.timestamp() / DAY


def successor(code: str, merged: Mapping[str, str]) -> str:
    """The code a merged topic lives on under after a run; itself when it was not merged."""
    while code in merged:
        code = merged[code]
    return code


def _matters(roots: Sequence[TrackItem], parameters: TrackingParameters) -> Matters:
    numbers = {code: number for number, code in enumerate(dict.fromkeys(item.topic for item in roots if item.topic))}
    past = Past([days(item.published_at) for item in roots], [numbers.get(item.topic, -1) for item in roots])
    return matters((Wording(item.title, item.text, item.words) for item in roots), past, parameters)


def _changes(roots: Sequence[TrackItem], found: Matters, naming: Naming) -> tuple[Change, ...]:
    """The steps with how alike what came is to the topic's other documents."""
    keys = [(label, item.topic) for item, label in zip(roots, found.labels.tolist(), strict=True)]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    pairs = [(numbers[step.label, step.other], numbers[step.beside]) for step in naming.steps]
    alike = found.alike([numbers[key] for key in keys], pairs)
    return tuple(
        Change(step.kind, step.topic, step.other, step.count, round(min(value, 1.0), 2))
        for step, value in zip(naming.steps, alike, strict=True)
    )


def _leaders(items: Sequence[TrackItem], elsewhere: Mapping[str, str]) -> dict[str, str | None]:
    """For every document the URL of the one it goes with: itself where it speaks for itself, None where it has no place.

    Chains of replies and repeats are walked to their start, a repeat's original before its thread. A relevant document
    whose chain leads nowhere (what it answers was not relevant) speaks for itself.
    """
    by_url = {item.url: item for item in items}
    found: dict[str, str | None] = {}
    for item in items:
        path = [item.url]
        entered = {item.url}
        while path:
            url = path[-1]
            leads = [lead for lead in (by_url[url].duplicate_of, by_url[url].reply_to) if lead]
            waiting = [lead for lead in leads if lead in by_url and lead not in found and lead not in entered]
            if waiting and url not in found:
                path.append(waiting[0])
                entered.add(waiting[0])
                continue
            path.pop()
            if url not in found:
                places = (found.get(lead) or (lead if lead in elsewhere else None) for lead in leads)
                found[url] = next((place for place in places if place), url if by_url[url].relevant else None)
    return found
