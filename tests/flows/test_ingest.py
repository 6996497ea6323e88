"""Entries become documents once; edits become versions; the cursor moves with the entries it covers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from flows import ingest as stage
from flows.dedupe import dedupe
from store.models import DocumentRow, DocumentVersion, SourceRun, SourceState
from store.sources import Counts, state_of
from store.stages import Engagement, Entry, Harvest, HarvestState, SourceKind

NOW = datetime(2026, 1, 22, 18, tzinfo=UTC)
SURGE = "塘沽外滩的潮水已经漫上亲水平台，风暴潮橙色警报还在生效，大家不要去海边。"  # a warning post

pytestmark = pytest.mark.django_db


def entry(number: int, text: str = SURGE, *, source: str = "board", hours: int = 1, **other: object) -> Entry:
    values = {
        "source": source,
        "kind": SourceKind.DISCUZ,
        "url": f"http://127.0.0.1/{number}",
        "title": "",
        "text": text,
        "published_at": NOW - timedelta(hours=hours),
        "fetched_at": NOW,
        **other,
    }
    return Entry(**values)  # type: ignore[arg-type]


def harvest(*entries: Entry, source: str = "board", state: HarvestState = HarvestState.OK) -> Harvest:
    state_of(source, title=source, kind="discuz", cadence_seconds=86400)
    return Harvest(
        source=source,
        state=state,
        message="已读取",
        entries=entries,
        cursor={"newest": len(entries)},
        started_at=NOW,
        finished_at=NOW,
    )


def keep(*entries: Entry, source: str = "board") -> Counts:
    return stage.ingest(harvest(*entries, source=source), night="2026-01-23", now=NOW)


def test_a_second_harvest_of_the_same_entries_adds_nothing() -> None:
    assert keep(entry(1), entry(2, "另一件事")).added == 2
    assert keep(entry(1), entry(2, "另一件事")) == Counts(unchanged=2)
    assert DocumentRow.objects.count() == DocumentVersion.objects.count() == 2


def test_one_url_twice_in_a_harvest_is_one_document() -> None:
    assert keep(entry(1), entry(1)).added == 1


def test_an_edit_is_kept_as_the_next_version_and_is_read_again_by_later_stages() -> None:
    keep(entry(1))
    DocumentRow.objects.update(is_tracked=True)
    assert keep(entry(1, SURGE + "更新：已降为蓝色。")).changed == 1
    row = DocumentRow.objects.get()
    assert (row.version, row.is_tracked) == (2, False)
    assert list(row.versions.order_by("number").values_list("text", flat=True)) == [SURGE, SURGE + "更新：已降为蓝色。"]


def test_width_alone_is_no_edit() -> None:
    keep(entry(1, "电话12345"))
    assert keep(entry(1, "电话１２３４５")).changed == 0


def test_another_source_changes_a_document_only_with_a_fuller_text() -> None:
    keep(entry(1, "第一段。"), source="feed")
    assert keep(entry(1, "第一段。第二段。", source="pages"), source="pages").changed == 1
    assert keep(entry(1, "第一段。", source="other"), source="other") == Counts(unchanged=1)
    assert DocumentRow.objects.get().text == "第一段。第二段。"


def test_counts_of_a_known_document_follow_the_platform() -> None:
    keep(entry(1, engagement=Engagement(likes=1, reposts=2)))
    keep(entry(1, engagement=Engagement(likes=9)))
    row = DocumentRow.objects.get()
    assert (row.likes, row.reposts) == (9, 2)


def test_the_cursor_moves_with_the_entries_it_covers(monkeypatch: pytest.MonkeyPatch) -> None:
    def power_cut(*_: object, **__: object) -> None:
        raise IntegrityError("power cut after the entries")

    monkeypatch.setattr(stage, "record_harvest", power_cut)
    with pytest.raises(IntegrityError):
        keep(entry(1))
    assert DocumentRow.objects.count() == 0
    assert SourceState.objects.get().cursor == {}
    monkeypatch.undo()
    keep(entry(1))
    assert SourceState.objects.get().cursor == {"newest": 1}


def test_every_run_of_a_source_is_stored_with_its_named_state() -> None:
    stage.ingest(harvest(state=HarvestState.BLOCKED), night="2026-01-23", now=NOW)
    run = SourceRun.objects.get()
    assert (run.state, run.source.state, run.source.last_good_at) == ("blocked", "blocked", None)


def test_cap_messages_are_no_documents() -> None:
    assert keep(entry(1, kind=SourceKind.CAP)).added == 0


def test_the_earliest_publication_is_the_original_whichever_source_came_first() -> None:
    keep(entry(2, "转发微博//@海河边的人：" + SURGE, hours=1), source="a-board")
    keep(entry(1, SURGE, hours=5, source="z-news"), source="z-news")
    assert dedupe(now=NOW) == 1
    repost = DocumentRow.objects.get(url__endswith="/2")
    assert repost.duplicate_of and repost.duplicate_of.url.endswith("/1")


def test_a_repost_of_a_later_night_finds_its_original() -> None:
    keep(entry(1))
    dedupe(now=NOW)
    keep(entry(1), entry(2, SURGE + "！", hours=0))
    assert dedupe(now=NOW + timedelta(days=1)) == 1
    assert dedupe(now=NOW + timedelta(days=1)) == 0


def test_the_time_of_first_sight_stands_in_where_a_page_states_none() -> None:
    keep(replace(entry(1), published_at=None))
    row = DocumentRow.objects.get()
    assert (row.published_at, row.time_is_stated) == (NOW, False)
