"""The rhythm of a platform's week: when its people write, so that an evening is compared with evenings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate
from zoneinfo import ZoneInfo

HOURS = 168  # of a week, Monday 0 o'clock in China first
DAY_HOURS = 24
CHINA = ZoneInfo("Asia/Shanghai")  # where the writers live; China keeps no summer time
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Rhythm:
    """How busy each hour of the week is against the mean hour: shape (168,), mean 1.0."""

    weights: tuple[float, ...]

    def ordinary_hours(self, start: datetime, end: datetime) -> float:
        """The span measured in mean hours: an evening hour counts more than one, an hour of the night less.

        0.0 when `end` is not after `start`. Cost does not grow with the span.
        """
        return max(0.0, self._until(end) - self._until(start)) if end > start else 0.0

    @cached_property
    def _sums(self) -> tuple[float, ...]:
        return tuple(accumulate(self.weights, initial=0.0))

    def _until(self, at: datetime) -> float:
        """Ordinary hours from a fixed Monday long ago to this moment."""
        wall = at.astimezone(CHINA)
        whole = wall.toordinal() * DAY_HOURS + wall.hour - DAY_HOURS  # ordinal 1 was a Monday
        weeks, hour = divmod(whole, HOURS)
        part = (wall.minute * 60 + wall.second + wall.microsecond / 1e6) / 3600
        return weeks * self._sums[-1] + self._sums[hour] + part * self.weights[hour]


EVEN = Rhythm((1.0,) * HOURS)


def rhythm(counts: Sequence[int], *, prior_posts: float) -> Rhythm:
    """The rhythm that posts counted by hour of the week (shape (168,)) show.

    Smoothed twice with `prior_posts` invented posts: hours of the week towards the hours of the day, those towards an even
    day. Few posts give an even week, many their own. Raises ValueError for another shape.
    """
    if len(counts) != HOURS:
        raise ValueError(f"a week has {HOURS} hours, found {len(counts)} counts")
    total = sum(counts)
    days = HOURS // DAY_HOURS
    by_hour = [sum(counts[hour::DAY_HOURS]) for hour in range(DAY_HOURS)]
    day = [(n + prior_posts / DAY_HOURS) / (total + prior_posts) for n in by_hour]
    week = [(n + prior_posts * day[i % DAY_HOURS] / days) / (total + prior_posts) for i, n in enumerate(counts)]
    return Rhythm(tuple(share * HOURS for share in week))


def hour_of_week(at: datetime) -> int:
    """0 for Monday 0 to 1 o'clock in China, 167 for Sunday's last hour."""
    wall = at.astimezone(CHINA)
    return wall.weekday() * DAY_HOURS + wall.hour
