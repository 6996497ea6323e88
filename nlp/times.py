"""Reads the times named in Chinese text as half-open UTC intervals, relative to when the text was published.

People write Beijing time and leave out what is plain: the year, the month, the day of a second time. Parts of the day are
those of public forecasts (夜间: 20 to 8 o'clock). Nearest reading wins: on 3 January, 12月30日 is last year's.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from store.stages import TimeMention

BEIJING = timezone(timedelta(hours=8))
DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "○": 0}
DAYS = {
    "大前天": -3,
    "前天": -2,
    "前日": -2,
    "前晚": -2,
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "昨夜": -1,
    "昨早": -1,
    "昨": -1,
}
DAYS |= {"今天": 0, "今日": 0, "今晚": 0, "今夜": 0, "今早": 0, "今晨": 0, "当天": 0, "今": 0, "当晚": 0}
DAYS |= {
    "明天": 1,
    "明日": 1,
    "明晚": 1,
    "明夜": 1,
    "明早": 1,
    "明晨": 1,
    "明": 1,
    "次日": 1,
    "翌日": 1,
    "后天": 2,
    "后日": 2,
    "大后天": 3,
}
PARTS = {  # hours from the day's midnight; above 24 lies the next day
    "凌晨": (0, 6), "后半夜": (24, 30), "下半夜": (24, 30), "上半夜": (20, 24), "前半夜": (20, 24), "半夜": (23, 29),
    "清晨": (5, 8), "早晨": (5, 9), "早上": (5, 9), "早间": (5, 9), "早": (5, 9), "晨": (5, 8), "上午": (8, 12),
    "中午": (11, 13), "正午": (11, 13), "午间": (11, 13), "下午": (12, 18), "午后": (12, 18), "傍晚": (17, 20),
    "晚上": (18, 24), "晚间": (18, 24), "晚": (18, 24), "夜间": (20, 32), "夜里": (20, 32), "夜晚": (20, 32), "深夜": (22, 26),
    "入夜": (18, 24), "夜": (20, 32), "白天": (8, 20), "前半天": (8, 12), "后半天": (12, 18), "零点": (0, 1),
}  # fmt: skip
WEEKDAYS = {character: number for number, character in enumerate("一二三四五六")} | {"日": 6, "天": 6, "末": 5}
TEN_DAYS = {
    "上旬": (1, 11),
    "中旬": (11, 21),
    "下旬": (21, 0),
    "初": (1, 6),
    "中": (11, 21),
    "底": (26, 0),
    "末": (26, 0),
}
UNITS = {
    "分钟": timedelta(minutes=1),
    "小时": timedelta(hours=1),
    "个小时": timedelta(hours=1),
    "钟头": timedelta(hours=1),
}
UNITS |= {"个钟头": timedelta(hours=1), "天": timedelta(days=1), "日": timedelta(days=1), "周": timedelta(days=7)}
UNITS |= {"个星期": timedelta(days=7), "星期": timedelta(days=7), "个月": timedelta(days=30), "年": timedelta(days=365)}


def _any(words: Iterator[str] | list[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


N = r"(?:\d{1,2}|[一二三四五六七八九十两〇零]{1,3})"
PART = _any([word for word in PARTS if len(word) > 1])
DAY = "|".join(
    [
        rf"(?P<day_word>{_any([word for word in DAYS if len(word) > 1])}|[今明昨](?=凌晨|上午|下午|傍晚|中午|夜间))",
        r"(?P<iso>\d{4}[-/.]\d{1,2}[-/.]\d{1,2})(?!\d)",
        rf"(?P<year>\d{{4}}|[一二三四五六七八九〇零○]{{4}})年(?:(?P<year_month>{N})月(?:份|(?P<year_day>{N})[日号]|(?P<year_part>[上中下]旬|初|底|末))?)?",
        rf"(?P<month>{N})月(?:(?P<month_day>{N})[日号]|(?P<month_part>[上中下]旬|初|底|末)|份)",
        rf"(?<!第)(?P<day>{N})(?:日(?!均|常|本|益|元)|号(?=[凌清早上下中晚夜白到至起前之,。;、!? ]|$))",
        r"(?P<week>上上|上|下|本|这)?(?:个)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])(?!期|边|围|年|周)",
        r"(?P<short>(?<![\d.-])\d{1,2}-\d{1,2})(?= \d{1,2}:\d{2})",
    ]
)
CLOCK = (
    rf"(?P<hour>{N})(?:时|点(?!建议|意见|左?右?都|要求|问题|理由|[一二三四五六七八九]倍|儿|[赞评名]))(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<minute>{N})分?(?!钟|米))?(?:钟|整)?"
    r"|(?P<hh>[0-2]?\d):(?P<mm>[0-5]\d)(?::[0-5]\d)?(?![\d:])"
)
FIRST = r"(?=[\d一二三四五六七八九十两〇零○今明昨前后大次翌当上下本这周星礼凌清早晨中正午傍晚夜深入白半])"  # spares most positions
POINT = re.compile(
    rf"{FIRST}(?<![\d.])(?:(?:{DAY})[ ]?(?P<part>{PART})?(?:[ ]?(?:{CLOCK}))?|(?P<part_alone>{PART})?(?:[ ]?(?:{CLOCK.replace('?P<', '?P<c_')}))|(?P<part_only>{PART}))"
)
RELATIVE = re.compile(
    rf"(?P<number>\d{{1,3}}|[一二三四五六七八九十两半]{{1,3}}|几)(?P<unit>{_any(list(UNITS))})(?:以|之)?(?P<way>前(?!期|后)|后|内)"
)
AHEAD = re.compile(
    rf"(?P<way>未来|今后|过去|近|最近)(?P<number>\d{{1,3}}|[一二三四五六七八九十两]{{1,3}})(?P<unit>{_any(list(UNITS))})"
)
JUST_NOW = re.compile("刚刚|刚才")
YEARS = re.compile(
    r"(?P<year>[今去前明]年)(?:(?P<month>[一二三四五六七八九十\d]{1,2})月(?:份)?(?!\d|[一二三四五六七八九十]))?"
)
JOINT = re.compile(r"\s?(?:到|至|~|—{1,2}|-|－|起至|开始到)\s?")
WORTH = re.compile(r"[日号月点时年周前后今明昨天晚夜晨刚:]|星期|礼拜|未来|过去")


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
    if not WORTH.search(text):
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
        hour = _number(hour_word)
        minute = 30 if get("half") else _number(get("quarter") or "") * 15 or _number(get("minute") or "")
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
    return _in_month(year, _number(groups["year_month"]), groups["year_day"], groups["year_part"])


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
        return _in_year(base, _number(groups["month"]), groups["month_day"], groups["month_part"])
    return _one(_day_near(base, _number(groups["day"]))) if groups["day"] else None


def _one(day: date) -> tuple[date, date]:
    return day, day + timedelta(days=1)


def _in_month(year: int, month: int, day: str | None, part: str | None) -> tuple[date, date]:
    if day:
        return _one(date(year, month, _number(day)))
    first, last = TEN_DAYS[part] if part else (1, 0)
    following = date(year, month, monthrange(year, month)[1]) + timedelta(days=1)
    return date(year, month, first), date(year, month, last) if last else following


def _in_year(base: date, month: int, day: str | None, part: str | None) -> tuple[date, date]:
    """The reading nearest to `base` among last, this and next year."""
    readings = []
    for year in (base.year - 1, base.year, base.year + 1):
        if day and month == 2 and _number(day) == 29 and monthrange(year, 2)[1] == 28:
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
    monday += timedelta(weeks={"上上": -2, "上": -1, "下": 1}.get(week, 0))
    start = monday + timedelta(days=WEEKDAYS[weekday])
    return start, start + timedelta(days=2 if weekday == "末" else 1)


def _relative(text: str, reference: datetime) -> Iterator[tuple[int, int, Span]]:
    """3小时前, 未来24小时, 刚刚, 去年7月."""
    for match in RELATIVE.finditer(text):
        if match["number"] == "几":
            continue  # "some hours ago" is no time
        length = UNITS[match["unit"]] * (0.5 if match["number"] == "半" else _number(match["number"]))
        yield match.start(), match.end(), _away(reference, length, UNITS[match["unit"]], match["way"])
    for match in AHEAD.finditer(text):
        length = UNITS[match["unit"]] * _number(match["number"])
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
        month = _number(match["month"]) if match["month"] else 0
        if 1 <= month <= 12:
            days = _in_month(year, month, None, None)
        else:
            days = date(year, 1, 1), date(year + 1, 1, 1)
        yield match.start(), match.end(), _plain(*(datetime.combine(day, datetime.min.time()) for day in days))


def _plain(start: datetime, end: datetime) -> Span:
    return Span(start, end, True, False)


def _away(reference: datetime, length: timedelta, unit: timedelta, way: str) -> Span:
    """ "3小时前" lasts as long as its unit is fine: an hour; "3天前" is that whole day; "24小时内" runs from now."""
    if way == "内":
        return _plain(reference, reference + length)
    moment = reference - length if way == "前" else reference + length
    if unit >= timedelta(days=1):
        midnight = datetime.combine(moment.date(), datetime.min.time())
        return _plain(midnight, midnight + timedelta(days=1))
    start = moment.replace(second=0, microsecond=0)
    return _plain(start, start + unit)


def _number(written: str) -> int:
    """A number under a hundred in digits or Chinese; 0 for the empty string."""
    if not written:
        return 0
    if written.isdigit() and written.isascii():
        return int(written)
    if "十" not in written:
        return int("".join(str(DIGITS[character]) for character in written))
    tens, ones = written.split("十", 1)
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
