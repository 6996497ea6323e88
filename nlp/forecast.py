"""How many documents of a topic the next hours may bring: a band, not a promise.

A Gamma-Poisson model (Gelman et al. 2013, 2.6): what was heard lately, older hours counting less and each hour by the
platform's rhythm, says how fast the topic runs; the band is the negative binomial's, wide where little was heard.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from nlp.parameters import load_parameters
from nlp.rhythm import EVEN, HOUR, Rhythm


@dataclass(frozen=True, slots=True)
class ForecastParameters:
    """The values of data/forecast.yml."""

    ahead_hours: int
    memory_hours: float
    reach_back_hours: int
    prior_posts: float
    prior_hours: float
    cooling_half_life_hours: float
    overdispersion: float
    share_inside: float
    fewest_posts: int

    @staticmethod
    @lru_cache(maxsize=1)
    def load() -> ForecastParameters:
        """The values in force."""
        return load_parameters(ForecastParameters, "forecast.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Documents expected within `hours` from `at`: at least `low`, at most `high` with the stated share of cases."""

    at: datetime
    hours: int
    low: int
    middle: int
    high: int
    share: float


def forecast(
    times: Mapping[str, Sequence[datetime]],
    *,
    now: datetime,
    rhythms: Mapping[str, Rhythm] | None = None,
    heard_since: Mapping[str, datetime] | None = None,
    parameters: ForecastParameters | None = None,
) -> Band | None:
    """The band of the next hours; None when too little was heard lately to say anything.

    `times` are publication times by platform; `heard_since` gives platforms that came back: the hours before say nothing.
    """
    given = parameters or ForecastParameters.load()
    known, back = rhythms or {}, heard_since or {}
    start = now - timedelta(hours=given.reach_back_hours)
    recent = {platform: [t for t in found if start <= t <= now] for platform, found in times.items()}
    if sum(map(len, recent.values())) < given.fewest_posts:
        return None
    mean = variance = 0.0
    for platform, found in sorted(recent.items()):
        rhythm = known.get(platform, EVEN)
        since = max(start, back.get(platform, start))
        shape = given.prior_posts + sum(_weight(now - t, given) for t in found if t >= since)
        exposure = given.prior_hours + _remembered(rhythm, since, now, given)
        ahead = _cooling(given) * rhythm.ordinary_hours(now, now + timedelta(hours=given.ahead_hours))
        expected = shape / exposure * ahead
        mean += expected
        variance += expected + expected * expected * (1 / shape + given.overdispersion)
    low, middle, high = _quantiles(mean, variance, ((1 - given.share_inside) / 2, 0.5, (1 + given.share_inside) / 2))
    return Band(at=now, hours=given.ahead_hours, low=low, middle=middle, high=high, share=given.share_inside)


def _weight(age: timedelta, given: ForecastParameters) -> float:
    return math.pow(0.5, age / HOUR / given.memory_hours)


def _remembered(rhythm: Rhythm, since: datetime, now: datetime, given: ForecastParameters) -> float:
    """Ordinary hours listened to, each weighed like the posts of its time."""
    total, end = 0.0, now
    while end > since:
        start = max(since, end - HOUR)
        total += rhythm.ordinary_hours(start, end) * _weight(now - start - (end - start) / 2, given)
        end = start
    return total


def _cooling(given: ForecastParameters) -> float:
    """Mean over the hours ahead of a pull that halves every `cooling_half_life_hours`."""
    rate = math.log(2) / given.cooling_half_life_hours
    return (1 - math.exp(-rate * given.ahead_hours)) / (rate * given.ahead_hours)


def _quantiles(mean: float, variance: float, shares: Sequence[float]) -> tuple[int, ...]:
    """The smallest counts that reach each share of a negative binomial with these moments."""
    size = mean * mean / max(variance - mean, 1e-9)
    success = size / (size + mean)
    probability, reached, count = math.exp(size * math.log(success)), 0.0, 0
    found: list[int] = []
    while len(found) < len(shares):
        reached += probability
        while len(found) < len(shares) and reached >= shares[len(found)]:
            found.append(count)
        if probability < 1e-300 and count > mean:  # nothing is left to add up
            found += [count] * (len(shares) - len(found))
        probability *= (count + size) / (count + 1) * (1 - success)
        count += 1
    return tuple(found)
