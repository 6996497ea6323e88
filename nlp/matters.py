"""Which documents speak of one matter: reads them, finds each one's neighbours, joins the most alike first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from nlp.features import Numbers, TrackingParameters, Wording
from nlp.linkage import Groups, Values, centrality, likeness, link
from nlp.vectors import read


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of documents besides their wording: their day, and the topic each was in before (-1: it is new)."""

    days: Sequence[float]
    topics: Sequence[int]


@dataclass(frozen=True, slots=True)
class Matters:
    """`labels` numbers the matter of each document from the oldest; `documents` are the groups of one they began as."""

    labels: Numbers
    documents: Groups
    parameters: TrackingParameters

    def closeness(self) -> Values:
        """How like each document is to its matter's centre, 0..1; 1.0 for one that stands alone."""
        return centrality(self.documents, self.labels)

    def alike(self, grouping: Sequence[int], pairs: Sequence[tuple[int, int]]) -> list[float]:
        """How alike pairs of groups are, for any numbering of the documents' groups without gaps."""
        if not pairs:
            return []
        one, other = np.array(pairs, dtype=np.int64).T
        groups = self.documents.joined(np.array(grouping, dtype=np.int64))
        return [float(value) for value in likeness(groups, one, other, replace(self.parameters, stay=0.0))]


def matters(texts: Iterable[Wording], past: Past, parameters: TrackingParameters) -> Matters:
    """The matters of documents given in order of age; time grows about linearly with their number and length.

    Documents that were in one topic before are drawn together a little (`stay`), so that topics do not flicker; they
    part all the same when they no longer speak of one matter.
    """
    reading = read(texts, parameters)
    days = np.array(past.days, dtype=np.float64)
    size = np.ones(len(days))
    naming = (np.diff(reading.regions.indptr) > 0).astype(np.float64)
    documents = Groups(reading.features, size, days, days, reading.regions, naming, _one_hot(past.topics))
    return Matters(link(documents, parameters), documents, parameters)


def _one_hot(topics: Sequence[int]) -> sparse.csr_matrix:
    numbers = np.array(topics, dtype=np.int64)
    rows = np.flatnonzero(numbers >= 0)
    shape = (len(numbers), int(numbers.max(initial=-1)) + 1 or 1)
    return sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, numbers[rows])), shape=shape)
