"""Groups of unit vectors with an inverted index over their features: finds the nearest group, joins and merges groups.

Similarity is the mean similarity of all pairs of members, divided by both groups' own cohesion to the power
`centre_power`: average linkage at 0, the cosine of the centres at 1.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from nlp.features import TrackingParameters

PROBES = 40  # heaviest features of a centre that look for candidates


@dataclass(slots=True, eq=False)
class Group:
    """A growing set of documents: the sum of their unit vectors, their number, and their time in days."""

    total: dict[str, float]
    size: float
    start: float
    end: float
    square: float = 1.0  # squared length of `total`

    @property
    def cohesion(self) -> float:
        """Length of the mean vector: 1 for documents all alike, towards 0 for a loose group."""
        return math.sqrt(self.square) / self.size


@dataclass(slots=True)
class Groups:
    """All groups of a run, numbered from the oldest; a merged group lives on in the older one."""

    parameters: TrackingParameters
    groups: list[Group] = field(default_factory=list)
    _heirs: list[int] = field(default_factory=list)
    _postings: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def open(self, vector: Mapping[str, float], *, size: float, start: float, end: float) -> int:
        """Add a group with this mean vector; returns its number. Call in order of age: a merge keeps the lower."""
        number = len(self.groups)
        self.groups.append(Group({}, size, start, end, 0.0))
        self._heirs.append(number)
        self._pour(number, {key: value * size for key, value in vector.items()})
        return number

    def join(self, number: int, vector: Mapping[str, float], *, at: float) -> None:
        """Put one document into a group."""
        group = self.groups[number]
        self._pour(number, vector)
        group.size += 1
        group.start, group.end = min(group.start, at), max(group.end, at)

    def _pour(self, number: int, total: Mapping[str, float]) -> None:
        group = self.groups[number]
        own, square = group.total, group.square
        for key, value in total.items():
            before = own.get(key)
            if before is None:
                own[key] = value
                square += value * value
                self._postings[key].append(number)
            else:
                own[key] = before + value
                square += (2.0 * before + value) * value
        group.square = square

    def heir(self, number: int) -> int:
        """The group that a group lives on in; itself when it was never merged."""
        while self._heirs[number] != number:
            self._heirs[number] = self._heirs[self._heirs[number]]
            number = self._heirs[number]
        return number

    def nearest(self, vector: Mapping[str, float], *, at: float) -> tuple[int, float] | None:
        """The group most like a document published at `at` days, and how like; the older of equals."""
        document = Group(dict(vector), 1.0, at, at)
        scored = ((self._similarity(document, self.groups[n]), -n) for n in self._candidates(document))
        best = max(scored, default=None)
        return (-best[1], best[0]) if best else None

    def similarity(self, vector: Mapping[str, float], number: int) -> float:
        """How like a document is to a group, time left aside."""
        return _likeness(Group(dict(vector), 1.0, 0, 0), self.groups[number], self.parameters.centre_power)

    def _candidates(self, group: Group) -> list[int]:
        """The groups that share most of its heaviest features, itself among them when it is one of ours."""
        shared: Counter[int] = Counter()
        for key, _ in _heaviest(group.total, PROBES):
            postings = self._postings.get(key, ())
            if len(postings) <= self.parameters.postings:
                shared.update(postings)  # counting runs in C; the few best are weighed exactly afterwards
        alive = ((count, -number) for number, count in shared.items() if self._heirs[number] == number)
        return [-number for _, number in heapq.nlargest(self.parameters.candidates, alive)]

    def _similarity(self, one: Group, other: Group) -> float:
        gap = max(0.0, one.start - other.end, other.start - one.end)
        pull = math.pow(0.5, gap / self.parameters.half_life_days)
        return _likeness(one, other, self.parameters.centre_power) * pull

    def merge_all(self, numbers: Iterable[int]) -> list[tuple[int, int, float]]:
        """Merge groups, the most alike first, while any pair with one of `numbers` is over the threshold.

        Returns (merged, kept, similarity) in order. Greedy agglomeration; a pair is looked at anew after each merge.
        """
        heap = [edge for number in numbers for edge in self._edges(number)]
        heapq.heapify(heap)
        merged: list[tuple[int, int, float]] = []
        while heap:
            distance, kept, gone, size_kept, size_gone = heapq.heappop(heap)
            if not self._stands(kept, size_kept) or not self._stands(gone, size_gone):
                continue
            self._merge(gone, kept)
            merged.append((gone, kept, -distance))
            for edge in self._edges(kept):
                heapq.heappush(heap, edge)
        return merged

    def _stands(self, number: int, size: float) -> bool:
        return self._heirs[number] == number and self.groups[number].size == size

    def _edges(self, number: int) -> Iterator[tuple[float, int, int, float, float]]:
        group = self.groups[number]
        for other in self._candidates(group):
            if other == number:
                continue
            value = self._similarity(group, self.groups[other])
            if value >= self.parameters.merge:
                kept, gone = min(number, other), max(number, other)
                yield -value, kept, gone, self.groups[kept].size, self.groups[gone].size

    def _merge(self, gone: int, kept: int) -> None:
        old, new = self.groups[gone], self.groups[kept]
        self._pour(kept, old.total)
        new.size += old.size
        new.start, new.end = min(new.start, old.start), max(new.end, old.end)
        self._heirs[gone] = kept
        old.total = {}


def _heaviest(total: Mapping[str, float], limit: int) -> list[tuple[str, float]]:
    if len(total) <= limit:
        return list(total.items())
    return heapq.nlargest(limit, total.items(), key=lambda item: (item[1], item[0]))


def _likeness(one: Group, other: Group, power: float) -> float:
    common = one.total.keys() & other.total.keys()
    if not common:
        return 0.0
    product = math.fsum(one.total[key] * other.total[key] for key in common)  # exact, so the set's order is no matter
    return product / (one.size * other.size) / math.pow(one.cohesion * other.cohesion, power)
