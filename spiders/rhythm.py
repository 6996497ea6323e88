"""How often: the interval of a source, the looks at a page, the sizes of batches. Pure functions of what was seen and data/rhythm.yml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from nlp.parameters import load_parameters

HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """The values of data/rhythm.yml; units and reasons stand there."""

    floor_share: float
    floor_seconds: float
    ceiling_times: float
    ceiling_seconds: float
    fresh_share: float
    slower: float
    faster: float
    after_failure: float
    rhythm_weight: float
    things_a_visit: float
    gap_memory: float
    first_look_hours: float
    look_factor: float
    late_look_hours: float
    second_look_hours: float
    most_missing_share: float
    timeline_look_hours: float
    children: int
    least_a_child: int
    most_a_child: int
    side_by_side: int


@lru_cache(maxsize=1)
def rhythm() -> Rhythm:
    """The rhythm in force, read once."""
    return load_parameters(Rhythm, "rhythm.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What one run of a source showed; all times in seconds."""

    cadence: float  # as its file asks
    interval: float | None  # in force until now, None before the first run
    gap: float | None  # usual time between two publications, None while unknown
    silence: float | None  # since the newest publication, None while unknown
    new: int
    listed: int  # things it showed, known ones included; 0 where it answered "not modified"
    is_good: bool


def bounds(cadence: float, by: Rhythm) -> tuple[float, float]:
    """The shortest and the longest interval of a source with this cadence; the cadence lies between them."""
    floor = min(cadence, max(cadence * by.floor_share, by.floor_seconds))
    return floor, max(cadence, min(cadence * by.ceiling_times, by.ceiling_seconds))


def next_interval(visit: Visit, by: Rhythm) -> float:
    """Seconds until the source is due again, within `bounds`; never longer for more new things or a shorter gap.

    The share of new things moves the interval in force; the result is drawn to the source's own rhythm, the time in which it
    publishes `things_a_visit` things. A source silent for longer than its usual gap counts as that slow.
    """
    floor, ceiling = bounds(visit.cadence, by)
    interval = min(ceiling, max(floor, visit.cadence if visit.interval is None else visit.interval))
    if not visit.is_good:
        return min(ceiling, interval * by.after_failure)
    moved = interval * _factor(visit, by)
    if visit.gap is not None:
        own = by.things_a_visit * max(visit.gap, visit.silence or 0.0)
        own = min(ceiling, max(floor, own))
        moved = float(min(ceiling, max(floor, moved)) ** (1 - by.rhythm_weight) * own**by.rhythm_weight)
    return min(ceiling, max(floor, moved))


def _factor(visit: Visit, by: Rhythm) -> float:
    """From `slower` at nothing new over 1 at `fresh_share` down to `faster` where all is new, straight lines between."""
    fresh = min(1.0, visit.new / visit.listed) if visit.listed else float(bool(visit.new))
    if fresh <= by.fresh_share:
        return by.slower + (1 - by.slower) * fresh / by.fresh_share
    return 1 + (by.faster - 1) * (fresh - by.fresh_share) / (1 - by.fresh_share)


def usual_gap(before: float | None, *, span: float, things: int, by: Rhythm) -> float | None:
    """The remembered gap between publications, seconds, after `things` more were published within `span` seconds."""
    if things <= 0 or span <= 0:
        return before
    newest = span / things
    return newest if before is None else by.gap_memory * before + (1 - by.gap_memory) * newest


def looks(days: int, by: Rhythm) -> tuple[float, ...]:
    """Seconds after publication at which a page is read again, rising; the last stands at the end of `days`."""
    end, at = timedelta(days=days).total_seconds(), by.first_look_hours * HOUR
    found = []
    while at < end:
        found.append(at)
        at *= by.look_factor
    return (*found, end) if days else ()


def is_look_due(*, since: float, read: float, now: float, days: int, by: Rhythm) -> bool:
    """Whether a look at a page published at `since` and last read at `read` has come; epoch seconds."""
    schedule = looks(days, by)
    if not schedule or now >= since + schedule[-1] + by.late_look_hours * HOUR:
        return False
    passed = [since + look for look in schedule if since + look <= now]
    return bool(passed) and read < passed[-1]
