"""Tracks the matters people speak of across runs: each document joins a known topic or opens a new one with a stable code.

One pass over the new documents, then a merge of topics that turn out to be one matter; the older code stays.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from nlp.features import Rarity, TrackingParameters, features
from nlp.linkage import Groups
from nlp.topic_types import Assignment, TopicState, Tracking, TrackItem

__all__ = ["Assignment", "TopicState", "TrackItem", "Tracking", "successor", "topic_code", "track"]

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")  # a topic's code carries the office's date
DAY = 86_400.0


@dataclass(slots=True)
class _Topic:
    """A topic while the run lasts."""

    code: str
    first_at: datetime
    last_at: datetime
    counts: Counter[str] = field(default_factory=Counter)
    roots: int = 0
    size: int = 0
    changed: bool = False
    alone: Mapping[str, float] = field(default_factory=dict)  # features of its first root


def topic_code(url: str, published_at: datetime) -> str:
    """The code of a topic by its first document: "T", its date in China, six hex digits of its URL's SHA-256."""
    return f"T{published_at.astimezone(OFFICE_ZONE):%Y%m%d}-{hashlib.sha256(url.encode()).hexdigest()[:6]}"


def track(
    states: Iterable[TopicState],
    items: Iterable[TrackItem],
    *,
    memberships: Mapping[str, str] | None = None,
    parameters: TrackingParameters | None = None,
) -> Tracking:
    """Place new documents; `memberships` gives the topic code of documents placed before, by URL.

    Only relevant documents open or join topics by what they say; replies and repeats follow the document they answer
    or repeat. A document already placed stays where it is. The order of `items` does not matter. Time grows about
    linearly with the documents and the topics kept.
    """
    run = _Run(states, sorted(items, key=lambda i: (i.published_at, i.url)), dict(memberships or {}), parameters)
    run.place_roots()
    run.merge()
    run.place_followers()
    return run.result()


class _Run:
    def __init__(
        self,
        states: Iterable[TopicState],
        items: Sequence[TrackItem],
        memberships: Mapping[str, str],
        parameters: TrackingParameters | None,
    ) -> None:
        self._parameters = parameters or TrackingParameters.load()
        self._items = items
        self._memberships = memberships
        known = sorted(states, key=lambda state: (state.first_at, state.code))
        self._weights = {i.url: self._features(i) for i in items if _speaks_for_itself(i)}
        self._rarity = self._rarity_of(known)
        self._groups = Groups(self._parameters)
        self._topics: list[_Topic] = []
        self._merged: list[tuple[int, int]] = []
        self._placed: dict[str, tuple[int, float]] = {}  # URL -> topic number, similarity
        for state in known:
            self._reopen(state)
        self._numbers = {topic.code: number for number, topic in enumerate(self._topics)}

    def _features(self, item: TrackItem) -> dict[str, float]:
        return features(item.title, item.text, item.words, self._parameters)

    def _rarity_of(self, known: Sequence[TopicState]) -> Rarity:
        counts: Counter[str] = Counter()
        for state in known:
            counts.update(state.alone.keys() if state.roots == 1 else state.counts)
        for weights in self._weights.values():
            counts.update(weights.keys())
        documents = sum(state.roots for state in known) + len(self._weights)
        return Rarity(counts, documents, self._parameters)

    def _reopen(self, state: TopicState) -> None:
        self._topics.append(
            _Topic(
                state.code,
                state.first_at,
                state.last_at,
                Counter(state.counts),
                state.roots,
                state.size,
                alone=state.alone,
            )
        )
        weights = self._rarity.vector(state.alone) if state.roots == 1 else state.weights
        self._groups.open(weights, size=state.roots, start=_days(state.first_at), end=_days(state.last_at))

    def place_roots(self) -> None:
        """Let every relevant document that answers and repeats nothing we know join the nearest topic or open one."""
        urls = {item.url for item in self._items}
        for item in self._items:
            if item.relevant and item.url not in self._memberships and not self._follows(item, urls):
                self._place(item)

    def _place(self, item: TrackItem) -> None:
        vector = self._rarity.vector(self._weights.get(item.url) or self._features(item))
        near = self._groups.nearest(vector, at=_days(item.published_at))
        if near is not None and near[1] >= self._parameters.join:
            self._groups.join(near[0], vector, at=_days(item.published_at))
            self._enter(near[0], item, round(near[1], 4), vector)
        else:
            self._enter(self._open(item, vector), item, 1.0, vector)

    def _follows(self, item: TrackItem, urls: set[str]) -> bool:
        """Whether the document it answers or repeats is known, so that it goes where that one goes."""
        return any(url and (url in urls or url in self._memberships) for url in (item.duplicate_of, item.reply_to))

    def _open(self, item: TrackItem, vector: Mapping[str, float]) -> int:
        at = _days(item.published_at)
        number = self._groups.open(vector, size=1, start=at, end=at)
        code = topic_code(item.url, item.published_at)
        alone = self._weights.get(item.url) or self._features(item)
        self._topics.append(_Topic(code, item.published_at, item.published_at, alone=alone))
        self._numbers[code] = number
        return number

    def _enter(self, number: int, item: TrackItem, similarity: float, vector: Mapping[str, float]) -> None:
        self._placed[item.url] = (number, similarity)
        topic = self._topics[number]
        topic.counts.update(vector.keys())
        topic.roots += 1
        self._count(topic, item)

    def _count(self, topic: _Topic, item: TrackItem) -> None:
        topic.size += 1
        topic.first_at = min(topic.first_at, item.published_at)
        topic.last_at = max(topic.last_at, item.published_at)
        topic.changed = True

    def merge(self) -> None:
        """Merge topics that are one matter, looking from the topics this run touched."""
        touched = [number for number, topic in enumerate(self._topics) if topic.changed]
        for gone, kept, _ in self._groups.merge_all(touched):
            old, new = self._topics[gone], self._topics[kept]
            new.counts.update(old.counts)
            new.roots += old.roots
            new.size += old.size
            new.first_at, new.last_at = min(new.first_at, old.first_at), max(new.last_at, old.last_at)
            new.changed = True
            self._merged.append((gone, kept))

    def place_followers(self) -> None:
        """Put replies and repeats where the document they follow is; chains are walked to their start.

        A relevant one whose leader has no topic (it was not relevant) is placed by what it says.
        """
        by_url = {item.url: item for item in self._items}
        self._follow(by_url)
        for item in self._waiting():
            if item.relevant:
                self._place(item)
        self._follow(by_url)

    def _waiting(self) -> list[TrackItem]:
        return [i for i in self._items if i.url not in self._placed and i.url not in self._memberships]

    def _follow(self, by_url: Mapping[str, TrackItem]) -> None:
        for item in self._waiting():
            number = self._leader(item, by_url)
            if number is not None:
                self._placed[item.url] = (number, 1.0)
                self._count(self._topics[self._groups.heir(number)], item)

    def _leader(self, item: TrackItem, by_url: Mapping[str, TrackItem]) -> int | None:
        seen: set[str] = set()
        waiting = [url for url in (item.reply_to, item.duplicate_of) if url]  # the original before the thread
        while waiting:
            url = waiting.pop()
            if url in seen:
                continue
            seen.add(url)
            if url in self._placed:
                return self._placed[url][0]
            if url in self._memberships:
                return self._numbers.get(self._memberships[url])
            if url in by_url:
                waiting.extend(u for u in (by_url[url].reply_to, by_url[url].duplicate_of) if u)
        return None

    def result(self) -> Tracking:
        """The changes in a fixed order."""
        placed = [(item, *self._placed[item.url]) for item in self._items if item.url in self._placed]
        assignments = tuple(
            Assignment(item.id, item.url, self._topics[self._groups.heir(number)].code, similarity)
            for item, number, similarity in placed
        )
        alive = [n for n, topic in enumerate(self._topics) if topic.changed and self._groups.heir(n) == n]
        merged = tuple((self._topics[a].code, self._topics[b].code) for a, b in self._merged)
        return Tracking(assignments, tuple(self._state(n) for n in alive), merged)

    def _state(self, number: int) -> TopicState:
        topic, group = self._topics[number], self._groups.groups[number]
        heaviest = sorted(group.total.items(), key=lambda item: (-item[1], item[0]))[: self._parameters.centre_features]
        return TopicState(
            code=topic.code,
            weights={key: value / group.size for key, value in heaviest},
            counts={key: topic.counts[key] for key, _ in heaviest},
            roots=topic.roots,
            size=topic.size,
            first_at=topic.first_at,
            last_at=topic.last_at,
            alone=self._first(topic) if topic.roots == 1 else {},
        )

    def _first(self, topic: _Topic) -> dict[str, float]:
        """The heaviest features of a lone document."""
        heaviest = sorted(topic.alone.items(), key=lambda item: (-item[1], item[0]))
        return dict(heaviest[: self._parameters.centre_features])


def _speaks_for_itself(item: TrackItem) -> bool:
    return not item.duplicate_of and not item.reply_to


def _days(at: datetime) -> float:
    return at.timestamp() / DAY


def successor(code: str, merged: Mapping[str, str]) -> str:
    """The code a merged topic lives on under after a run; itself when it was not merged."""
    while code in merged:
        code = merged[code]
    return code
