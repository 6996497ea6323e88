"""One entry that cannot be stored costs no other; it waits in quarantine, is tried again on request and expires with the raw answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DataError, OperationalError

from flows import ingest as stage
from flows.retry import retry
from flows.tidy import tidy
from store import documents, quarantine
from store.errors import BadInput
from store.models import DocumentRow, QuarantineRow, SourceState
from store.stages import Harvest, Unread
from tests.flows.test_ingest import entry, harvest

NOW = datetime(2026, 1, 22, 18, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A database that refuses every entry whose text says so."""
    whole = documents.add

    def add(new: Any, *, now: datetime) -> int:
        if any("坏" in one.entry.text for one in new):
            raise DataError("value too long")
        return whole(new, now=now)

    monkeypatch.setattr(documents, "add", add)
    return monkeypatch


def keep(brought: Harvest, *, days: int = 0) -> Any:
    return stage.ingest(brought, night="2026-01-23", now=NOW + timedelta(days=days))


def test_an_entry_the_database_refuses_is_set_aside_and_the_others_are_stored(odd: pytest.MonkeyPatch) -> None:
    assert keep(harvest(entry(1, "好的"), entry(2, "坏的"), entry(3, "也好"))).added == 2
    (row,) = quarantine.waiting()
    assert (row.url, row.reason, row.tries) == ("http://127.0.0.1/2", "不能保存：DataError", 0)
    assert quarantine.counts() == {"board": 1}
    assert SourceState.objects.get().cursor == {"newest": 3}  # the cursor moves: the entry is not lost


def test_a_retry_stores_it_or_says_what_is_still_wrong(odd: pytest.MonkeyPatch) -> None:
    keep(harvest(entry(2, "坏的")))
    (still,) = retry(None, now=NOW)
    assert (still.is_mended, still.said) == (False, "不能保存：DataError")
    assert QuarantineRow.objects.get().tries == 1
    odd.undo()
    (mended,) = retry("board", now=NOW)
    assert mended.is_mended
    assert "新增 1 条" in mended.said
    assert (QuarantineRow.objects.count(), DocumentRow.objects.get().text) == (0, "坏的")
    assert retry(None, now=NOW) == []


def test_a_database_that_is_locked_fails_the_harvest_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object, **__: object) -> int:
        raise OperationalError("database is locked")

    monkeypatch.setattr(documents, "add", locked)
    with pytest.raises(OperationalError):
        keep(harvest(entry(1)))
    assert (QuarantineRow.objects.count(), SourceState.objects.get().cursor) == (0, {})


def unread(brought: Harvest, **cursor: object) -> Harvest:
    page = Unread(url="http://127.0.0.1/list", reason="列表页上没有认出文章链接", kept="")
    return replace(brought, unread=(page,), cursor=cursor)


def test_the_same_answer_met_every_night_is_one_row_and_goes_when_a_run_reads_it() -> None:
    keep(unread(harvest()))
    keep(unread(harvest()), days=1)
    row = QuarantineRow.objects.get()
    assert (row.found_at, row.seen_at) == (NOW, NOW + timedelta(days=1))
    read = int((NOW + timedelta(days=2)).timestamp())
    well = replace(harvest(), cursor={"fronts": {row.url: [read, read, "", "", ""]}})
    stage.ingest_quiet([well], night="n", now=NOW + timedelta(days=2))
    assert QuarantineRow.objects.count() == 0


def test_an_answer_without_its_source_or_its_raw_bytes_says_so() -> None:
    keep(unread(harvest()))
    assert "来源文件" in retry(None, now=NOW)[0].said
    with pytest.raises(BadInput, match="no such source"):
        retry("nowhere", now=NOW)


def test_what_is_past_its_retention_goes() -> None:
    keep(unread(harvest()))
    tidy(now=NOW + timedelta(days=59))
    assert QuarantineRow.objects.count() == 1
    tidy(now=NOW + timedelta(days=61))
    assert QuarantineRow.objects.count() == 0
