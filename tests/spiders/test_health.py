"""A source is judged by its own past: outages, silence, the band of a day and what could be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.health import Matter, Standing, failures, is_out, judge
from spiders.outages import turn
from spiders.usual import Band, Day, History, Run, days, expected_band, health_rules, parse_yield, quantile, silence
from store.stages import HarvestState

RULES = health_rules()
NOW = datetime(2026, 1, 22, 18, 5, tzinfo=UTC)  # five past two on a Friday in Beijing
NIGHT = timedelta(days=1)
OK, QUIET, DOWN = HarvestState.OK, HarvestState.NOTHING_NEW, HarvestState.UNREACHABLE


def nights(*brought: int | None) -> History:
    """One run a night, the last one now; None is a night on which the source could not be reached."""
    runs = [
        Run(
            at=NOW - NIGHT * (len(brought) - 1 - i),
            state=DOWN if n is None else OK if n else QUIET,
            entries=n or 0,
        )
        for i, n in enumerate(brought)
    ]
    good = [run.at for run in runs if run.state.is_good]
    return History(runs=runs, last_good_at=good[-1] if good else None, message="连不上站点。")


def verdict(history: History) -> tuple[Standing, Matter]:
    found = judge(history, RULES, now=NOW)
    assert found.reason
    return found.standing, found.matter


def test_a_source_that_brings_its_usual_is_well() -> None:
    assert verdict(nights(*[20] * 12)) == (Standing.HEARD, Matter.NONE)


def test_a_single_failed_night_is_shown_and_is_no_outage() -> None:
    assert verdict(nights(*[20] * 12, None)) == (Standing.WATCH, Matter.UNHEARD)
    assert "暂不算中断" in judge(nights(20, None), RULES, now=NOW).reason


def test_two_failed_nights_are_an_outage_that_says_since_when() -> None:
    history = nights(*[20] * 12, None, None)
    assert verdict(history) == (Standing.OUT, Matter.UNHEARD)
    assert "连续 2 次没有听到，上次听到是 1月21日 02:05。连不上站点。" in judge(history, RULES, now=NOW).reason


def test_a_source_asked_every_minute_is_not_out_within_half_an_hour() -> None:
    runs = [Run(at=NOW - timedelta(minutes=m), state=DOWN) for m in range(20, -1, -1)]
    history = History(runs=runs, cadence=timedelta(minutes=1), last_good_at=NOW - timedelta(minutes=21))
    assert not is_out(history, RULES, now=NOW)
    assert is_out(history, RULES, now=NOW + timedelta(minutes=15))


def test_a_source_never_heard_is_out_after_three_runs() -> None:
    assert verdict(nights(None, None)) == (Standing.WATCH, Matter.UNHEARD)
    assert "从未听到过" in judge(nights(None, None, None), RULES, now=NOW).reason
    assert verdict(nights(None, None, None)) == (Standing.OUT, Matter.UNHEARD)


def test_a_good_poll_that_left_no_row_outweighs_an_older_failed_run() -> None:
    history = replace(nights(20, None, None), last_good_at=NOW + timedelta(minutes=1))
    assert judge(history, RULES, now=NOW + timedelta(minutes=2)).standing is Standing.HEARD


def test_a_part_heard_is_worth_a_look_and_is_no_outage() -> None:
    runs = [Run(at=NOW - NIGHT * n, state=HarvestState.PARTIAL, entries=5) for n in (2, 1, 0)]
    found = judge(History(runs=runs), RULES, now=NOW)
    assert (found.standing, found.matter) == (Standing.WATCH, Matter.PARTLY)
    assert "最近 3 次" in found.reason


def test_silence_is_measured_by_the_source_s_own_rhythm() -> None:
    lively, weekly = [9] * 20, [9, 0, 0, 0, 0, 0, 0] * 9
    assert verdict(nights(*lively, 0, 0)) == (Standing.WATCH, Matter.SILENT)
    assert verdict(nights(*weekly, 9, 0, 0)) == (Standing.HEARD, Matter.NONE)
    found = silence(nights(*weekly, 9, 0, 0), RULES, now=NOW)
    assert found is not None and found.limit == timedelta(days=10.5)


def test_an_office_that_rests_at_weekends_is_not_silent_on_monday_morning() -> None:
    monday = NOW + NIGHT * 3
    brought = [0 if (monday - NIGHT * back).weekday() in (4, 5) else 6 for back in range(27, -1, -1)]  # UTC days
    runs = [Run(at=monday - NIGHT * (27 - i), state=OK if n else QUIET, entries=n) for i, n in enumerate(brought)]
    found = silence(History(runs=runs[:-1], last_good_at=monday), RULES, now=monday)
    assert found is not None and not found.is_too_long


def test_a_gap_in_which_the_source_was_down_says_nothing_of_its_rhythm() -> None:
    history = nights(*[5] * 10, *[None] * 9, *[5] * 3)
    found = silence(history, RULES, now=NOW)
    assert found is not None and found.limit == timedelta(hours=36)


def test_too_little_history_gives_no_band_and_no_limit() -> None:
    history = nights(300, 5, 5, 5)
    assert expected_band(days(history.runs), NOW.date(), RULES) is None
    found = silence(history, RULES, now=NOW)
    assert found is not None and found.limit is None
    assert silence(nights(0, 0), RULES, now=NOW) is None


def test_the_band_is_that_of_the_weekday_once_there_are_enough_of_it() -> None:
    past = [
        Day((NOW - NIGHT * back).date(), 100 if (NOW - NIGHT * back).weekday() >= 5 else 10, True)
        for back in range(60, 0, -1)
    ]
    sunday = next(day.date for day in reversed(past) if day.date.weekday() == 6)
    band = expected_band([day for day in past if day.date < sunday], sunday, RULES)
    assert band is not None and (band.low, band.high, band.weekday) == (50, 150, "日")
    assert band.words == f"50 至 150 条（按此前 {band.days} 个星期日）"


def test_the_backlog_of_the_first_day_and_unheard_days_are_left_out_of_the_band() -> None:
    history = nights(5000, *[10] * 8, None, None)
    band = expected_band(days(history.runs), NOW.date(), RULES)
    assert band == Band(5, 15, 8)


def test_a_day_far_below_or_above_its_band_is_shown() -> None:
    assert verdict(nights(*[40] * 12, 3)) == (Standing.WATCH, Matter.FEW)
    assert verdict(nights(*[40] * 12, 400)) == (Standing.WATCH, Matter.MANY)
    assert "少于平常的 20 至 60 条（按此前 11 天）" in judge(nights(*[40] * 12, 3), RULES, now=NOW).reason


def test_a_day_that_is_not_over_is_not_too_small_for_a_source_asked_by_the_hour() -> None:
    history = replace(nights(*[40] * 12, 3), cadence=timedelta(hours=1))
    assert verdict(history) == (Standing.HEARD, Matter.NONE)


def test_pages_that_hold_nothing_readable_lower_the_yield() -> None:
    runs = [Run(at=NOW - NIGHT * n, state=OK, entries=6, unreadable=3, skipped=1) for n in range(9, -1, -1)]
    assert parse_yield(runs, RULES) == pytest.approx(0.6)
    found = judge(History(runs=runs), RULES, now=NOW)
    assert found.matter is Matter.UNREADABLE and "60%" in found.reason
    assert parse_yield(runs[:0], RULES) is None


def test_a_paused_source_is_not_judged() -> None:
    assert verdict(replace(nights(*[None] * 9), is_paused=True)) == (Standing.PAUSED, Matter.NONE)
    assert verdict(History()) == (Standing.UNRUN, Matter.NONE)


def test_an_outage_begins_once_and_ends_with_the_next_good_run() -> None:
    down = nights(*[20] * 9, None, None)
    begun = turn(down, {}, RULES, now=NOW)
    assert [one.matter for one in begun.begins] == [Matter.UNHEARD]
    standing = {Matter.UNHEARD: begun.begins[0].heard_until}
    assert turn(down, standing, RULES, now=NOW) == turn(nights(*[20] * 9, None, None, None), standing, RULES, now=NOW)
    back = replace(down, runs=[*down.runs, Run(at=NOW + NIGHT, state=QUIET)], last_good_at=NOW + NIGHT)
    assert turn(back, standing, RULES, now=NOW + NIGHT).ends == (Matter.UNHEARD,)


def test_silence_ends_with_the_next_entry_not_with_a_good_run() -> None:
    quiet = nights(*[9] * 20, 0, 0)
    begun = turn(quiet, {}, RULES, now=NOW)
    standing = {Matter.SILENT: begun.begins[0].heard_until}
    later = NOW + NIGHT
    still = replace(quiet, runs=[*quiet.runs, Run(at=later, state=QUIET)], last_good_at=later)
    assert turn(still, standing, RULES, now=later).ends == ()
    spoke = replace(quiet, runs=[*quiet.runs, Run(at=later, state=OK, entries=1)], last_good_at=later)
    assert turn(spoke, standing, RULES, now=later).ends == (Matter.SILENT,)


def test_silence_does_not_grow_while_nobody_listens() -> None:
    history = nights(*[9] * 20)
    found = silence(history, RULES, now=NOW + 90 * NIGHT)
    assert found is not None and found.lasted == timedelta()


def test_pausing_ends_every_outage() -> None:
    paused = replace(nights(None, None, None), is_paused=True)
    assert turn(paused, {Matter.UNHEARD: None}, RULES, now=NOW).ends == (Matter.UNHEARD,)


BROUGHT = st.lists(st.one_of(st.none(), st.integers(0, 400)), max_size=70)


@given(BROUGHT)
def test_judging_never_fails_and_looking_twice_changes_nothing_more(brought: list[int | None]) -> None:
    history = nights(*brought)
    found = judge(history, RULES, now=NOW)
    assert found.reason
    assert (found.standing is Standing.OUT) <= (failures(history.runs) >= 2)
    standing = {one.matter: one.heard_until for one in turn(history, {}, RULES, now=NOW).begins}
    assert turn(history, standing, RULES, now=NOW).begins == ()
    assert turn(history, standing, RULES, now=NOW).ends == ()


@given(st.lists(st.integers(0, 10_000), min_size=8, max_size=60))
def test_at_most_one_day_in_ten_of_the_past_lies_on_either_side_of_its_band(counts: list[int]) -> None:
    first = NOW.date() - NIGHT * (len(counts) + 10)
    past = [Day(first - NIGHT, 99_999, True), *(Day(first + NIGHT * i, n, True) for i, n in enumerate(counts))]
    band = expected_band(past, first + NIGHT * (len(counts) + 1), replace(RULES, band_weekdays=1000))
    assert band is not None and 0 <= band.low <= band.high
    assert sum(n < band.low for n in counts) <= 0.1 * len(counts) + 1
    assert sum(n > band.high for n in counts) <= 0.1 * len(counts) + 1


@given(BROUGHT.filter(lambda brought: len(brought) > 0), st.integers(0, 100))
def test_a_longer_silence_is_never_less_too_long(brought: list[int | None], hours: int) -> None:
    history = nights(*brought)
    heard = [replace(history, last_good_at=NOW + timedelta(hours=h)) for h in (0, hours)]
    soon, later = (silence(one, RULES, now=NOW + timedelta(hours=200)) for one in heard)
    if soon is not None and later is not None:
        assert soon.limit == later.limit and soon.lasted <= later.lasted
        assert soon.is_too_long <= later.is_too_long


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.floats(0, 1), st.floats(0, 1))
def test_quantiles_are_values_and_rise_with_the_share(values: list[float], one: float, other: float) -> None:
    assert quantile(values, one) in values
    assert quantile(values, min(one, other)) <= quantile(values, max(one, other))
