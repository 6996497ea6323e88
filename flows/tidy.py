"""Tidy: raw responses past their retention, what was set aside with them, and labels of texts that are gone go, failed deliveries are tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.night import BEIJING
from responders.portal import deliver_pending
from spiders.archive import purge
from store import quarantine
from store.labels import withdraw_textless
from store.settings import settings


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many raw files were removed, releases delivered, and labels withdrawn with the text they were of."""

    removed: int
    delivered: int
    withdrawn: int


def tidy(*, now: datetime) -> Tidied:
    """Remove raw responses and quarantine older than `CHAOXIN_RAW_DAYS` and deliver what is still waiting."""
    today = now.astimezone(BEIJING).date()
    removed = purge(settings().path("raw"), days=settings().raw_days, today=today)
    quarantine.expire(
        days=max(1, settings().raw_days), now=now
    )  # where no raw answers are kept, its reason stands for a day
    return Tidied(removed=len(removed), delivered=len(deliver_pending(now)), withdrawn=withdraw_textless())
