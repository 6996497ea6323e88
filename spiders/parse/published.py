"""The time a page states for its article: metadata, attributes of elements, and the lines round the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from spiders.dates import find_time, parse_time
from spiders.parse.sheet import Line, Sheet
from spiders.parse.zones import Zones

METAS = frozenset(
    {
        "article:published_time",
        "og:published_time",
        "og:release_date",
        "publishdate",
        "pubdate",
        "publish_time",
        "publishtime",
        "publish-date",
        "datepublished",
        "dc.date",
        "dc.date.issued",
        "firstpublishedtime",
    }
)
# Names of single vendors, that may mean the update or the hand-over: what a reader sees goes before them.
OTHER_METAS = frozenset({"weibo:article:create_at", "apub:time", "_pubtime", "dateupdate"})
# What scripts hold: linked data, and the public accounts' own variable.
SCRIPTED = (
    ("datePublished", re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')),
    ("ublish", re.compile(r'"publish_?[tT]ime"\s*:\s*"?([^",}]{8,40})')),
    ("pubDate", re.compile(r'"pubDate"\s*:\s*"([^"]{8,40})"')),
    ("ct =", re.compile(r'\bct\s*=\s*"(\d{10})"')),
)
CLOCK = re.compile(r"\d\s*[:时点]\s*\d|^\d{10}(\d{3})?$|T\d{2}|\d+\s*(?:秒|分钟?|小时)前|刚刚")
END_OF_DAY = re.compile(r"23:59:59|00:00:00")  # written by systems that hold the day only
YEAR = re.compile(r"(?:19|20)\d{2}")
STATED = re.compile(r"^[（(]?(?:发布|发表|更新|刊发|刊登|上传|创建)?\s*(?:时间|日期|于)\s*[:：]?\s*\d")
NAMED = re.compile(
    r"(?:pub|post|release|create|article)?[-_]?(?:time|date|shijian)|\binfo\b|source|meta|laiyuan", re.IGNORECASE
)
RIGHTS = re.compile(r"版权|©|copyright|备案|ICP|最后更新|更新时间", re.IGNORECASE)
DATED = re.compile(r"\d|昨天|前天|刚刚")
LONGEST = 120  # characters of a line that states a time
LONGEST_DAY = 24  # of a line that is nothing but a time


def find_published(sheet: Sheet, zones: Zones, html: str, *, now: datetime) -> datetime | None:
    """The stated time, UTC, never more than a day after `now`; None when the page states none.

    A day without a clock time is given the clock time of the same day that stands elsewhere round the article.
    """
    days: list[datetime] = []
    for text in _statements(sheet, zones, html):
        found = parse_time(text, now=now) or find_time(text, now=now)
        if found is None or found > now + timedelta(days=1):
            continue
        if (
            CLOCK.search(text)
            and not END_OF_DAY.search(text)
            and (not days or abs(found - days[0]) < timedelta(days=1))
        ):
            return found
        days.append(found)
    return days[0] if days else _anywhere(sheet, now=now)


def _statements(sheet: Sheet, zones: Zones, html: str) -> Iterator[str]:
    """Texts that may state the time, the surest first: standard metadata, what a reader sees, what else the page holds."""
    seen = [*_of(sheet, zones.header), *_of(sheet, reversed(zones.above)), *_of(sheet, zones.below)]
    yield from (content for name, content in sheet.metas if name in METAS)
    yield from (text for text in seen if YEAR.search(text))
    yield from (content for name, content in sheet.metas if name in OTHER_METAS)
    yield from (found for mark, form in SCRIPTED if mark in html for found in form.findall(html)[:1])
    yield from (text for text in seen if not YEAR.search(text))
    yield from (line.text for line in reversed(zones.ending) if len(line.text) < LONGEST_DAY and YEAR.search(line.text))


def _of(sheet: Sheet, lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        yield from line.stamps
        text = line.text
        if len(text) > LONGEST or RIGHTS.search(text) or not DATED.search(text):
            continue
        if YEAR.search(text) or STATED.match(text) or (len(text) < LONGEST_DAY and _is_named(sheet, line)):
            yield text


def _is_named(sheet: Sheet, line: Line) -> bool:
    return bool(NAMED.search(f"{sheet.blocks[line.block].name} {line.names}"))


def _anywhere(sheet: Sheet, *, now: datetime) -> datetime | None:
    """The first date of an element that is named for it, then of any line."""
    dated = [
        line
        for line in sheet.lines
        if len(line.text) < LONGEST and YEAR.search(line.text) and not RIGHTS.search(line.text)
    ]
    for line in [*(line for line in dated if _is_named(sheet, line)), *dated]:
        found = find_time(line.text, now=now)
        if found and found <= now + timedelta(days=1):
            return found
    return None
