"""What is usual for a source, from its own past runs: a day's entries, how long it may be silent, how much can be read.

Pure: no clock, no store. Days are Beijing days. Thresholds stand in data/health.yml.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from nlp.parameters import load_parameters
from store.stages import HarvestState

BEIJING = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"
PARTLY = frozenset({HarvestState.PARTIAL, HarvestState.TRUNCATED})


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


@lru_cache(maxsize=1)
def health_rules() -> HealthRules:
    """The thresholds in force."""
    return load_parameters(HealthRules, "health.yml")


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
