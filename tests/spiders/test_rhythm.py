"""The interval of a source: bounded, deterministic, never longer for more news; looks at pages ever more seldom."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from spiders.rhythm import Visit, bounds, is_look_due, looks, next_interval, rhythm, usual_gap

BY = rhythm()
SECONDS = st.floats(1, 1e7)
VISITS = st.builds(
    Visit,
    cadence=st.floats(60, 30 * 86400),
    interval=st.none() | SECONDS,
    gap=st.none() | SECONDS,
    silence=st.none() | SECONDS,
    new=st.integers(0, 500),
    listed=st.integers(0, 500),
    is_good=st.booleans(),
)
NEARLY = 1 + 1e-9


@given(VISITS)
def test_an_interval_lies_within_the_bounds_and_is_the_same_each_time(visit: Visit) -> None:
    floor, ceiling = bounds(visit.cadence, BY)
    assert floor <= visit.cadence <= ceiling
    assert floor <= next_interval(visit, BY) <= ceiling
    assert next_interval(visit, BY) == next_interval(visit, BY)


@given(VISITS, st.integers(0, 500))
def test_more_new_things_never_make_the_interval_longer(visit: Visit, more: int) -> None:
    assert next_interval(replace(visit, new=visit.new + more), BY) <= next_interval(visit, BY) * NEARLY


@given(VISITS, st.integers(0, 500))
def test_more_known_things_never_make_it_shorter(visit: Visit, more: int) -> None:
    listed = max(visit.listed, 1)
    few, many = replace(visit, listed=listed), replace(visit, listed=listed + more)
    assert next_interval(few, BY) <= next_interval(many, BY) * NEARLY


@given(VISITS, SECONDS, SECONDS)
def test_a_slower_source_is_never_heard_oftener(visit: Visit, one: float, other: float) -> None:
    short, long = sorted((one, other))
    slow = next_interval(replace(visit, gap=long), BY)
    assert next_interval(replace(visit, gap=short), BY) <= slow * NEARLY


@given(VISITS)
def test_a_failure_never_makes_the_interval_shorter(visit: Visit) -> None:
    floor, ceiling = bounds(visit.cadence, BY)
    before = min(ceiling, max(floor, visit.interval or visit.cadence))
    assert next_interval(replace(visit, is_good=False), BY) >= before


def test_a_lively_source_settles_near_its_own_rhythm_and_a_silent_one_at_the_ceiling() -> None:
    visit = Visit(cadence=3600, interval=None, gap=1200, silence=600, new=2, listed=20, is_good=True)
    for _ in range(30):
        visit = replace(visit, interval=next_interval(visit, BY))
    assert visit.interval is not None
    assert 1800 <= visit.interval <= 3600
    visit = replace(visit, new=0, listed=0, silence=10 * 86400)
    for _ in range(30):
        visit = replace(visit, interval=next_interval(visit, BY))
    assert visit.interval == bounds(3600, BY)[1] == 4 * 3600


def test_a_list_that_is_wholly_new_is_heard_twice_as_often_at_once() -> None:
    visit = Visit(cadence=3600, interval=3600, gap=None, silence=None, new=20, listed=20, is_good=True)
    assert next_interval(visit, BY) == 1800


def test_a_cadence_below_the_floor_was_a_persons_choice() -> None:
    assert bounds(120, BY) == (120, 480)


@given(st.integers(0, 60))
def test_looks_rise_and_end_with_the_days(days: int) -> None:
    found = looks(days, BY)
    assert list(found) == sorted(set(found))
    assert (found[-1] if found else 0) == days * 86400


@given(st.floats(0, 1e6), st.integers(1, 10))
def test_a_look_just_taken_is_never_due_again_at_once(age: float, days: int) -> None:
    assert not is_look_due(since=1e9, read=1e9 + age, now=1e9 + age, days=days, by=BY)


def test_the_usual_gap_follows_the_newest_slowly() -> None:
    assert usual_gap(None, span=3600, things=6, by=BY) == 600
    assert usual_gap(600, span=0, things=3, by=BY) == 600
    assert usual_gap(600, span=1200, things=1, by=BY) == 600 * 0.7 + 1200 * 0.3
