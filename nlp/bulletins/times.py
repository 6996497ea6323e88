"""Times as Chinese bulletins write them, to UTC: whole dates, dates without year or month, parts of a day, spans."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from nlp.bulletins.facts import any_of, facts

BEIJING = ZoneInfo("Asia/Shanghai")

_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_CHINESE_NUMBER = re.compile(r"(?<![〇零一二三四五六七八九十])[〇零一二三四五六七八九十]{1,6}(?=[年月日号时点分])")
_PERIOD = any_of(list(facts().periods))
_DATE = r"(?:(?P<year>\d{4})\s*[年\-/.]\s*)?(?:(?P<month>\d{1,2})\s*[月\-/.]\s*)?(?P<day>\d{1,2})\s*(?:日|号(?!台风)|(?=\s))"
_DAY_NAME = rf"(?P<named>{any_of(list(facts().days))})"
_CLOCK = r"(?P<hour>\d{1,2})\s*(?:时|点|:)\s*(?:(?P<minute>\d{1,2})\s*分?)?"
_MOMENT = re.compile(rf"(?:{_DATE}|{_DAY_NAME})?\s*T?(?:[(（]星期.[)）])?\s*(?P<period>{_PERIOD})?\s*(?:{_CLOCK})?")
_SPAN = re.compile(r"预计[,:]?\s*")
_TO = re.compile(r"\s*(?:到|至|~|—+|-+|–)\s*")
_HOURS_AHEAD = re.compile(r"未来\s*(\d{1,3})\s*(?:个)?小时")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as written: the hours it covers may be a span (午后 is 12 to 18)."""

    start: datetime
    end: datetime
    length: int  # characters read


def plain_numbers(text: str) -> str:
    """Chinese numerals before 年月日时分 as digits: 二〇二六年一月二十日 to 2026年1月20日."""
    return _CHINESE_NUMBER.sub(lambda match: _number(match[0]), text)


def moment_at(text: str, *, near: datetime | None, after: datetime | None = None) -> Moment | None:
    """The time at the very start of `text`; None when none stands there or it lacks a year and `near` is None.

    What is not written is taken from `after` (the start of a span) or else from the moment nearest to `near`.
    """
    match = _MOMENT.match(text)
    if not match or not any(match[name] for name in ("day", "named", "period", "hour")):
        return None
    day = _day(match, near=near, after=after)
    if day is None:
        return None
    period = _period_of(match)
    if match["hour"] is None:
        low, high = facts().periods[period] if period else (0, 24)
        return Moment(_at(day, low), _at(day, high), match.end())
    hour = int(match["hour"])
    if period and hour < 12 and facts().periods[period][0] >= 12:
        hour += 12  # 下午4时
    if hour > 24 or int(match["minute"] or 0) > 59:
        return None
    moment = _at(day, hour) + timedelta(minutes=int(match["minute"] or 0))
    return Moment(moment, moment, match.end())


def first_moment(text: str, *, near: datetime | None) -> datetime | None:
    """The first time in the text that has both a day and an hour; UTC."""
    for match in re.finditer(r"\d{4}\s*[年\-/.]|\d{1,2}\s*月|\d{1,2}\s*日|今天|今日", text):
        parts = _MOMENT.match(text, match.start())
        if parts and (parts["day"] or parts["named"]) and parts["hour"]:
            moment = moment_at(text[match.start() :], near=near)
            if moment:
                return moment.start
    return None


def span(text: str, *, issued_at: datetime) -> tuple[datetime | None, datetime | None]:
    """The period the text forecasts for, from its first 预计; (None, None) when it names none."""
    for match in _SPAN.finditer(text):
        rest = text[match.end() : match.end() + 80]
        if ahead := _HOURS_AHEAD.match(rest):
            return issued_at, issued_at + timedelta(hours=int(ahead[1]))
        start = moment_at(rest, near=issued_at)
        if start is None:
            continue
        to = _TO.match(rest, start.length)
        end = moment_at(rest[to.end() :], near=issued_at, after=start.start) if to else start
        if end and end.end > start.start:
            return start.start, end.end
    return None, None


def _number(chinese: str) -> str:
    if "十" not in chinese:
        return "".join(_DIGITS[c] for c in chinese)
    tens, _, ones = chinese.partition("十")
    return str(int(_DIGITS.get(tens, "1")) * 10 + int(_DIGITS.get(ones, "0")))


def _period_of(match: re.Match[str]) -> str:
    if match["period"]:
        return match["period"]
    return {"今晨": "清晨", "今晚": "晚上"}.get(match["named"] or "", "")


def _at(day: datetime, hour: int) -> datetime:
    return (day + timedelta(hours=hour)).astimezone(UTC)


def _day(match: re.Match[str], *, near: datetime | None, after: datetime | None) -> datetime | None:
    """Midnight in Beijing of the day written, or of the day it must be."""
    anchor = after or near
    local = anchor.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0) if anchor else None
    if match["named"]:
        issue = near.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0) if near else None
        return issue + timedelta(days=facts().days[match["named"]]) if issue else None
    if match["day"] is None:
        return local
    if match["year"]:
        return _valid(int(match["year"]), int(match["month"] or 0), int(match["day"]))
    if local is None:
        return None
    candidates = _candidates(local, match["month"], int(match["day"]))
    return min(candidates, key=lambda day: abs(day - local), default=None)


def _candidates(local: datetime, month: str | None, day: int) -> list[datetime]:
    if month:
        tried = [(local.year + step, int(month)) for step in (-1, 0, 1)]
    else:
        first = local.replace(day=1)
        tried = [(d.year, d.month) for d in (first - timedelta(days=1), first, first + timedelta(days=32))]
    return [found for year, number in tried if (found := _valid(year, number, day))]


def _valid(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=BEIJING)
    except ValueError:
        return None
