"""Small drawings as SVG text, from numbers alone: sparklines, bars and a timeline. Colours come from the style sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dashboard.labels import harvest_tone, label
from dashboard.words import BEIJING
from spiders.usual import Band, Day

STRIP_STEP = 10  # width of a run in the strip of states
STRIP_BOXES = {  # y, width and height by tone: the worse, the taller, so that colour is not needed to see it
    "good": (14, 8, 8),
    "warn": (8, 8, 14),
    "bad": (0, 8, 22),
    "idle": (18, 8, 4),
}
STRIP_WORDS = {"good": "听到", "warn": "听到一部分", "bad": "没有听到"}
WIDTH, HEIGHT, FOOT = 640, 120, 26  # of a timeline, in its own units; the page scales it


def per_hour(times: Iterable[datetime], *, end: datetime, hours: int) -> list[int]:
    """How many times fall into each of the last `hours` whole hours, oldest first; the last hour holds `end`."""
    last = end.replace(minute=0, second=0, microsecond=0)
    start = last - timedelta(hours=hours - 1)
    counts = Counter(int((t - start).total_seconds() // 3600) for t in times if t >= start)
    return [counts.get(hour, 0) for hour in range(hours)]


def grouped(counts: Sequence[int], size: int) -> list[int]:
    """Sums of each `size` neighbours, so that a long row stays readable."""
    return [sum(counts[i : i + size]) for i in range(0, len(counts), size)]


def sparkline(values: Sequence[float], label: str, *, width: int = 120, height: int = 28) -> SafeString:
    """A filled line of the values; the label says it to those who do not see it."""
    top = max([*values, 1])
    step = width / max(len(values) - 1, 1)
    points = [(round(i * step, 1), round(height - 2 - v / top * (height - 4), 1)) for i, v in enumerate(values)]
    line = " ".join(f"{x},{y}" for x, y in points)
    return format_html(
        '<svg class="spark" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="{2}">'
        '<polygon class="area" points="0,{1} {3} {0},{1}"/><polyline class="line" points="{3}"/></svg>',
        width,
        height,
        label,
        line,
    )


def bar(value: float, most: float, *, width: int = 120, height: int = 10) -> SafeString:
    """One horizontal bar of its share of `most`; the number stands beside it, so it is hidden from readers aloud."""
    filled = 0.0 if most <= 0 else round(max(0.0, min(1.0, value / most)) * width, 1)
    return format_html(
        '<svg class="bar" viewBox="0 0 {0} {1}" width="{0}" height="{1}" aria-hidden="true">'
        '<rect class="track" width="{0}" height="{1}" rx="2"/><rect class="fill" width="{2}" height="{1}" rx="2"/></svg>',
        width,
        height,
        filled,
    )


def timeline(counts: Sequence[int], *, end: datetime, hours_a_bar: int, label: str) -> SafeString:
    """Columns over time with the days named below and the largest count above its column."""
    step = WIDTH / max(len(counts), 1)
    first = end.replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours_a_bar * len(counts) - 1)
    days = [(round(h / hours_a_bar * step, 1), name) for h, name in _days(first, len(counts) * hours_a_bar)]
    return format_html(
        '<svg class="timeline" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        WIDTH,
        HEIGHT + FOOT,
        label,
        _columns(counts, step),
        format_html_join(
            "",
            '<line class="day" x1="{0}" x2="{0}" y1="0" y2="{1}"/><text class="tick" x="{2}" y="{1}" text-anchor="{3}">{4}</text>',
            [(x, HEIGHT + FOOT - 4, *_beside(x), name) for x, name in days],
        ),
        _peak(counts, step),
    )


def _columns(counts: Sequence[int], step: float) -> SafeString:
    top = max([*counts, 1])
    heights = [round(count / top * (HEIGHT - 16), 1) for count in counts]
    return format_html_join(
        "",
        '<rect class="column" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
        [
            (round(i * step + 1, 1), round(HEIGHT - tall, 1), round(step - 2, 1), tall, count)
            for i, (tall, count) in enumerate(zip(heights, counts, strict=True))
        ],
    )


def _peak(counts: Sequence[int], step: float) -> SafeString | str:
    """The largest count, written above the first column that has it."""
    most = max(counts, default=0)
    if not most:
        return ""
    return format_html('<text class="peak" x="{}" y="{}">{}</text>', round(counts.index(most) * step + 2, 1), 12, most)


def _beside(x: float) -> tuple[float, str]:
    """Where a day's name stands: right of its line, left of it near the edge."""
    return (round(x - 4, 1), "end") if x > WIDTH - 100 else (round(x + 4, 1), "start")


def _days(first: datetime, hours: int) -> list[tuple[int, str]]:
    """(hours from the start, day's name) for each Beijing midnight in the range."""
    local = first.astimezone(BEIJING).replace(minute=0, second=0, microsecond=0)
    moments = [(h, local + timedelta(hours=h)) for h in range(hours)]
    return [(h, f"{m.month}月{m.day}日") for h, m in moments if m.hour == 0]


def state_strip(states: Sequence[str]) -> SafeString:
    """One small box a run, oldest first, in the colour of its state; the label says the counts, each box its state."""
    tones = [harvest_tone(state) for state in states]
    counts = Counter(tones)
    told = "，".join(f"{word} {counts[tone]} 次" for tone, word in STRIP_WORDS.items() if counts[tone])
    return format_html(
        '<svg class="strip" viewBox="0 0 {} 22" role="img" aria-label="{}">{}</svg>',
        max(len(states), 1) * STRIP_STEP,
        f"最近 {len(states)} 次的状态，由早到晚：{told}" if states else "还没有运行过",
        _boxes(
            (tone, i * STRIP_STEP, *STRIP_BOXES[tone], label("harvest", state))
            for i, (tone, state) in enumerate(zip(tones, states, strict=True))
        ),
    )


def day_columns(days: Sequence[tuple[Day, Band | None]]) -> SafeString:
    """What each day brought as a column over what was usual for it; a day that was not heard is a mark at the foot."""
    counts = [day.entries for day, _ in days]
    top = max([*counts, *(band.high for _, band in days if band), 1])
    step = WIDTH / max(len(days), 1)
    heard = sum(day.is_heard or day.entries > 0 for day, _ in days)
    return format_html(
        '<svg class="timeline usual" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}</svg>',
        WIDTH,
        HEIGHT + FOOT,
        f"最近 {len(days)} 天每天收到的条数：{heard} 天有记录，最多 {max(counts, default=0)} 条",
        _boxes(_band_box(band, i, step, top) for i, (_, band) in enumerate(days) if band),
        _boxes(_day_box(day, i, step, top) for i, (day, _) in enumerate(days)),
        _peak(counts, step),
        _weeks([day for day, _ in days], step),
    )


def _boxes(boxes: Iterable[tuple[object, ...]]) -> SafeString:
    """Boxes of class, place, size and title."""
    box = '<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>'
    return format_html_join("", box, boxes)


def _weeks(days: Sequence[Day], step: float) -> SafeString:
    """The name of every seventh day below it."""
    return format_html_join(
        "",
        '<text class="tick" x="{}" y="{}" text-anchor="start">{}</text>',
        [
            (round(i * step, 1), HEIGHT + FOOT - 4, f"{day.date.month}月{day.date.day}日")
            for i, day in enumerate(days)
            if i % 7 == 0
        ],
    )


def _band_box(band: Band, number: int, step: float, top: int) -> tuple[object, ...]:
    """Class, place, size and title of what was usual for one day."""
    upper, lower = (round(HEIGHT - count / top * (HEIGHT - 16), 1) for count in (band.high, band.low))
    return "band", round(number * step, 1), upper, round(step, 1), round(max(lower - upper, 1), 1), f"平常 {band.words}"


def _day_box(day: Day, number: int, step: float, top: int) -> tuple[object, ...]:
    """Class, place, size and title of one day's column."""
    name = f"{day.date.month}月{day.date.day}日"
    x, width = round(number * step + 1, 1), round(step - 2, 1)
    if not day.is_heard and not day.entries:
        return "gap", x, HEIGHT - 3, width, 3, f"{name} 没有听到"
    tall = round(max(day.entries / top * (HEIGHT - 16), 1.0), 1)
    return "column", x, round(HEIGHT - tall, 1), width, tall, f"{name} {day.entries} 条"
