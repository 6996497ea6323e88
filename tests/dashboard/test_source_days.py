"""The days of a source page: those without a run are unheard only since somebody listens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dashboard.charts import day_columns
from dashboard.queries.sources import OFF, Line, last_days
from spiders.usual import History, Run
from store.models import SourceState
from store.stages import HarvestState

NOW = datetime(2026, 1, 22, 18, 30, tzinfo=UTC)


def line(*days_ago: int) -> Line:
    runs = tuple(Run(at=NOW - timedelta(days=back), state=HarvestState.OK, entries=3) for back in days_ago)
    return Line(state=SourceState(slug="a"), known=None, history=History(runs=runs), verdict=OFF, now=NOW)


def test_days_before_the_first_run_are_no_unheard_days() -> None:
    assert [(day.entries, day.is_heard) for day, _ in last_days(line(2, 0))] == [(3, True), (0, False), (3, True)]
    assert last_days(line()) == []


def test_a_source_heard_for_months_shows_four_weeks() -> None:
    assert len(last_days(line(90, 0))) == 28


def test_a_single_day_is_drawn_as_one_narrow_column() -> None:
    assert day_columns(last_days(line(0))).count("<rect") == 1
