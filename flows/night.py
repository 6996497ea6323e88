"""The name of a night: one id for everything a nightly run does."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def night_of(now: datetime) -> str:
    """The date in Beijing time, e.g. "2026-01-23"; a second run of the same date is the same night."""
    return now.astimezone(BEIJING).date().isoformat()
