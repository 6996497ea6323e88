"""Slows down guessing of passwords: five failures of a name or from an address within a quarter of an hour close the door for a while."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.core.cache import cache

FAILURES = 5
WINDOW = timedelta(minutes=15)


def wait(keys: list[str], now: datetime) -> timedelta | None:
    """How long these names and addresses have to wait, or None when they may try."""
    waits = [failures[-FAILURES] + WINDOW - now for key in keys if len(failures := _recent(key, now)) >= FAILURES]
    return max(waits, default=None)


def failed(keys: list[str], now: datetime) -> None:
    """Note one failure for each of these."""
    for key in keys:
        cache.set(_name(key), [*_recent(key, now), now][-FAILURES:], timeout=WINDOW.total_seconds())


def succeeded(keys: list[str]) -> None:
    """Forget the failures of these."""
    cache.delete_many([_name(key) for key in keys])


def _recent(key: str, now: datetime) -> list[datetime]:
    found: list[datetime] = cache.get(_name(key), [])
    return [at for at in found if now - at < WINDOW]


def _name(key: str) -> str:
    return "signin:" + hashlib.sha256(key.encode()).hexdigest()
