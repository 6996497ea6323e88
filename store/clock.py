"""The clock at the edge: stages are handed `now`, only flows, commands and views ask for it.

With the sample day the clock stands at the night after the sample's last day when the state folder is first used and ticks on from
there, so that deadlines, "3 hours ago" and the nightly agree with the sample's dates.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from store.settings import settings, write_once

SAMPLE_NIGHT = datetime(2026, 1, 22, 18, 0, tzinfo=UTC)  # 2026-01-23 02:00 Asia/Shanghai


def clock() -> datetime:
    """The present moment, UTC; in sample mode the sample's present."""
    now = datetime.now(UTC)
    return now + sample_offset(now) if settings().sample else now


def sample_offset(now: datetime) -> timedelta:
    """Distance from the wall clock to the sample's clock, fixed at its first call for a state folder."""
    path = settings().path("sample-clock.json")
    if not path.exists():
        write_once(path, json.dumps({"offset_seconds": (SAMPLE_NIGHT - now).total_seconds()}))
    return timedelta(seconds=json.loads(path.read_text())["offset_seconds"])
