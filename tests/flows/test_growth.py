"""Counts of a document as a series, written only when one changed; a document its site took away stays, marked, until it is back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flows import ingest as stage
from store.engagement import series
from store.models import DocumentRow, EngagementPoint
from store.stages import Engagement, Sighting
from tests.flows.test_ingest import entry, harvest

NOW = datetime(2026, 1, 22, 18, tzinfo=UTC)
URL = "http://127.0.0.1/1"

pytestmark = pytest.mark.django_db


def keep(*entries: object, hours: int = 0, **values: object) -> None:
    brought = replace(harvest(*entries), **values)  # type: ignore[arg-type]
    stage.ingest(brought, night="2026-01-23", now=NOW + timedelta(hours=hours))


def seen(**counts: int) -> dict[str, object]:
    return {"sightings": (Sighting(url=URL, engagement=Engagement(**counts)),)}


def test_a_series_grows_with_the_counts_and_only_then() -> None:
    keep(entry(1, engagement=Engagement(likes=1, replies=0)))
    keep(hours=1, **seen(likes=5, replies=2))
    keep(hours=2, **seen(likes=5, replies=2))
    keep(hours=3, **seen(likes=9))
    points = [(p.seen_at - NOW, p.likes, p.replies) for p in series(DocumentRow.objects.get())]
    assert points == [(timedelta(), 1, 0), (timedelta(hours=1), 5, 2), (timedelta(hours=3), 9, 2)]
    row = DocumentRow.objects.get()
    assert (row.likes, row.replies, row.version) == (9, 2, 1)
    assert row.last_seen_at == NOW + timedelta(hours=3)


def test_an_edit_brings_its_counts_too() -> None:
    keep(entry(1, engagement=Engagement(likes=1)))
    keep(entry(1, "改过的文字", engagement=Engagement(likes=4)), hours=1)
    assert [p.likes for p in series(DocumentRow.objects.get())] == [1, 4]


def test_a_document_without_counts_has_no_series_and_an_unknown_one_is_no_trouble() -> None:
    keep(entry(2))
    keep(hours=1, **seen(likes=3))
    assert EngagementPoint.objects.count() == 0


def test_a_thread_that_is_gone_is_marked_with_its_replies_and_loses_nothing() -> None:
    keep(entry(1), entry(2, "跟帖", reply_to=URL), entry(3, "另一帖"))
    keep(hours=1, vanished=(URL,))
    gone = dict(DocumentRow.objects.values_list("url", "gone_at"))
    at = NOW + timedelta(hours=1)
    assert gone == {URL: at, "http://127.0.0.1/2": at, "http://127.0.0.1/3": None}
    keep(hours=5, vanished=(URL,))
    row = DocumentRow.objects.get(url=URL)
    assert (row.gone_at, row.versions.count()) == (at, 1)
    keep(entry(1), hours=9)  # it is back
    assert DocumentRow.objects.get(url=URL).gone_at is None


def test_one_source_cannot_declare_anothers_document_gone() -> None:
    keep(entry(1))
    brought = replace(harvest(source="other"), vanished=(URL,))
    stage.ingest(brought, night="n", now=NOW)
    assert DocumentRow.objects.get().gone_at is None
