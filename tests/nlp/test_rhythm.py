"""A platform's week: even without posts, its own with many; spans are measured in its mean hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.rhythm import EVEN, HOURS, hour_of_week, rhythm

MONDAY = datetime(2026, 1, 18, 16, 0, tzinfo=UTC)  # Monday 19 January, 0 o'clock in China
COUNTS = st.lists(st.integers(0, 500), min_size=HOURS, max_size=HOURS)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


def test_the_week_begins_on_monday_at_midnight_in_china() -> None:
    assert hour_of_week(MONDAY) == 0
    assert hour_of_week(MONDAY - timedelta(hours=1)) == HOURS - 1
    assert hour_of_week(MONDAY + timedelta(days=2, hours=20)) == 68


def test_an_even_week_measures_spans_by_the_clock() -> None:
    assert EVEN.ordinary_hours(MONDAY, MONDAY + timedelta(hours=30, minutes=30)) == pytest.approx(30.5)
    assert EVEN.ordinary_hours(MONDAY, MONDAY - timedelta(hours=1)) == 0.0


def test_evenings_weigh_more_where_people_write_in_the_evening() -> None:
    counts = [90 if hour % 24 in (19, 20, 21) else 10 for hour in range(HOURS)]
    found = rhythm(counts, prior_posts=500)
    evening = found.ordinary_hours(MONDAY + timedelta(hours=19), MONDAY + timedelta(hours=22))
    night = found.ordinary_hours(MONDAY + timedelta(hours=2), MONDAY + timedelta(hours=5))
    assert evening > 4 * night


def test_a_few_days_show_hours_of_the_day_and_no_weekdays() -> None:
    counts = [0] * HOURS
    counts[20], counts[8] = 40, 10
    found = rhythm(counts, prior_posts=500)
    assert found.weights[20] > found.weights[8] > found.weights[3]
    assert found.weights[24 + 20] > found.weights[24 + 8]  # Tuesday's evening follows the day's shape


@given(COUNTS, MOMENTS, st.integers(0, 400), st.integers(0, 400))
def test_a_week_is_168_ordinary_hours_and_spans_add_up(counts: list[int], at: datetime, one: int, two: int) -> None:
    found = rhythm(counts, prior_posts=500)
    week = found.ordinary_hours(at, at + timedelta(days=7))
    middle, end = at + timedelta(hours=one), at + timedelta(hours=one + two)
    assert week == pytest.approx(HOURS)
    assert found.ordinary_hours(at, middle) + found.ordinary_hours(middle, end) == pytest.approx(
        found.ordinary_hours(at, end), abs=1e-6
    )


def test_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="168"):
        rhythm([1] * 24, prior_posts=500)
