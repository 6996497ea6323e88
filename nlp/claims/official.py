"""Holds an assertion against official warnings in force at its place and time, and says what was looked at.

It compares words and periods only: no level is computed (海洋观测预报管理条例 art. 22), and no line says that anything is false.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from nlp.normalise import normalise
from nlp.places import places, same_region
from nlp.reading import read
from nlp.time_words import BEIJING
from nlp.word_files import LEXICONS, exact_keys, read_yaml, word_list
from store.errors import BadSettings
from store.stages import Level, MessageType, Place, TimeMention

COLOUR = re.compile(
    r"([红橙黄蓝])色?(?:\S{0,4}?)(?:警报|预警|风暴潮|海啸|海浪|海冰)|(?:警报|预警|风暴潮|海啸)\S{0,3}?([红橙黄蓝])色"
)
CITY = re.compile(r"(\S{2,}?)[市省]")
NAMED = 3  # warnings or notices named in one line at most
NEAR = timedelta(days=2)  # a notice speaks of what happened up to so long before or after


class Verdict(StrEnum):
    """How an assertion stands to official facts; for the colour of a line, never for the truth of the assertion."""

    AGREES = "agrees"  # such a warning, and the level where one is named
    DIFFERS = "differs"  # a warning of the hazard, at another level than named
    IN_FORCE = "in_force"  # a warning of the hazard; the assertion names no level
    NONE = "none"  # no such warning in force there and then
    NOT_COVERED = "not_covered"  # no connected official source reports this


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialWarning:
    """An official message as kept; `ended_at` is when a later message took its place or lifted it, None while none did."""

    id: int
    issuer: str
    number: str
    hazard: str
    message_type: MessageType
    level: str
    areas: tuple[tuple[str, str], ...]
    issued_at: datetime
    expires: datetime | None
    ended_at: datetime | None = None

    def was_in_force(self, start: datetime, end: datetime) -> bool:
        """Whether it stood at any moment of [start, end]; a lifting message never stands."""
        if self.message_type is MessageType.CANCEL:
            return False
        until = min([moment for moment in (self.expires, self.ended_at) if moment], default=None)
        return self.issued_at <= end and (until is None or start < until)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialNotice:
    """A document of an official source that is no warning: a notice, a quake report, an answer."""

    id: int
    title: str
    text: str
    issuer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialFacts:
    """What officials published, as far as it was received; the order does not matter."""

    warnings: Sequence[OfficialWarning] = ()
    notices: Sequence[OfficialNotice] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an assertion says as far as official facts go."""

    text: str
    places: tuple[Place, ...]
    times: tuple[TimeMention, ...]
    first_at: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """One line for the officer: what official facts say there and then, in Chinese, with the ids of what it names."""

    matter: str
    verdict: Verdict
    line: str
    warnings: tuple[int, ...] = ()
    notices: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of official fact and the words that name it; `ask` is whom to ask where no source reports it."""

    name: str
    words: tuple[str, ...]
    covered: bool
    ask: str


@lru_cache(maxsize=1)
def matters(path: Path = LEXICONS / "official_matters.yml") -> tuple[Matter, ...]:
    """The matters in the file's order; raises BadSettings naming file and key."""
    return tuple(_matter(name, entry, f"{path.name} '{name}'") for name, entry in read_yaml(path).items())


def _matter(name: str, entry: object, where: str) -> Matter:
    known = exact_keys(entry, {"words", "covered", "ask"}, where)
    if not isinstance(known["covered"], bool) or not isinstance(known["ask"], str):
        raise BadSettings(f"{where}: covered must be true or false and ask a text")
    return Matter(name, word_list(known["words"], where), known["covered"], known["ask"])


def official_checks(said: Said, facts: OfficialFacts, *, now: datetime) -> tuple[Check, ...]:
    """One check a matter that the assertion names, in the file's order; none when it names none."""
    text = normalise(said.text)
    received = sorted((w for w in facts.warnings if w.issued_at <= now), key=lambda w: (w.issued_at, w.id))
    return tuple(
        _covered(matter, said, received, now) if matter.covered else _not_covered(matter, said, facts.notices, now)
        for matter in matters()
        if any(word in text for word in matter.words)
    )


def claimed_level(text: str) -> Level | None:
    """The warning colour an assertion names, None for none."""
    found = COLOUR.search(normalise(text))
    return Level(f"{found[1] or found[2]}色") if found else None


def _not_covered(matter: Matter, said: Said, notices: Sequence[OfficialNotice], now: datetime) -> Check:
    """What official documents of those days say of a matter that has no warnings; where none does, that it is not covered."""
    start, end, when = _period(said)
    spoken = [
        notice
        for notice in sorted(notices, key=lambda notice: (notice.at, notice.id))
        if start - NEAR <= notice.at <= min(end + NEAR, now)
        and any(word in normalise(f"{notice.title}\n{notice.text}") for word in matter.words)
    ]
    if not spoken:
        line = f"{matter.name}不在已接入的官方来源内，请向{matter.ask}核实（截至{_moment(now)}）。"
        return Check(matter.name, Verdict.NOT_COVERED, line)
    named = "；".join(f"《{n.title or n.text[:30]}》（{n.issuer}，{_moment(n.at)}）" for n in spoken[-NAMED:])
    line = f"{when}前后，官方信息中提到{matter.name}的有：{named}（截至{_moment(now)}）。"
    return Check(matter.name, Verdict.IN_FORCE, line, notices=tuple(n.id for n in spoken[-NAMED:]))


def _covered(matter: Matter, said: Said, received: Sequence[OfficialWarning], now: datetime) -> Check:
    of_hazard = [warning for warning in received if warning.hazard == matter.name]
    start, end, when = _period(said)
    there = [w for w in of_hazard if w.was_in_force(start, end) and _reaches(w, said.places)]
    where = said.places[0].name if said.places else "各岸段（说法未说地点）"
    if not there:
        return Check(matter.name, Verdict.NONE, _nothing(matter.name, of_hazard, received, where, when, now))
    wanted, levels = claimed_level(said.text), [_level_at(w, said.places) for w in there]
    named = "；".join(_named(w, level) for w, level in list(zip(there, levels, strict=True))[-NAMED:])
    line = f"{when}，预报机构对{where}发布的是：{named}"
    verdict, compared = _compared(wanted, levels)
    since = _since(matter.name, there, [w for w in of_hazard if w.was_in_force(now, now)], said, now)
    return Check(matter.name, verdict, f"{line}{compared}{since}。", tuple(w.id for w in there))


def _compared(wanted: Level | None, levels: Sequence[str]) -> tuple[Verdict, str]:
    """The level an assertion names beside those published; words are compared, nothing is reckoned."""
    if wanted is None:
        return Verdict.IN_FORCE, ""
    if wanted.value in levels:
        return Verdict.AGREES, f"，与说法中的{wanted.value}相同"
    return Verdict.DIFFERS, f"，未见{wanted.value}"


def _since(
    hazard: str, there: Sequence[OfficialWarning], standing: Sequence[OfficialWarning], said: Said, now: datetime
) -> str:
    """Until when was looked, or what stands there at this moment when it is something else."""
    here = [w for w in standing if _reaches(w, said.places)]
    if [w.id for w in here] == [w.id for w in there]:
        return f"（截至{_moment(now)}）"
    named = "；".join(_named(w, _level_at(w, said.places)) for w in here[-NAMED:])
    return f"。此刻（{_moment(now)}）" + (f"有效的是：{named}" if named else f"没有有效的{hazard}警报")


def _nothing(
    hazard: str,
    of_hazard: Sequence[OfficialWarning],
    received: Sequence[OfficialWarning],
    where: str,
    when: str,
    now: datetime,
) -> str:
    issuers = len({warning.issuer for warning in received})
    looked = (
        f"已核对{issuers}家机构的{len(received)}份预警，截至{_moment(now)}"
        if received
        else f"系统尚未收到任何预警，截至{_moment(now)}"
    )
    last = f"；最近一份{hazard}信息：{_named(of_hazard[-1], of_hazard[-1].level)}" if of_hazard else ""
    return f"{when}，未见对{where}在有效期内的{hazard}警报（{looked}）{last}。"


def _period(said: Said) -> tuple[datetime, datetime, str]:
    """The time an assertion speaks of: what it names, else when it was first said; with its words."""
    if said.times:
        start, end = min(t.start for t in said.times), max(t.end for t in said.times)
        return start, end, f"说法所指时间（{_moment(start)}至{_moment(end)}）"
    return said.first_at, said.first_at, f"说法出现时（{_moment(said.first_at)}）"


def _reaches(warning: OfficialWarning, claimed: Sequence[Place]) -> bool:
    """Whether one of the warning's areas is or holds a place named; an assertion without place may mean any."""
    if not claimed or not warning.areas:
        return True
    return any(_is_at(area, claimed) for area, _ in warning.areas)


def _is_at(area: str, claimed: Sequence[Place]) -> bool:
    """Whether an area as published names a claimed place, the city it lies in (天津近岸海域, 天津市) or one beside it."""
    named = _places_of(area)
    cities = {found[1] for place in claimed for name in (place.within, place.name) if (found := CITY.match(name))}
    return any(city in area for city in cities) or any(same_region(one, other) for one in claimed for other in named)


@lru_cache(maxsize=512)
def _places_of(area: str) -> tuple[Place, ...]:
    return places(read(area).hits) or (Place(name=area),)


def _level_at(warning: OfficialWarning, claimed: Sequence[Place]) -> str:
    """The level as published for the area that is named, else that of the whole message."""
    for area, level in warning.areas:
        if claimed and any(place.name in area or area in place.name for place in claimed):
            return level
    return warning.level


def _named(warning: OfficialWarning, level: str) -> str:
    """海啸红色警报（issuer，number，1月21日09:30发布，有效至1月22日12:00）."""
    kind = {MessageType.CANCEL: "解除通知"}.get(warning.message_type, f"{level}警报" if level else "信息（未列级别）")
    ends = f"有效至{_moment(warning.expires)}" if warning.expires else "未注明有效期"
    if warning.ended_at and (not warning.expires or warning.ended_at < warning.expires):
        ends = f"{_moment(warning.ended_at)}由后一份替代"
    number = f"，{warning.number}" if warning.number else ""
    return f"{warning.hazard}{kind}（{warning.issuer}{number}，{_moment(warning.issued_at)}发布，{ends}）"


def _moment(at: datetime) -> str:
    local = at.astimezone(BEIJING)
    return f"{local.month}月{local.day}日{local:%H:%M}"
