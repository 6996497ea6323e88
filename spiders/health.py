"""Is a source well? Its past runs to a verdict with its reason: an outage, a silence, an odd day, or nothing.

Pure: no clock, no store. What is usual is measured in spiders/usual.py; thresholds stand in data/health.yml.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from spiders.usual import (
    BEIJING,
    PARTLY,
    Day,
    HealthRules,
    History,
    Run,
    days,
    expected_band,
    parse_yield,
    silence,
)

ONCE_A_DAY = timedelta(hours=12)  # cadences from here on run once a Beijing day


class Standing(StrEnum):
    """How a source stands, the worst first."""

    OUT = "out"  # an outage: people are told
    WATCH = "watch"  # worth a look
    UNRUN = "unrun"
    HEARD = "heard"
    PAUSED = "paused"


class Matter(StrEnum):
    """What is wrong with a source; NONE where nothing is."""

    NONE = "none"
    UNHEARD = "unheard"
    PARTLY = "partly"
    SILENT = "silent"
    UNREADABLE = "unreadable"
    FEW = "few"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a source stands and why, the reason in Chinese."""

    standing: Standing
    matter: Matter
    reason: str


def judge(history: History, rules: HealthRules, *, now: datetime) -> Verdict:
    """The verdict of this moment: an outage before silence, silence before what is merely odd."""
    if history.is_paused:
        return Verdict(Standing.PAUSED, Matter.NONE, "已暂停，不会去听")
    if not history.runs:
        return Verdict(Standing.UNRUN, Matter.NONE, "还没有听过")
    last = history.runs[-1]
    if last.is_unheard and (history.last_good_at is None or history.last_good_at <= last.at):
        return _unheard(history, rules, now=now)
    if last.state in PARTLY:
        return Verdict(Standing.WATCH, Matter.PARTLY, _partly(history.runs))
    return _silent(history, rules, now=now) or _odd(history, rules, now=now) or _well(history)


def failures(runs: Sequence[Run]) -> int:
    """How many of the newest runs in a row heard nothing."""
    count = 0
    for run in reversed(runs):
        if not run.is_unheard:
            break
        count += 1
    return count


def is_out(history: History, rules: HealthRules, *, now: datetime) -> bool:
    """Whether the source is out: never after a single failed run, never within the first half hour."""
    count = failures(history.runs)
    if not count:
        return False
    unheard = now - (history.last_good_at or history.runs[-count].at)
    if unheard < timedelta(minutes=rules.out_least_minutes):
        return False
    is_late = unheard >= timedelta(hours=rules.out_hours_late)
    return count >= rules.out_runs or (count >= rules.out_runs_late and is_late)


def _unheard(history: History, rules: HealthRules, *, now: datetime) -> Verdict:
    count = failures(history.runs)
    good = history.last_good_at
    since = f"上次听到是 {_moment(good)}" if good else "从未听到过"
    if is_out(history, rules, now=now):
        return Verdict(Standing.OUT, Matter.UNHEARD, f"连续 {count} 次没有听到，{since}。{history.message}".rstrip())
    times = f"最近 {count} 次" if count > 1 else "最近一次"
    reason = f"{times}没有听到，{since}，暂不算中断。{history.message}".rstrip()
    return Verdict(Standing.WATCH, Matter.UNHEARD, reason)


def _partly(runs: Sequence[Run]) -> str:
    count = 0
    for run in reversed(runs):
        if run.state not in PARTLY:
            break
        count += 1
    return f"最近 {count} 次只听到一部分" if count > 1 else "最近一次只听到一部分"


def _silent(history: History, rules: HealthRules, *, now: datetime) -> Verdict | None:
    found = silence(history, rules, now=now)
    if found is None or found.limit is None or not found.is_too_long:
        return None
    reason = (
        f"能连上，但已 {_span(found.lasted)}没有新内容，它平常不超过 {_span(found.limit)}；请打开网站看看是否改版或停更"
    )
    return Verdict(Standing.WATCH, Matter.SILENT, reason)


def _odd(history: History, rules: HealthRules, *, now: datetime) -> Verdict | None:
    share = parse_yield(history.runs, rules)
    if share is not None and share < rules.yield_low:
        count = min(len(history.runs), rules.yield_runs)
        reason = f"最近 {count} 次取到的内容只读懂了 {share:.0%}，网站可能改版"
        return Verdict(Standing.WATCH, Matter.UNREADABLE, reason)
    past = days(history.runs)
    newest = past[-1]
    band = expected_band(past, newest.date, rules)
    if band and newest.entries > band.high:
        reason = f"{newest.date:%m月%d日}收到 {newest.entries} 条，多于平常的 {band.words}"
        return Verdict(Standing.WATCH, Matter.MANY, reason)
    over = [day for day in past if _is_over(day, history.cadence, now=now)]
    return _few(past, over[-1], rules) if over else None


def _is_over(day: Day, cadence: timedelta, *, now: datetime) -> bool:
    """Whether a day can bring no more; a source heard once a day has said all with its run."""
    return cadence >= ONCE_A_DAY or day.date < now.astimezone(BEIJING).date()


def _few(past: Sequence[Day], day: Day, rules: HealthRules) -> Verdict | None:
    """Only a day that is over can have brought too little."""
    band = expected_band(past, day.date, rules)
    if band is None or not day.is_heard or day.entries >= band.low:
        return None
    reason = f"{day.date:%m月%d日}收到 {day.entries} 条，少于平常的 {band.words}"
    return Verdict(Standing.WATCH, Matter.FEW, reason)


def _well(history: History) -> Verdict:
    last = history.runs[-1]
    return Verdict(Standing.HEARD, Matter.NONE, f"收到 {last.entries} 条" if last.entries else "能听到，没有新内容")


def _span(length: timedelta) -> str:
    hours = round(length.total_seconds() / 3600)
    return f"{hours // 24} 天{f' {hours % 24} 小时' if hours % 24 else ''}" if hours >= 24 else f"{max(hours, 1)} 小时"


def _moment(at: datetime) -> str:
    local = at.astimezone(BEIJING)
    return f"{local.month}月{local.day}日 {local:%H:%M}"
