"""Joins documents into matters, the most alike first: agglomeration over a sparse graph of candidates.

The likeness of two groups is the mean likeness of all pairs of members, divided by both groups' own cohesion to the power
`centre_power` (average linkage at 0, the cosine of the centres at 1), and weakened by silence between them and by
contradicting places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from nlp.features import TrackingParameters
from nlp.neighbours import neighbours

PASSES = 3  # candidates are looked for anew among the grown groups; later passes find next to nothing
NEARLY = 0.9  # a group joins its best partner when that has none better by more than this share: halves the rounds
CLOSE = 0.8  # pairs under this share of the threshold are dropped: merging raises a likeness hardly more
ENTRIES = 2_000_000  # matrix entries compared at once: bounds memory

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups in order of age: the sum of their members' rows, their number, their days, what they state.

    `regions` adds up, a row a group, what regions its members name, `naming` how many name any; `earlier` counts the topics
    its members belonged to before.
    """

    totals: Any
    size: Values
    start: Values
    end: Values
    regions: Any
    naming: Values
    earlier: Any

    def joined(self, labels: Numbers) -> Groups:
        """The groups after a merge; `labels` numbers the new group of each, in order of age."""
        count = int(labels.max()) + 1 if len(labels) else 0
        sums = sparse.csr_matrix(
            (np.ones(len(labels), np.float32), (labels, np.arange(len(labels)))), shape=(count, len(labels))
        )
        start, end = np.full(count, np.inf), np.full(count, -np.inf)
        np.minimum.at(start, labels, self.start)
        np.maximum.at(end, labels, self.end)
        size: Values = np.bincount(labels, self.size, count).astype(np.float64)
        naming: Values = np.bincount(labels, self.naming, count).astype(np.float64)
        return Groups(sums @ self.totals, size, start, end, sums @ self.regions, naming, sums @ self.earlier)

    def chosen(self, rows: Numbers) -> Groups:
        """Some of the groups."""
        return Groups(
            self.totals[rows],
            self.size[rows],
            self.start[rows],
            self.end[rows],
            self.regions[rows],
            self.naming[rows],
            self.earlier[rows],
        )


def link(groups: Groups, parameters: TrackingParameters) -> Numbers:
    """The matter of every group, numbered in order of age; time grows about linearly with the groups."""
    labels = np.arange(len(groups.size))
    for _ in range(PASSES):
        younger, older = neighbours(groups.totals, parameters)
        found = _agglomerated(groups, older, younger, parameters)
        count = int(found.max()) + 1 if len(found) else 0
        labels = found[labels]
        if count == len(groups.size):
            break
        groups = groups.joined(found)
    return labels


def likeness(groups: Groups, one: Numbers, other: Numbers, parameters: TrackingParameters) -> Values:
    """How alike the groups `one[k]` and `other[k]` are, 0..1 and a little over."""
    size = groups.size
    squares = _squares(groups.totals)
    cohesion = np.maximum(np.sqrt(squares) / size, 1e-9)
    mean = _dots(groups.totals, one, other) / (size[one] * size[other])
    alike = mean / (cohesion[one] * cohesion[other]) ** parameters.centre_power
    gap = np.maximum(0.0, np.maximum(groups.start[one] - groups.end[other], groups.start[other] - groups.end[one]))
    pull = np.exp2(-gap / parameters.half_life_days)
    region = 1.0 - (1.0 - parameters.other_region) * _contradiction(groups, one, other)
    known = _cosine(groups.earlier, one, other)
    return alike * pull * region * (1.0 + parameters.stay * known)


def centrality(documents: Groups, labels: Numbers) -> Values:
    """Cosine of each document with the centre of the group `labels` gives it, 0..1; 1.0 for a group of one."""
    together = documents.joined(labels)
    both = sparse.vstack([documents.totals, together.totals], format="csr")
    rows = np.arange(len(labels))
    lengths = np.maximum(np.sqrt(_squares(both)), 1e-9)
    cosine = _dots(both, rows, len(labels) + labels) / (lengths[rows] * lengths[len(labels) + labels])
    return np.where(together.size[labels] == 1, 1.0, np.clip(cosine, 0.0, 1.0))


def _agglomerated(groups: Groups, one: Numbers, other: Numbers, parameters: TrackingParameters) -> Numbers:
    """Labels after merging along these pairs while any is over the threshold."""
    labels = np.arange(len(groups.size))
    values = likeness(groups, one, other, parameters)
    close = values >= CLOSE * parameters.merge
    one, other, values = one[close], other[close], values[close]
    rows = np.unique(np.concatenate([one, other]))  # the rest has nothing to merge with
    active, place = groups.chosen(rows), np.full(len(labels), -1)
    place[rows] = np.arange(len(rows))
    local, one, other = np.arange(len(rows)), place[one], place[other]
    while True:
        merged = _round(len(active.size), one, other, values, parameters.merge)
        if merged is None:
            break
        local = merged[local]
        touched = np.bincount(merged, minlength=int(merged.max()) + 1) > 1
        active = active.joined(merged)
        one, other, values = _relabelled(merged[one], merged[other], values)
        anew = touched[one] | touched[other]
        values[anew] = likeness(active, one[anew], other[anew], parameters)
        close = values >= CLOSE * parameters.merge
        one, other, values = one[close], other[close], values[close]
    firsts = np.full(int(local.max()) + 1 if len(local) else 0, len(labels))
    np.minimum.at(firsts, local, rows)
    labels[rows] = firsts[local]
    return np.unique(labels, return_inverse=True)[1]


def _round(count: int, one: Numbers, other: Numbers, values: Values, threshold: float) -> Numbers | None:
    """Labels after every group joined its best partner, where it is (nearly) the best of that as well; None: none did."""
    over = values >= threshold
    source = np.concatenate([one[over], other[over]])
    target = np.concatenate([other[over], one[over]])
    value = np.concatenate([values[over], values[over]])
    if not len(source):
        return None
    order = np.lexsort((target, -value, source))
    source, target, value = source[order], target[order], value[order]
    first = np.flatnonzero(np.r_[True, source[1:] != source[:-1]])
    best = np.zeros(count)
    best[source[first]] = value[first]
    joins = first[value[first] >= NEARLY * best[target[first]]]
    graph = sparse.csr_matrix((np.ones(len(joins)), (source[joins], target[joins])), shape=(count, count))
    _, labels = csgraph.connected_components(graph, directed=False)
    oldest = np.full(count, count)
    np.minimum.at(oldest, labels, np.arange(count))
    return np.unique(oldest[labels], return_inverse=True)[1]


def _relabelled(one: Numbers, other: Numbers, values: Values) -> tuple[Numbers, Numbers, Values]:
    """Pairs of different groups, each once."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    apart = low != high
    keys, first = np.unique(low[apart] << 32 | high[apart], return_index=True)
    return keys >> 32, keys & 0xFFFFFFFF, values[apart][first]


def _squares(matrix: Any) -> Values:
    cumulated = np.concatenate([[0.0], np.cumsum(matrix.data.astype(np.float64) ** 2)])
    squares: Values = np.maximum(cumulated[matrix.indptr[1:]] - cumulated[matrix.indptr[:-1]], 0.0)
    return squares


def _dots(matrix: Any, one: Numbers, other: Numbers) -> Values:
    """The inner products of rows, part by part."""
    lengths = np.diff(matrix.indptr).astype(np.int64)
    parts = np.cumsum(lengths[one] + lengths[other]) // ENTRIES
    found = np.zeros(len(one))
    for part in np.split(np.arange(len(one)), np.flatnonzero(np.diff(parts)) + 1):
        found[part] = np.asarray(matrix[one[part]].multiply(matrix[other[part]]).sum(axis=1)).ravel()
    return found


def _contradiction(groups: Groups, one: Numbers, other: Numbers) -> Values:
    """How far two groups name different regions, 0..1: less where few of their members name any."""
    share = groups.naming / groups.size
    return (1.0 - _cosine(groups.regions, one, other)) * np.sqrt(share[one] * share[other])


def _cosine(matrix: Any, one: Numbers, other: Numbers) -> Values:
    """Cosine of pairs of rows, 0..1; 0.0 where either is empty."""
    lengths = np.sqrt(_squares(matrix))
    both = (lengths[one] > 0) & (lengths[other] > 0)
    same = np.zeros(len(one))
    same[both] = _dots(matrix, one[both], other[both]) / (lengths[one[both]] * lengths[other[both]])
    return np.clip(same, 0.0, 1.0)
