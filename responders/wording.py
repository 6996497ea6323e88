"""How a text is fingerprinted and how times and gaps are written in it."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from store.settings import settings

SHORTEST_NAME = 8  # characters
GAP = re.compile(r"【待填[：:]?([^】]*)】")


def text_hash(title: str, body: str) -> str:
    """What an approval is bound to: SHA-256 hex of title and body, parted by a NUL that neither can hold."""
    return hashlib.sha256(f"{title}\x00{body}".encode()).hexdigest()


def unfilled(text: str) -> list[str]:
    """What the gaps 【待填：…】 of a text ask for, in their order, each by its first sentence; [] when there is none."""
    return [gap.strip().split("。")[0] or "待填内容" for gap in GAP.findall(text)]


def local(at: datetime) -> datetime:
    """The same moment on the office's clock."""
    return at.astimezone(ZoneInfo(settings().time_zone))


def moment(at: datetime) -> str:
    """A time as a notice writes it: 2026年1月21日9时05分, the minutes left out on the hour."""
    there = local(at)
    minutes = f"{there.minute:02}分" if there.minute else ""
    return f"{there.year}年{there.month}月{there.day}日{there.hour}时{minutes}"


def short_moment(at: datetime) -> str:
    """A time within the year: 1月21日9时30分."""
    return moment(at).split("年", 1)[1]


def until(at: datetime) -> str:
    """A time limit within the year; one that ends with its day is said by the day: 1月30日."""
    there = local(at)
    ends_the_day = (there.hour, there.minute) == (23, 59)
    return f"{there.month}月{there.day}日" if ends_the_day else short_moment(at)


def clause(text: str) -> str:
    """The first clause of a text that can name a matter: at least eight characters, without 【…】 in front.

    The whole text when it has no such clause.
    """
    text = re.sub(r"^(?:【[^】]*】\s*)+", "", " ".join(text.split()))
    clauses = [part.strip('“”"') for part in re.split(r"[，。！？；：!?;:\s]+", text)]
    return next((part for part in clauses if len(part) >= SHORTEST_NAME), text.strip("。！？!? "))


def day(at: datetime) -> str:
    """A date as a signature writes it: 2026年1月21日."""
    there = local(at)
    return f"{there.year}年{there.month}月{there.day}日"
