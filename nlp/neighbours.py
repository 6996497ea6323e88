"""Finds for every document the few others worth comparing: those that share its most telling features, nearest in age.

A feature names only its latest holders, so the cost of a document is bounded however many there are.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.features import TrackingParameters

BLOCK = 4096  # rows looked at together: bounds memory
Numbers = NDArray[np.int64]


def neighbours(matrix: Any, parameters: TrackingParameters) -> tuple[Numbers, Numbers]:
    """Pairs (younger, older) of rows of a CSR matrix in order of age, each row with at most `candidates` older ones.

    Of a row's `probes` heaviest features each names the `holders` youngest rows before it that are probed by it as well;
    the rows that share most of its weight are its candidates.
    """
    rows, columns, values = _probes(matrix, parameters.probes)
    order = np.lexsort((rows, columns))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    held_by, features, weights = rows[order], columns[order], values[order]
    found = []
    bounds = np.searchsorted(rows, np.arange(0, matrix.shape[0] + BLOCK, BLOCK))
    for start, end in pairwise(bounds):
        here = place[start:end]
        shifted = []
        for shift in range(1, parameters.holders + 1):
            at = here[here >= shift]
            at = at[features[at] == features[at - shift]]
            shifted.append((held_by[at], held_by[at - shift], weights[at] * weights[at - shift]))
        joined, other, shared = (np.concatenate(column) for column in zip(*shifted, strict=True))
        found.append(_best(joined, other, shared, parameters.candidates))
    younger, older = zip(*found, strict=True) if found else ([], [])
    return (np.concatenate(younger), np.concatenate(older)) if found else (np.zeros(0, int), np.zeros(0, int))


def _probes(matrix: Any, limit: int) -> tuple[Numbers, Numbers, NDArray[np.float32]]:
    """The heaviest entries of each row: row, column and value, ordered by row."""
    lengths = np.diff(matrix.indptr)
    rows = np.repeat(np.arange(matrix.shape[0]), lengths)
    kept = lengths[rows] <= limit
    long = np.flatnonzero(~kept)
    order = long[np.lexsort((matrix.indices[long], -matrix.data[long], rows[long]))]
    rank = np.arange(len(order)) - np.searchsorted(rows[order], rows[order])
    kept[order[rank < limit]] = True
    return rows[kept], matrix.indices[kept].astype(np.int64), matrix.data[kept]


def _best(younger: Numbers, older: Numbers, shared: NDArray[np.float32], limit: int) -> tuple[Numbers, Numbers]:
    """The `limit` older rows that share most with each younger one."""
    if not len(younger):
        return younger, older
    order = np.lexsort((older, younger))
    younger, older, shared = younger[order], older[order], shared[order]
    first = np.flatnonzero(np.r_[True, (younger[1:] != younger[:-1]) | (older[1:] != older[:-1])])
    younger, older, shared = younger[first], older[first], np.add.reduceat(shared, first)
    order = np.lexsort((older, -shared, younger))
    younger, older = younger[order], older[order]
    begins = np.flatnonzero(np.r_[True, younger[1:] != younger[:-1]])
    rank = np.arange(len(younger)) - np.repeat(begins, np.diff(np.r_[begins, len(younger)]))
    return younger[rank < limit], older[rank < limit]
