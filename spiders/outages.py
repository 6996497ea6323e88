"""When a source's outage begins and when it is over: what is told once each, decided from its history alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from spiders.health import Matter, Standing, judge
from spiders.usual import HealthRules, History, silence

TOLD = (Matter.UNHEARD, Matter.SILENT)  # the matters that people are told of; the rest is shown on the desk


@dataclass(frozen=True, slots=True)
class Beginning:
    """An outage that begins: what it is, why, and until when all was well (None: never)."""

    matter: Matter
    reason: str
    heard_until: datetime | None


@dataclass(frozen=True, slots=True)
class Turn:
    """What a look at one source changes: outages that begin and matters whose open outage is over."""

    begins: tuple[Beginning, ...] = ()
    ends: tuple[Matter, ...] = ()


def turn(history: History, standing: Mapping[Matter, datetime | None], rules: HealthRules, *, now: datetime) -> Turn:
    """The changes, given the open outages with the moment until which all was well. Looking again changes nothing more.

    An outage begins by the verdict. Not being heard is over with the next good run, silence with the next new entry; a
    paused source has no outage.
    """
    if history.is_paused:
        return Turn(ends=tuple(standing))
    return Turn(
        begins=tuple(one for one in _begins(history, rules, now=now) if one.matter not in standing),
        ends=tuple(matter for matter in TOLD if matter in standing and _is_over(matter, history, standing[matter])),
    )


def _begins(history: History, rules: HealthRules, *, now: datetime) -> tuple[Beginning, ...]:
    verdict = judge(history, rules, now=now)
    if verdict.standing is Standing.OUT:
        return (Beginning(Matter.UNHEARD, verdict.reason, history.last_good_at),)
    if verdict.matter is Matter.SILENT:
        found = silence(history, rules, now=now)
        return (Beginning(Matter.SILENT, verdict.reason, found.since if found else None),)
    return ()


def _is_over(matter: Matter, history: History, heard_until: datetime | None) -> bool:
    if matter is Matter.UNHEARD:
        good = [run.at for run in history.runs if run.state.is_good]
        last = max([*good[-1:], *([history.last_good_at] if history.last_good_at else [])], default=None)
    else:
        last = next((run.at for run in reversed(history.runs) if run.entries), None)
    return last is not None and (heard_until is None or last > heard_until)
