"""Weighs the features of many texts by how telling they are: one row a text, ready to be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from nlp.features import GRAM, OPENING, ROW_SHIFT, Block, Numbers, TrackingParameters, Vocabulary, Wording, block_of
from nlp.grams import MIX
from nlp.regions import regions

TEXTS_A_BLOCK = 5000
COLUMN = (1 << ROW_SHIFT) - 1
SIEVE_BITS = 24
SERIES = 3  # texts that open alike: of two it may be chance, three are a series

Weights = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """What texts say, a row a text: weighted features (n_texts, n_features) and regions named (n_texts, n_regions).

    Both are scipy CSR matrices in float32. Rows of `regions` have length 1, or 0 where a text names none.
    """

    features: Any
    regions: Any


def read(texts: Iterable[Wording], parameters: TrackingParameters) -> Reading:
    """Read texts block by block; they may be made on the way.

    A value is (1 + ln count) * weight of its kind * idf; rows are scaled to length 1, those of texts that say little to
    less (`least_evidence`). A feature that only one text holds links nothing to nothing and is left out.
    """
    vocabulary = Vocabulary()
    blocks = [block_of(block, vocabulary, parameters) for block in _blocks(texts)]
    firsts = np.cumsum([0, *(block.size for block in blocks)])
    count = int(firsts[-1])
    named = _regions(blocks, firsts, count)
    keys, counts = _repeated(blocks, firsts)
    del blocks
    weights = (1.0 + np.log(counts)).astype(np.float32) * _kind_weights(keys & COLUMN, parameters)
    columns, numbers, holders = np.unique(keys & COLUMN, return_inverse=True, return_counts=True)
    rarity = _rarity(columns, holders, np.array(vocabulary.shares), _Frame(count, parameters))
    kept = rarity[numbers] > 0.0
    rows, numbers, weights = keys[kept] >> ROW_SHIFT, numbers[kept], weights[kept]
    telling = (np.cumsum(rarity > 0.0) - 1).astype(np.int32)
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=count))])
    shape = (count, int(np.count_nonzero(rarity > 0.0)))
    matrix = sparse.csr_matrix((weights * rarity[numbers], telling[numbers], starts), shape=shape)
    return Reading(_scaled(matrix, parameters.least_evidence), _scaled(named, 0.0))


def _blocks(texts: Iterable[Wording]) -> Iterator[list[Wording]]:
    left = iter(texts)
    while block := list(islice(left, TEXTS_A_BLOCK)):
        yield block


def _repeated(blocks: list[Block], firsts: Numbers) -> tuple[Numbers, Numbers]:
    """Keys and counts of the features that may be held by several texts: a sieve of hashed counts drops most others."""
    held = np.zeros(1 << SIEVE_BITS, dtype=np.uint8)
    again = np.zeros(1 << SIEVE_BITS, dtype=bool)
    for block in blocks:
        slots, times = np.unique(_slots(block.keys), return_counts=True)
        again[slots[(times > 1) | (held[slots] > 0)]] = True
        held[slots] = 1
    keys, counts = [], []
    for block, first in zip(blocks, firsts, strict=False):
        kept = again[_slots(block.keys)]
        keys.append(block.keys[kept] + (first << ROW_SHIFT))
        counts.append(block.counts[kept])
    empty = np.zeros(0, dtype=np.int64)
    return np.concatenate([empty, *keys]), np.concatenate([empty, *counts])


def _slots(keys: Numbers) -> Numbers:
    mixed = (keys & COLUMN).astype(np.uint64) * MIX
    return (mixed >> np.uint64(64 - SIEVE_BITS)).astype(np.int64)


def _regions(blocks: list[Block], firsts: Numbers, count: int) -> Any:
    empty = np.zeros(0, dtype=np.int64)
    rows = np.concatenate([empty, *(block.regions[0] + first for block, first in zip(blocks, firsts, strict=False))])
    places = np.concatenate([empty, *(block.regions[1] for block in blocks)])
    matrix = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, places)), shape=(count, regions().count))
    matrix.sum_duplicates()
    return matrix


def _scaled(matrix: Any, least: float) -> Any:
    """Rows divided by sqrt(length² + least²)."""
    squares = np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()
    scale = (1.0 / np.sqrt(squares + least**2 + 1e-12)).astype(np.float32)
    matrix.data *= np.repeat(scale, np.diff(matrix.indptr))
    return matrix


@dataclass(frozen=True, slots=True)
class _Frame:
    """What rarity is reckoned in."""

    documents: int
    parameters: TrackingParameters


def _rarity(columns: Numbers, holders: Numbers, shares: NDArray[np.float64], frame: _Frame) -> Weights:
    """How telling each feature is: idf over the texts at hand, smoothed with general Chinese; 0 when it tells nothing.

    idf = ln((N + n0) / (df + n0 * p)), p the feature's share in general Chinese, n0 `prior_documents`.
    """
    parameters = frame.parameters
    expected = np.full(len(columns), parameters.prior_gram_share)
    is_word = columns < GRAM
    expected[is_word] = shares[columns[is_word]]
    idf = np.log((frame.documents + parameters.prior_documents) / (holders + parameters.prior_documents * expected))
    enough = holders >= np.where(columns >= OPENING, SERIES, 2)
    return np.where(enough & (idf >= parameters.least_idf), idf, 0.0).astype(np.float32)


def _kind_weights(columns: Numbers, parameters: TrackingParameters) -> Weights:
    weights = np.full(len(columns), parameters.gram_weight, dtype=np.float32)
    weights[columns < GRAM] = parameters.word_weight
    weights[columns >= OPENING] = parameters.opening_weight
    return weights
