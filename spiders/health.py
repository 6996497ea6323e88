"""Is a source well? Its past runs to an expected band, its own rhythm of silence, a parse yield and a verdict with its reason.

Pure: no clock, no store. Days are Beijing days. Thresholds stand in data/health.yml.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from nlp.parameters import load_parameters
from store.stages import HarvestState

BEIJING = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"
ONCE_A_DAY = timedelta(hours=12)  # cadences from here on run once a Beijing day
PARTLY = frozenset({HarvestState.PARTIAL, HarvestState.TRUNCATED})


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
class HealthRules:
    """The thresholds of data/health.yml, where each has its unit and reason."""

    out_runs: int
    out_runs_late: int
    out_hours_late: float
    out_least_minutes: float
    band_low: float
    band_high: float
    band_slack: float
    band_least_room: int
    band_weekdays: int
    band_days: int
    silence_quantile: float
    silence_factor: float
    silence_least_hours: float
    silence_days: int
    yield_runs: int
    yield_least_things: int
    yield_low: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a source: when it ended, how, and what it brought."""

    at: datetime
    state: HarvestState
    entries: int = 0
    skipped: int = 0  # odd records left out
    unreadable: int = 0  # pages that answered well and held nothing readable

    @property
    def is_unheard(self) -> bool:
        """Whether nothing of the source was heard."""
        return not self.state.is_good and self.state not in PARTLY


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that is known of a source when it is judged."""

    runs: Sequence[Run] = ()  # oldest first
    cadence: timedelta = timedelta(days=1)
    last_good_at: datetime | None = None  # may be younger than `runs`, where polls without news leave no row
    is_paused: bool = False
    message: str = ""  # the last run's sentence


@dataclass(frozen=True, slots=True)
class Day:
    """What the runs of one Beijing day brought together."""

    date: date
    entries: int
    is_heard: bool  # at least one good run; other days say nothing of what there was


@dataclass(frozen=True, slots=True)
class Band:
    """How many entries a day usually brings: `low` to `high`, from that many earlier days."""

    low: int
    high: int
    days: int
    weekday: str = ""  # 一 … 日 where days of one weekday were enough, "" for all days

    @property
    def words(self) -> str:
        """The band in Chinese, with what it rests on."""
        past = f"{self.days} 个星期{self.weekday}" if self.weekday else f"{self.days} 天"
        return f"{self.low} 至 {self.high} 条（按此前 {past}）"


@dataclass(frozen=True, slots=True)
class Silence:
    """How long nothing new came, and how long is usual; `limit` None while no rhythm is known."""

    since: datetime
    lasted: timedelta
    limit: timedelta | None

    @property
    def is_too_long(self) -> bool:
        """Whether it is longer than the source's own rhythm allows."""
        return self.limit is not None and self.lasted > self.limit


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a source stands and why, the reason in Chinese."""

    standing: Standing
    matter: Matter
    reason: str


@lru_cache(maxsize=1)
def health_rules() -> HealthRules:
    """The thresholds in force."""
    return load_parameters(HealthRules, "health.yml")


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


def days(runs: Sequence[Run]) -> list[Day]:
    """The runs added up by Beijing day, oldest first."""
    entries: dict[date, int] = {}
    heard: dict[date, bool] = {}
    for run in runs:
        day = run.at.astimezone(BEIJING).date()
        entries[day] = entries.get(day, 0) + run.entries
        heard[day] = heard.get(day, False) or run.state.is_good
    return [Day(day, entries[day], heard[day]) for day in sorted(entries)]


def expected_band(past: Sequence[Day], day: date, rules: HealthRules) -> Band | None:
    """The band of a day from the heard days before it, those of its weekday where they are enough.

    The first day of all is left out: it brings the whole backlog. None when there are too few days.
    """
    earlier = [one for one in past[1:] if one.is_heard and one.date < day]
    alike = [one for one in earlier if one.date.weekday() == day.weekday()]
    if len(alike) >= rules.band_weekdays:
        return _band(alike, rules, WEEKDAYS[day.weekday()])
    return _band(earlier, rules, "") if len(earlier) >= rules.band_days else None


def _band(chosen: Sequence[Day], rules: HealthRules, weekday: str) -> Band:
    counts = [one.entries for one in chosen]
    low, high = quantile(counts, rules.band_low), quantile(counts, rules.band_high)
    return Band(
        max(0, math.floor(min(low * (1 - rules.band_slack), low - rules.band_least_room))),
        math.ceil(max(high * (1 + rules.band_slack), high + rules.band_least_room)),
        len(counts),
        weekday,
    )


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share lies, always one of the values (the upper one between two); needs at least one."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * (len(ordered) - 1)))]


def silence(history: History, rules: HealthRules, *, now: datetime) -> Silence | None:
    """How long the source has brought nothing new, up to when it was last heard; None where it never brought anything.

    What it says while nobody listens is not known, so that a source switched off never grows silent. Its rhythm is each day's longest gap between two runs that brought something, so that nights and weekends count as
    usual; a gap in which the source could not be heard says nothing.
    """
    brought = [run.at for run in history.runs if run.entries]
    if not brought:
        return None
    gaps = _longest_gaps(history.runs)
    limit = None
    if len(gaps) >= rules.silence_days:
        usual = quantile([gap.total_seconds() for gap in gaps], rules.silence_quantile) * rules.silence_factor
        least = max(rules.silence_least_hours * 3600, history.cadence.total_seconds() * rules.silence_factor)
        limit = timedelta(seconds=max(usual, least))
    return Silence(brought[-1], max(_last_heard(history, now=now) - brought[-1], timedelta()), limit)


def _last_heard(history: History, *, now: datetime) -> datetime:
    heard = [run.at for run in history.runs if not run.is_unheard][-1:]
    return min(now, max([*heard, *([history.last_good_at] if history.last_good_at else [])]))


def _longest_gaps(runs: Sequence[Run]) -> list[timedelta]:
    """The longest gap that ended on each day."""
    longest: dict[date, timedelta] = {}
    before: datetime | None = None
    for run in runs:
        if run.is_unheard:
            before = None
        elif run.entries:
            if before is not None:
                day = run.at.astimezone(BEIJING).date()
                longest[day] = max(longest.get(day, timedelta()), run.at - before)
            before = run.at
    return [longest[day] for day in sorted(longest)]


def parse_yield(runs: Sequence[Run], rules: HealthRules) -> float | None:
    """Of what the newest runs took up, the share that could be read, 0..1; None when they took up too little to say."""
    newest = runs[-rules.yield_runs :]
    read = sum(run.entries for run in newest)
    taken = read + sum(run.skipped + run.unreadable for run in newest)
    return read / taken if taken >= rules.yield_least_things else None


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
