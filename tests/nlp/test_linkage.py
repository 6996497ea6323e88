"""Groups are joined most alike first; cost is bounded and neither order nor hash leaks into the result."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from nlp.features import TrackingParameters
from nlp.linkage import Groups, centrality, likeness, link
from nlp.neighbours import neighbours

PARAMETERS = TrackingParameters.load()
HELD = np.array([[1.0, 0.0, 0.0, 0.0], [0.8, 0.6, 0.0, 0.0], [0.0, 0.0, 0.6, 0.8], [0.0, 0.0, 1.0, 0.0]])


def groups(
    rows: np.ndarray,
    *,
    days: list[float] | None = None,
    regions: list[int] | None = None,
    earlier: list[int] | None = None,
) -> Groups:
    """Documents with these feature rows; `regions` and `earlier` give one number each, -1 for none."""
    count = len(rows)
    at = np.array(days or [0.0] * count)
    matrix = sparse.csr_matrix(rows.astype(np.float32))
    naming = np.array([float(region >= 0) for region in regions or [-1] * count])
    named = _one_hot(regions or [-1] * count)
    return Groups(matrix, np.ones(count), at, at, named, naming, _one_hot(earlier or [-1] * count))


def _one_hot(numbers: list[int]) -> sparse.csr_matrix:
    rows = np.zeros((len(numbers), 4), np.float32)
    for row, number in enumerate(numbers):
        if number >= 0:
            rows[row, number] = 1.0
    return sparse.csr_matrix(rows)


def pair(found: Groups, one: int = 0, other: int = 1) -> float:
    return float(likeness(found, np.array([one]), np.array([other]), PARAMETERS)[0])


def test_documents_alike_are_joined_and_numbered_from_the_oldest() -> None:
    assert link(groups(HELD), PARAMETERS).tolist() == [0, 0, 1, 1]


def test_likeness_is_symmetric() -> None:
    found = groups(HELD, days=[0.0, 5.0, 0.0, 0.0], regions=[0, 1, -1, -1])
    assert pair(found, 0, 1) == pair(found, 1, 0)


def test_silence_halves_likeness_after_the_half_life() -> None:
    near, far = groups(HELD), groups(HELD, days=[0.0, PARAMETERS.half_life_days, 0.0, 0.0])
    assert pair(far) == pytest.approx(pair(near) / 2)


def test_other_regions_weaken_likeness_and_unnamed_ones_do_not() -> None:
    plain = pair(groups(HELD))
    assert pair(groups(HELD, regions=[0, 0, -1, -1])) == pytest.approx(plain)
    assert pair(groups(HELD, regions=[0, -1, -1, -1])) == pytest.approx(plain)
    assert pair(groups(HELD, regions=[0, 1, -1, -1])) == pytest.approx(plain * PARAMETERS.other_region)


def test_one_member_that_names_a_region_weighs_little_in_a_large_group() -> None:
    alike = np.tile([0.8, 0.6, 0.0, 0.0], (10, 1))
    regions = [0, *[-1] * 8, 1]
    together = groups(alike, regions=regions).joined(np.array([0] * 9 + [1]))
    apart = pair(groups(alike, regions=[0] * 9 + [1]).joined(np.array([0] * 9 + [1])))
    assert pair(together) == pytest.approx(0.7)
    assert apart == pytest.approx(PARAMETERS.other_region)


def test_documents_of_one_earlier_topic_are_drawn_together() -> None:
    assert pair(groups(HELD, earlier=[2, 2, -1, -1])) == pytest.approx(pair(groups(HELD)) * (1 + PARAMETERS.stay))


def test_joined_groups_hold_the_sums_of_their_members() -> None:
    found = groups(HELD, days=[3.0, 1.0, 2.0, 9.0]).joined(np.array([0, 0, 1, 1]))
    assert found.totals.toarray() == pytest.approx(np.array([HELD[:2].sum(axis=0), HELD[2:].sum(axis=0)]))
    assert (found.size.tolist(), found.start.tolist(), found.end.tolist()) == ([2, 2], [1, 2], [3, 9])


def test_centrality_is_one_alone_and_less_at_the_edge() -> None:
    values = centrality(groups(HELD), np.array([0, 0, 1, 2]))
    assert values[2] == values[3] == 1.0
    assert values[0] == pytest.approx(values[1])
    assert 0.9 < values[0] < 1.0


def test_nothing_to_join_gives_nothing() -> None:
    assert link(groups(np.zeros((0, 4))), PARAMETERS).tolist() == []
    assert link(groups(np.zeros((3, 4))), PARAMETERS).tolist() == [0, 1, 2]


@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_labels_have_no_gaps_and_each_first_appears_in_order(seed: int, count: int) -> None:
    rows = np.random.default_rng(seed).random((count, 12)) * (np.random.default_rng(seed + 1).random((count, 12)) < 0.3)
    lengths = np.maximum(np.sqrt((rows**2).sum(axis=1, keepdims=True)), 1e-9)
    labels = link(groups(rows / lengths), PARAMETERS).tolist()
    assert list(dict.fromkeys(labels)) == list(range(len(set(labels))))
    assert labels == link(groups(rows / lengths), PARAMETERS).tolist()


def test_every_row_is_compared_with_a_bounded_number_of_older_ones() -> None:
    same = sparse.csr_matrix(np.ones((500, 3), np.float32))
    younger, older = neighbours(same, PARAMETERS)
    assert (older < younger).all()
    assert np.bincount(younger).max() <= min(PARAMETERS.candidates, PARAMETERS.holders)
    assert set(range(1, 500)) == set(younger.tolist())


def test_the_rows_that_share_most_are_the_neighbours() -> None:
    rows = np.array([[1, 1, 1, 0], [0, 0, 1, 0], [1, 1, 1, 0], [0, 0, 0, 1]], dtype=np.float32)
    younger, older = neighbours(sparse.csr_matrix(rows), PARAMETERS)
    assert sorted(zip(younger.tolist(), older.tolist(), strict=True)) == [(1, 0), (2, 0), (2, 1)]
