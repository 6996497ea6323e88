"""Turns a topic's mentions into its heat: five parts against its own past, each shown with its numbers."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from statistics import pstdev

from nlp.parameters import load_parameters
from nlp.rhythm import EVEN, Rhythm
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
    rhythm_prior_posts: float
    burst_excess: float
    burst_least_posts: int

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
    document by platform. `rhythms`: when each platform's people write; an absent one is even.
    """

    mentions: Sequence[Mention]
    heard_since: Mapping[str, datetime] = field(default_factory=dict)
    listening_since: datetime | None = None
    usual: Mapping[str, float] = field(default_factory=dict)
    rhythms: Mapping[str, Rhythm] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """A rise above the topic's own past: what was heard and expected in the window, in standard deviations apart."""

    heard: int
    expected: float
    deviations: float


def burst(counts: TopicCounts, *, now: datetime, parameters: HeatParameters | None = None) -> Burst | None:
    """Whether a topic rises above its own past, per platform and hour of the week; None when it does not.

    A rise that begins when a silent source comes back is not a burst. None also when fewer than `burst_least_posts`
    were heard, or the past is shorter than `least_baseline_days`.
    """
    chosen = parameters or HeatParameters.load()
    found = _Reckoning([m for m in counts.mentions if m.at <= now], counts, now, chosen).excess()
    if found is None or found.heard < chosen.burst_least_posts or found.deviations < chosen.burst_excess:
        return None
    return found


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
        found = self.excess()
        if found is None:
            return _part(
                "声量",
                self.given.volume_points * level,
                f"{said}；尚无自身历史可比（不足{self.given.least_baseline_days}天）",
            )
        points = self.given.volume_points * (level + _share(found.deviations, self.given.full_excess)) / 2
        days = len(self._past_days())
        return _part("声量", points, f"{said}，按此前{days}天同类时段平常为{found.expected:.1f}条")

    def excess(self) -> Burst | None:
        """What the window brought against what the past of each platform and the hours of the week let expect.

        Deviations are those of a count (its root), or of the topic's own days where these scatter more.
        """
        past = self._past_days()
        if len(past) < self.given.least_baseline_days:
            return None
        start = self.now - timedelta(hours=self.given.window_hours)
        heard = [m for m in self._within(self.given.window_hours) if not self._came_back(m, self.given.window_hours)]
        expected = sum(
            n * self._rhythm(platform).ordinary_hours(start, self.now) / hours
            for platform, n in Counter(
                m.platform for m in self.mentions if start - timedelta(len(past)) <= m.at <= start
            ).items()
            if (hours := self._rhythm(platform).ordinary_hours(start - timedelta(len(past)), start)) > 0.0
        )
        deviation = max(1.0, pstdev(past), math.sqrt(expected))
        return Burst(heard=len(heard), expected=expected, deviations=(len(heard) - expected) / deviation)

    def _rhythm(self, platform: str) -> Rhythm:
        return self.counts.rhythms.get(platform, EVEN)

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
        late = Counter(m.platform for m in steady if self._age_hours(m) < span)
        early = Counter(m.platform for m in steady if span <= self._age_hours(m) < 2 * span)
        expected = variance = 0.0
        for platform in sorted(late | early):
            both, share = late[platform] + early[platform], self._late_share(platform)
            expected += both * share
            variance += both * share * (1 - share)
        rise = _share((late.total() - expected) / math.sqrt(variance + 0.25), self.given.full_rise)
        said = f"近{span}小时{late.total()}条，前{span}小时{early.total()}条"
        usual = f"，按平常时段应为{expected:.1f}条" if self.counts.rhythms else ""
        return _part("增速", self.given.speed_points * rise, said + usual)

    def _late_share(self, platform: str) -> float:
        """Share of two spans' posts that an ordinary week puts into the later one."""
        middle = self.now - timedelta(hours=self.given.speed_hours)
        late = self._rhythm(platform).ordinary_hours(middle, self.now)
        early = self._rhythm(platform).ordinary_hours(middle - timedelta(hours=self.given.speed_hours), middle)
        return late / (late + early)

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
