"""How a text is fingerprinted and how times and gaps are written in it."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from store.settings import settings

GAP = re.compile(r"【待填[：:]?([^】]*)】")


def text_hash(title: str, body: str) -> str:
    """What an approval is bound to: SHA-256 hex of title and body, parted by a NUL that neither can hold."""
    return hashlib.sha256(f"{title}\x00{body}".encode()).hexdigest()


def unfilled(text: str) -> list[str]:
    """What the gaps 【待填：…】 of a text ask for, in their order; [] when there is none."""
    return [gap.strip() or "待填内容" for gap in GAP.findall(text)]


def local(at: datetime) -> datetime:
    """The same moment on the office's clock."""
    return at.astimezone(ZoneInfo(settings().time_zone))


def moment(at: datetime) -> str:
    """A time as a notice writes it: 2026年1月21日9时30分, the minutes left out on the hour."""
    there = local(at)
    minutes = f"{there.minute}分" if there.minute else ""
    return f"{there.year}年{there.month}月{there.day}日{there.hour}时{minutes}"


def short_moment(at: datetime) -> str:
    """A time within the year: 1月21日9时30分."""
    return moment(at).split("年", 1)[1]


def day(at: datetime) -> str:
    """A date as a signature writes it: 2026年1月21日."""
    there = local(at)
    return f"{there.year}年{there.month}月{there.day}日"
