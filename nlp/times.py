"""Reads the times named in Chinese text as half-open UTC intervals, relative to when the text was published.

People write Beijing time and leave out what is plain: the year, the month, the day of a second time. Parts of the day are
those of public forecasts (夜间: 20 to 8 o'clock). Nearest reading wins: on 3 January, 12月30日 is last year's.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from nlp.time_words import (
    AHEAD,
    BEIJING,
    DAYS,
    DIGITS,
    JOINT,
    JUST_NOW,
    MONTHS,
    PARTS,
    POINT,
    RELATIVE,
    STEPS,
    TEN_DAYS,
    UNITS,
    VAGUE,
    WEEKDAYS,
    WEEKS,
    WORTH,
    YEAR_NAMED,
    YEARS,
    number,
)
from store.stages import TimeMention


@dataclass(frozen=True, slots=True)
class Span:
    """A time as said: Beijing wall clock, half-open; `known_day` tells whether it named its day."""

    start: datetime
    end: datetime
    known_day: bool
    is_clock: bool
    alone: bool = False  # a bare part of the day: counts only as an end of a period


def times(text: str, published_at: datetime | None) -> tuple[TimeMention, ...]:
    """The times a normalised text names, in order. Without `published_at` only dates that name their year are read."""
    if not (published_at or YEAR_NAMED.search(text)) or not WORTH.search(text):
        return ()
    reference = published_at.astimezone(BEIJING).replace(tzinfo=None) if published_at else None
    found = [*_periods(text, reference), *(_relative(text, reference) if reference else [])]
    taken: list[tuple[int, int, Span]] = []
    for start, end, span in sorted(found, key=lambda item: (item[0], -item[1])):
        if not taken or start >= taken[-1][1]:
            taken.append((start, end, span))
    return tuple(
        TimeMention(text=text[start:end].strip(), start=_utc(span.start), end=_utc(span.end))
        for start, end, span in taken
        if span.start < span.end
    )


def _utc(wall: datetime) -> datetime:
    return wall.replace(tzinfo=BEIJING).astimezone(UTC)


def _periods(text: str, reference: datetime | None) -> list[tuple[int, int, Span]]:
    """Single times and the periods "A到B" made of two."""
    found: list[tuple[int, int, Span]] = []
    previous: Span | None = None
    for match in POINT.finditer(text):
        joined = bool(found) and JOINT.fullmatch(text, found[-1][1], match.start()) is not None
        anchor = previous.start if joined and previous else None
        span = _span(match, reference, anchor)
        if span is None:
            continue
        if joined and previous is not None:
            found[-1] = (found[-1][0], match.end(), _period(previous, span))
        else:
            found.append((match.start(), match.end(), span))
        previous = span
    return [item for item in found if not item[2].alone]


def _period(first: Span, last: Span) -> Span:
    """From the start of the first to the end of the last; a clock ends at its stroke, one before the start lies a day on."""
    end = last.start if last.is_clock else last.end
    if end <= first.start and not last.known_day:
        end += timedelta(days=1)
    return Span(first.start, end, True, False)


def _span(match: re.Match[str], reference: datetime | None, anchor: datetime | None) -> Span | None:
    groups = match.groupdict()
    days = _days(groups, reference, anchor)
    named = days is not None
    if days is None:
        day = anchor or reference
        if day is None or groups["part_alone"] is groups["part_only"] is groups["c_hour"] is groups["c_hh"] is None:
            return None
        days = (day.date(), day.date() + timedelta(days=1))
    part = groups["part"] or groups["part_alone"] or groups["part_only"] or _hidden_part(groups["day_word"])
    clock = _clock(groups, part, named=named)
    midnight = datetime.combine(days[0], datetime.min.time())
    if clock is None and any(groups[name] or groups[f"c_{name}"] for name in ("hour", "hh")):
        return None  # 25时 is no time
    if clock is not None:
        if not named and not part and groups["c_hour"] and not groups["c_hour"].isdigit() and anchor is None:
            return None  # 一点, 两点: "a little", "two points" rather than one and two o'clock
        start, length = clock
        return Span(midnight + start, midnight + start + length, named, True)
    if part:
        begin, end = PARTS[part]
        hours = (midnight + timedelta(hours=begin), midnight + timedelta(hours=end))
        return Span(*hours, named, False, alone=not named and anchor is None)
    return Span(midnight, datetime.combine(days[1], datetime.min.time()), named, False)


def _hidden_part(day_word: str | None) -> str | None:
    """The part of the day inside 今晚, 昨夜, 明早, 今晨."""
    return day_word[-1] if day_word and day_word[-1] in PARTS else None


def _clock(groups: dict[str, str | None], part: str | None, *, named: bool) -> tuple[timedelta, timedelta] | None:
    """The hour and minute as time since midnight, and how long the wording lasts: an hour, or a minute where one is named."""

    def get(name: str) -> str | None:
        return groups[name] or groups[f"c_{name}"]

    if hour_minute := get("hh"):
        hour, minute, exact = int(hour_minute), int(get("mm") or 0), True
    elif hour_word := get("hour"):
        hour = number(hour_word)
        minute = 30 if get("half") else number(get("quarter") or "") * 15 or number(get("minute") or "")
        exact = bool(get("half") or get("quarter") or get("minute"))
    else:
        return None
    if hour > 24 or minute > 59:
        return None
    return timedelta(hours=_on_24(hour, part, named=named), minutes=minute), timedelta(minutes=1 if exact else 60)


def _on_24(hour: int, part: str | None, *, named: bool) -> int:
    """下午3点 is 15; 晚上12点 and 今天夜里2点 lie past midnight, 夜里2点 without a day is the night just gone."""
    if part is None or hour > 12:
        return hour
    begin, end = PARTS[part]
    if begin < 12:
        return hour + 12 if part in ("中午", "正午", "午间") and hour < 3 else hour % 12 if part == "凌晨" else hour
    if hour == 12:
        return 12 if end <= 18 else 24
    return (hour + 24 if named else hour) if hour < 6 and end > 24 else hour + 12


def _days(
    groups: dict[str, str | None], reference: datetime | None, anchor: datetime | None
) -> tuple[date, date] | None:
    """The days a wording stands for, half-open; None when it names none or cannot be placed."""
    try:
        return _dated(groups) or (_near(groups, anchor or reference, reference) if reference else None)
    except ValueError:
        return None  # 2月30日 and the like are no dates


def _dated(groups: dict[str, str | None]) -> tuple[date, date] | None:
    if iso := groups["iso"]:
        year, month, day = map(int, re.split("[-/.]", iso))
        return _one(date(year, month, day))
    if not (written := groups["year"]):
        return None
    year = int("".join(str(DIGITS.get(character, character)) for character in written))
    if not groups["year_month"]:
        return date(year, 1, 1), date(year + 1, 1, 1)
    return _in_month(year, number(groups["year_month"]), groups["year_day"], groups["year_part"])


def _near(groups: dict[str, str | None], anchor: datetime | None, reference: datetime) -> tuple[date, date] | None:
    """Days that need the time of publication; `anchor` is the first end of a period, whose month and year go on."""
    base = (anchor or reference).date()
    if word := groups["day_word"]:
        origin = base if word in ("次日", "翌日", "当天", "当晚") else reference.date()
        return _one(origin + timedelta(days=DAYS[word]))
    if groups["weekday"]:
        return _weekday(groups["week"] or "", groups["weekday"], reference.date())
    if short := groups["short"]:
        month, day = short.split("-")
        return _in_year(base, int(month), day, None)
    if groups["month"]:
        return _in_year(base, number(groups["month"]), groups["month_day"], groups["month_part"])
    alone = groups["day"] or groups["day_bare"]
    return _one(_day_near(base, number(alone))) if alone else None


def _one(day: date) -> tuple[date, date]:
    return day, day + timedelta(days=1)


def _in_month(year: int, month: int, day: str | None, part: str | None) -> tuple[date, date]:
    if day:
        return _one(date(year, month, number(day)))
    first, last = TEN_DAYS[part] if part else (1, 0)
    following = date(year, month, monthrange(year, month)[1]) + timedelta(days=1)
    return date(year, month, first), date(year, month, last) if last else following


def _in_year(base: date, month: int, day: str | None, part: str | None) -> tuple[date, date]:
    """The reading nearest to `base` among last, this and next year."""
    readings = []
    for year in (base.year - 1, base.year, base.year + 1):
        if day and month == 2 and number(day) == 29 and monthrange(year, 2)[1] == 28:
            continue
        readings.append(_in_month(year, month, day, part))
    return min(readings, key=lambda days: abs(days[0] - base))


def _day_near(base: date, day: int) -> date:
    """The day of this number nearest to `base`, in its month or a neighbour."""
    first = base.replace(day=1)
    months = [first - timedelta(days=1), base, first + timedelta(days=32)]
    fitting = [month.replace(day=day) for month in months if day <= monthrange(month.year, month.month)[1]]
    if not fitting or day < 1:
        raise ValueError(day)
    return min(fitting, key=lambda reading: abs(reading - base))


def _weekday(week: str, weekday: str, today: date) -> tuple[date, date]:
    monday = today - timedelta(days=today.weekday())
    monday += timedelta(weeks=STEPS.get(week, 0))
    start = monday + timedelta(days=WEEKDAYS[weekday])
    return start, start + timedelta(days=2 if weekday == "末" else 1)


def _relative(text: str, reference: datetime) -> Iterator[tuple[int, int, Span]]:
    """3小时前, 未来24小时, 刚刚, 去年7月, 上周, 本月底."""
    for match in RELATIVE.finditer(text):
        if match["number"] == "几" or VAGUE.fullmatch(match["number"]):
            continue  # "some hours ago", "two or three days ago" are no times
        length = UNITS[match["unit"]] * (0.5 if match["number"] == "半" else number(match["number"]))
        yield match.start(), match.end(), _away(reference, length, UNITS[match["unit"]], match["way"])
    yield from _calendar(text, reference)
    for match in AHEAD.finditer(text):
        if VAGUE.fullmatch(match["number"]):
            continue
        length = UNITS[match["unit"]] * number(match["number"])
        past = match["way"] in ("过去", "近", "最近")
        yield (
            match.start(),
            match.end(),
            _plain(reference - length, reference) if past else _plain(reference, reference + length),
        )
    for match in JUST_NOW.finditer(text):
        yield match.start(), match.end(), _plain(reference - timedelta(minutes=10), reference)
    for match in YEARS.finditer(text):
        year = reference.year + {"今": 0, "去": -1, "前": -2, "明": 1}[match["year"][0]]
        month = number(match["month"]) if match["month"] else 0
        whole_year = (date(year, 1, 1), date(year + 1, 1, 1))
        days = _in_month(year, month, None, None) if 1 <= month <= 12 else whole_year
        yield match.start(), match.end(), _whole(*days)


def _calendar(text: str, reference: datetime) -> Iterator[tuple[int, int, Span]]:
    """Whole weeks and months: 上周 is Monday to Monday, 本月底 the month's last days."""
    today = reference.date()
    for match in WEEKS.finditer(text):
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=STEPS[match["way"]])
        yield match.start(), match.end(), _whole(monday, monday + timedelta(days=7))
    for match in MONTHS.finditer(text):
        year, month = _month_away(today, STEPS[match["way"]])
        yield match.start(), match.end(), _whole(*_in_month(year, month, None, match["part"]))


def _month_away(day: date, months: int) -> tuple[int, int]:
    total = day.year * 12 + day.month - 1 + months
    return total // 12, total % 12 + 1


def _whole(start: date, end: date) -> Span:
    return _plain(*(datetime.combine(day, datetime.min.time()) for day in (start, end)))


def _plain(start: datetime, end: datetime) -> Span:
    return Span(start, end, True, False)


def _away(reference: datetime, length: timedelta, unit: timedelta, way: str) -> Span:
    """How far away, as fine as its unit: 3小时前 lasts an hour, 3天前 a day, 3个月后 a month, 3年前 a year; 24小时内 runs from now."""
    if way == "内":
        return _plain(reference, reference + length)
    if unit >= timedelta(days=30):
        count = round(length / unit) * (-1 if way == "前" else 1)
        year, month = _month_away(reference.date(), count * (12 if unit > timedelta(days=30) else 1))
        first = date(year, 1, 1) if unit > timedelta(days=30) else date(year, month, 1)
        after = date(year + 1, 1, 1) if unit > timedelta(days=30) else _in_month(year, month, None, None)[1]
        return _whole(first, after)
    moment = reference - length if way == "前" else reference + length
    if unit >= timedelta(days=1):
        midnight = datetime.combine(moment.date(), datetime.min.time())
        return _plain(midnight, midnight + timedelta(days=1))
    start = moment.replace(second=0, microsecond=0)
    return _plain(start, start + unit)
