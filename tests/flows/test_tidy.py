"""Raw responses past their retention go; deliveries that failed are tried again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flows import tidy as stage
from store.models import Release
from store.settings import settings

NOW = datetime(2026, 1, 22, 18, tzinfo=UTC)  # 23 January in Beijing

pytestmark = pytest.mark.django_db


def test_raw_responses_are_kept_for_their_days_and_then_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = settings().path("raw")
    for day in ("2025-11-23", "2025-11-24", "2026-01-22"):
        (raw / day).mkdir(parents=True, exist_ok=True)
        (raw / day / "board.warc.gz").write_bytes(b"x")
    (raw / "notes").mkdir(exist_ok=True)
    assert stage.tidy(now=NOW).removed == 1
    assert {p.name for p in raw.iterdir()} >= {"2025-11-24", "2026-01-22", "notes"}
    assert stage.tidy(now=NOW).removed == 0


def test_what_waits_for_delivery_is_delivered_at_the_given_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[datetime] = []

    def deliver(now: datetime) -> list[Release]:
        asked.append(now)
        return [Release(), Release()]

    monkeypatch.setattr(stage, "deliver_pending", deliver)
    assert stage.tidy(now=NOW).delivered == 2
    assert asked == [NOW]
