"""Raw responses past their retention and labels of texts that are gone go; deliveries that failed are tried again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from flows import tidy as stage
from store import labels
from store.documents import url_hash
from store.models import DocumentRow, Label, Release
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


def test_labels_go_with_the_text_they_were_given_to() -> None:
    rows = [
        DocumentRow.objects.create(
            url=f"https://site.example/{text}", url_hash=url_hash(text), source="s", kind="news", text=text,
            text_hash="1" * 64, published_at=NOW, first_seen_at=NOW, last_seen_at=NOW,
        )
        for text in ("赤潮", "")
    ]  # fmt: skip
    officer = User.objects.create_user("chen")
    for row in rows:
        labels.give(row, {"relevance": "yes"}, officer, now=NOW)
    assert stage.tidy(now=NOW).withdrawn == 1
    assert [label.document for label in Label.objects.all()] == rows[:1]
