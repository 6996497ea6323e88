"""Times and spans as people say them, in Beijing time; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
SOON = timedelta(hours=3)  # a clock that shows this little is coloured; the words say it too


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline in words, with the tone it is shown in: late, soon, calm or met."""

    words: str
    tone: str


def span(length: timedelta) -> str:
    """A length in its two largest units: 2 天 3 小时, 3 小时 20 分, 45 分钟; under a minute: 不到 1 分钟."""
    minutes = int(length.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
    if hours:
        return f"{hours} 小时 {rest} 分" if rest else f"{hours} 小时"
    return f"{rest} 分钟" if rest else "不到 1 分钟"


def deadline(due: datetime, now: datetime, *, met: datetime | None = None) -> Clock:
    """What a deadline's clock says: 剩余 …, 已超时 …, or how it was met."""
    if met is not None:
        return Clock("按时完成", "met") if met <= due else Clock(f"完成，超时 {span(met - due)}", "met")
    if now > due:
        return Clock(f"已超时 {span(now - due)}", "late")
    return Clock(f"剩余 {span(due - now)}", "soon" if due - now <= SOON else "calm")


def moment(value: datetime, now: datetime) -> str:
    """A time as 1月22日 18:05, with the year where it is not this one."""
    local = value.astimezone(BEIJING)
    year = "" if local.year == now.astimezone(BEIJING).year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日 {local:%H:%M}"


def today(now: datetime) -> str:
    """The date and time of a page's head: 2026年1月23日 星期五 02:00, whatever the browser's language."""
    local = now.astimezone(BEIJING)
    return f"{local.year}年{local.month}月{local.day}日 星期{'一二三四五六日'[local.weekday()]} {local:%H:%M}"


def ago(value: datetime, now: datetime) -> str:
    """How long ago, in words: 3 小时 20 分前; a future time says so."""
    return f"{span(now - value)}前" if now >= value else f"{span(value - now)}后"
