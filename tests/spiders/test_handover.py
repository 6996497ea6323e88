"""What passes between the processes: jobs, whole batches, one closing record; and the raw archive beside it."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from spiders.archive import purge
from spiders.cursor import Cursor, mark_of
from spiders.job import Job, Limits, read_job
from spiders.outcome import Tally, conclude
from spiders.run import user_agent
from spiders.saved import Saved
from spiders.spool import BATCH, Closing, Writer, read_closing, read_entries
from store.errors import BadInput
from store.stages import Engagement, Entry, HarvestState, SourceKind
from tests.spiders.conftest import NOW, Crawl, source_of
from tests.spiders.site import Answer, Site

ENTRY = Entry(
    source="s",
    kind=SourceKind.DISCUZ,
    url="http://e.com/1",
    title="题",
    text="一\n二\u2028三",
    published_at=None,
    fetched_at=NOW,
    engagement=Engagement(views=3),
)
CLOSING = Closing(
    state=HarvestState.OK, message="好", cursor={"marks": {"a": 1}}, requests=2, bytes_received=3, skipped=0
)


def test_entries_and_closing_survive_the_way(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    entries = [replace(ENTRY, url=f"http://e.com/{n}", published_at=NOW) for n in range(BATCH + 3)]
    for entry in [ENTRY, *entries]:
        writer.add(entry)
    assert len(read_entries(tmp_path)) == BATCH  # whole batches only
    assert read_closing(tmp_path) is None
    writer.close(CLOSING)
    assert read_entries(tmp_path) == (ENTRY, *entries)
    assert read_closing(tmp_path) == CLOSING


def test_a_half_written_file_is_not_there_at_all(tmp_path: Path) -> None:
    (tmp_path / "entries-000001.part").write_text('{"source": "s"')
    (tmp_path / "harvest.part").write_text("{")
    assert read_entries(tmp_path) == ()
    assert read_closing(tmp_path) is None


@pytest.mark.parametrize("line", ["{", "[]", '{"source": "s"}', "null"])
def test_a_line_that_is_no_entry_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "entries-000001.jsonl").write_text(line + "\n")
    with pytest.raises(BadInput, match="line 1"):
        read_entries(tmp_path)


def test_a_job_survives_the_way(tmp_path: Path) -> None:
    limits = Limits(
        run_seconds=9.5, request_seconds=3, delay_seconds=0, response_bytes=9, author_key_days=90, concurrency=1
    )
    source = source_of("mastodon", "http://e.com/", tags=["赤潮"], select={"time": "x"}, emergency="90s")
    job = Job(
        source=source,
        now=NOW,
        spool=tmp_path,
        secret=tmp_path / "s",
        user_agent="u",
        limits=limits,
        cursor={"marks": {"x": [1]}},
        archive=tmp_path / "a",
    )
    path = tmp_path / "job.json"
    path.write_text(job.as_json(), encoding="utf-8")
    assert read_job(path) == job


def test_the_cursor_is_bounded_and_survives_the_way() -> None:
    cursor = Cursor(blocked_until=5, marks={"ids": {"1": "u"}})
    for n in range(3500):
        cursor.page(Saved(url=f"http://e.com/{n}", body=b""), now=NOW + timedelta(seconds=n), published=None)
    stored = cursor.as_json()
    assert len(stored["pages"]) == 3000  # type: ignore[arg-type]
    assert Cursor.from_json(stored).as_json() == stored
    assert "http://e.com/3499" in stored["pages"]  # type: ignore[operator]


def test_looks_at_a_page_follow_its_publication_ever_more_seldom_and_end_with_the_days() -> None:
    cursor = Cursor()
    asked = []
    for hour in range(24 * 6):
        now = NOW + timedelta(hours=hour)
        if hour == 0 or cursor.due(now=now, days=3):
            cursor.page(Saved(url="page", body=b""), now=now, published=NOW)
            asked.append(hour)
    assert asked == [0, 1, 3, 9, 27, 72]


def test_a_house_of_nightlies_takes_the_looks_that_fell_due_since() -> None:
    cursor = Cursor()
    cursor.page(Saved(url="page", body=b""), now=NOW, published=NOW)
    assert cursor.due(now=NOW + timedelta(minutes=59), days=3) == []
    assert cursor.due(now=NOW + timedelta(hours=25), days=3) == ["page"]
    assert cursor.due(now=NOW + timedelta(hours=80), days=3) == ["page"]  # the last look, a little late
    assert cursor.due(now=NOW + timedelta(days=5), days=3) == []
    assert cursor.due(now=NOW + timedelta(hours=25), days=0) == []


def test_a_page_is_new_when_it_is_unknown_or_listed_otherwise() -> None:
    cursor = Cursor()
    cursor.page(Saved(url="plain", body=b""), now=NOW, published=NOW)
    assert not cursor.is_new("plain", "")
    assert cursor.is_new("plain", mark_of("changed"))


def test_the_sentence_of_a_run_tells_counts_outside_what_was_expected() -> None:
    source = source_of("news", "http://e.com/", expect={"min": 5, "max": 9})
    state, message = conclude(Tally(fronts_read=1, listed=2, entries=2, skipped=1), source)
    assert state is HarvestState.OK
    assert "少于预期的 5 条" in message
    assert "略去 1 条" in message
    assert "多于预期" in conclude(Tally(fronts_read=1, listed=20, entries=2), source)[1]


def test_nothing_but_unreadable_records_is_a_parse_failure() -> None:
    source = source_of("feed", "http://e.com/")
    assert conclude(Tally(fronts_read=1, listed=0, skipped=4), source)[0] is HarvestState.PARSE_FAILED


def test_every_state_has_its_sentence() -> None:
    from spiders.outcome import message

    assert all(message(state, "某事") for state in HarvestState)


def test_we_say_who_we_are(site: Site, crawl: Crawl, limits: Callable[..., None]) -> None:
    limits(contact="https://tj.example.invalid/crawler")
    site.pages["/rss"] = Answer("<rss version='2.0'><channel><title>x</title></channel></rss>")
    crawl("feed", f"{site.base}/rss")
    assert {s.headers["user-agent"] for s in site.seen} == {"Chaoxin/0.1 (+https://tj.example.invalid/crawler)"}
    assert "cookie" not in site.seen[-1].headers
    assert user_agent("a@b.cn").endswith("(+a@b.cn)")


def test_raw_answers_are_kept_as_they_came_for_their_owner_only(site: Site, crawl: Crawl, tmp_path: Path) -> None:
    body = "<rss version='2.0'><channel><item><title>题</title><link>/1</link><description>电话13800138000</description></item></channel></rss>"
    site.pages["/rss"] = Answer(body)
    for _ in range(2):
        crawl("feed", f"{site.base}/rss")
    path = tmp_path / "var" / "raw" / "2026-01-22" / "trial.warc.gz"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open("rb") as handle:
        kept = [(r.rec_headers["WARC-Target-URI"], r.content_stream().read()) for r in ArchiveIterator(handle)]
    assert kept.count((f"{site.base}/rss", body.encode())) == 2


def test_no_raw_answers_are_kept_when_the_setting_is_zero(
    site: Site, crawl: Crawl, limits: Callable[..., None], tmp_path: Path
) -> None:
    limits(raw_days=0)
    crawl("feed", f"{site.base}/rss")
    assert not list((tmp_path / "var").glob("raw/*/*"))


def test_days_past_retention_are_deleted_and_nothing_else(tmp_path: Path) -> None:
    for name in ("2026-01-01", "2026-01-20", "notes"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "s.warc.gz").write_bytes(b"x")
    gone = purge(tmp_path, days=10, today=date(2026, 1, 22))
    assert [p.name for p in gone] == ["2026-01-01"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["2026-01-20", "notes"]
    assert purge(tmp_path / "none", days=1, today=datetime(2026, 1, 1, tzinfo=UTC).date()) == []
