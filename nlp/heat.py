"""Turns a topic's mentions into its heat: five parts against its own past, each shown with its numbers."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from statistics import fmean, pstdev

from nlp.parameters import load_parameters
from store.stages import Engagement, Heat, HeatPart


@dataclass(frozen=True, slots=True)
class HeatParameters:
    """The values of data/heat.yml."""

    volume_points: int
    speed_points: int
    breadth_points: int
    engagement_points: int
    recency_points: int
    window_hours: int
    speed_hours: int
    full_volume: int
    full_excess: float
    baseline_days: int
    least_baseline_days: int
    full_rise: float
    full_sources: int
    full_engagement: float
    usual_engagement: float
    recency_half_life_hours: float

    @staticmethod
    @lru_cache(maxsize=1)
    def load() -> HeatParameters:
        """The values in force."""
        return load_parameters(HeatParameters, "heat.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One document of a topic: when it was published, by which source, on which kind of platform, with what counts."""

    at: datetime
    source: str
    platform: str = ""
    engagement: Engagement = field(default_factory=Engagement)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicCounts:
    """What heat is reckoned from.

    `heard_since`: since when each source has been heard without a gap; a source that is absent was always heard. It
    also bounds the past: days before the topic's first mention count as zero only while some source was heard.
    `listening_since`: when listening began at all; None when unknown. `usual`: reposts, replies and likes of a usual
    document by platform.
    """

    mentions: Sequence[Mention]
    heard_since: Mapping[str, datetime] = field(default_factory=dict)
    listening_since: datetime | None = None
    usual: Mapping[str, float] = field(default_factory=dict)


def heat(counts: TopicCounts, *, now: datetime, parameters: HeatParameters | None = None) -> Heat:
    """The topic's heat at `now`, 0..100. Mentions after `now` are left out; without any the heat is 0.

    Mentions of a source that came back within the periods compared count as volume, never as a rise.
    """
    chosen = parameters or HeatParameters.load()
    reckoning = _Reckoning([m for m in counts.mentions if m.at <= now], counts, now, chosen)
    parts = reckoning.parts()
    return Heat(score=round(min(100.0, sum(part.value for part in parts)), 1), parts=parts)


@dataclass(frozen=True, slots=True)
class _Reckoning:
    mentions: Sequence[Mention]
    counts: TopicCounts
    now: datetime
    given: HeatParameters

    def parts(self) -> tuple[HeatPart, ...]:
        if not self.mentions:
            return (_part("声量", 0.0, "没有文档"),)
        parts = (self._volume(), self._speed(), self._breadth(), self._engagement(), self._recency())
        returned = self._returned()
        return (*parts, returned) if returned else parts

    def _volume(self) -> HeatPart:
        recent = self._within(self.given.window_hours)
        level = _share(math.sqrt(len(recent)), math.sqrt(self.given.full_volume))
        said = f"近{self.given.window_hours}小时{len(recent)}条"
        past = self._past_days()
        if len(past) < self.given.least_baseline_days:
            return _part(
                "声量",
                self.given.volume_points * level,
                f"{said}；尚无自身历史可比（不足{self.given.least_baseline_days}天）",
            )
        usual = fmean(past)
        steady = sum(not self._came_back(m, self.given.window_hours) for m in recent)
        excess = _share((steady - usual) / max(1.0, pstdev(past), math.sqrt(usual)), self.given.full_excess)
        points = self.given.volume_points * (level + excess) / 2
        return _part("声量", points, f"{said}，此前{len(past)}天日均{usual:.1f}条")

    def _past_days(self) -> list[int]:
        """Mentions on each day before the window, newest first, back to the start of listening."""
        since = self.counts.listening_since
        if since is None:
            return []
        end = self.now - timedelta(hours=self.given.window_hours)
        days = min(self.given.baseline_days, int((end - since) / timedelta(days=1)))
        ages = [(end - m.at) / timedelta(days=1) for m in self.mentions if m.at <= end]
        return [sum(day <= age < day + 1 for age in ages) for day in range(days)]

    def _speed(self) -> HeatPart:
        span = self.given.speed_hours
        steady = [m for m in self.mentions if not self._came_back(m, 2 * span)]
        late = sum(self._age_hours(m) < span for m in steady)
        early = sum(span <= self._age_hours(m) < 2 * span for m in steady)
        rise = _share((late - early) / math.sqrt(late + early + 1), self.given.full_rise)
        return _part("增速", self.given.speed_points * rise, f"近{span}小时{late}条，前{span}小时{early}条")

    def _breadth(self) -> HeatPart:
        sources = {m.source for m in self.mentions}
        points = self.given.breadth_points * _share(len(sources), self.given.full_sources)
        return _part("广度", points, f"{len(sources)}个来源")

    def _engagement(self) -> HeatPart:
        by_platform: defaultdict[str, float] = defaultdict(float)
        for mention in self.mentions:
            shown = _interactions(mention.engagement)
            if shown is not None:
                by_platform[mention.platform] += shown / max(1.0, self._usual(mention.platform))
        if not by_platform:
            return _part("互动", 0.0, "来源未显示互动数")
        platform, times = max(by_platform.items(), key=lambda item: (item[1], item[0]))
        level = _share(math.log1p(times), math.log1p(self.given.full_engagement))
        return _part("互动", self.given.engagement_points * level, f"{platform or '平台'}上为平常一条的{times:.1f}倍")

    def _usual(self, platform: str) -> float:
        return self.counts.usual.get(platform, self.given.usual_engagement)

    def _recency(self) -> HeatPart:
        age = min(self._age_hours(m) for m in self.mentions)
        points = self.given.recency_points * math.pow(0.5, age / self.given.recency_half_life_hours)
        return _part("新近", points, f"最近一条在{age:.1f}小时前")

    def _returned(self) -> HeatPart | None:
        """A part of no points that says what was left out because its source had only come back."""
        span = max(self.given.window_hours, 2 * self.given.speed_hours)
        back = [m for m in self.mentions if self._age_hours(m) < span and self._came_back(m, span)]
        if not back:
            return None
        sources = "、".join(sorted({m.source for m in back}))
        return _part("来源恢复", 0.0, f"{sources}恢复抓取后的{len(back)}条不计入增长")

    def _within(self, hours: int) -> list[Mention]:
        return [m for m in self.mentions if self._age_hours(m) < hours]

    def _came_back(self, mention: Mention, hours: int) -> bool:
        """Whether the mention's source was not heard through all of the last `hours`."""
        since = self.counts.heard_since.get(mention.source)
        return since is not None and since > self.now - timedelta(hours=hours)

    def _age_hours(self, mention: Mention) -> float:
        return (self.now - mention.at) / timedelta(hours=1)


def _part(name: str, value: float, detail: str) -> HeatPart:
    return HeatPart(name=name, value=round(value, 1), detail=detail)


def _share(value: float, full: float) -> float:
    return min(1.0, max(0.0, value / full))


def _interactions(counts: Engagement) -> int | None:
    """Reposts, replies and likes together; views are another kind of number. None when the platform shows none."""
    shown = [n for n in (counts.reposts, counts.replies, counts.likes) if n is not None]
    return sum(shown) if shown else None
