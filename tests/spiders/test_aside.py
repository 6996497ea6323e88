"""What a parser or the privacy gate cannot take is set aside as it came, costs nothing else, and is read again later."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from spiders import discuz, feed
from spiders.again import read_again
from spiders.aside import read_kept
from spiders.heard import Heard
from spiders.job import Job
from spiders.listener import Listener
from spiders.privacy import Gate
from spiders.run import job_of
from store.settings import settings
from store.stages import Entry
from tests.spiders.conftest import NOW, Crawl, source_of
from tests.spiders.site import Answer, Site

FEED = (
    "<rss version='2.0'><channel><title>x</title>"
    "<item><title>一</title><link>/1.html</link><description>电话13800138000</description></item>"
    "<item><title>二</title><link>/2.html</link></item></channel></rss>"
)


def raw_folder(tmp_path: Path) -> Path:
    return tmp_path / "var" / "raw"


def test_an_answer_no_parser_understands_is_kept_for_its_owner_only(site: Site, crawl: Crawl, tmp_path: Path) -> None:
    site.pages["/rss"] = Answer("<html><p>改版通知</p></html>")
    harvest = crawl("feed", f"{site.base}/rss")
    (unread,) = harvest.unread
    assert unread.url == f"{site.base}/rss"
    path = raw_folder(tmp_path) / unread.kept
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.parent.parent.name == "2026-01-22"  # deleted with its day
    assert "改版通知" in read_kept(path).saved.text


def test_nothing_raw_is_kept_when_the_setting_is_zero(
    site: Site, crawl: Crawl, limits: Callable[..., None], tmp_path: Path
) -> None:
    limits(raw_days=0)
    site.pages["/rss"] = Answer("<html><p>改版通知</p></html>")
    (unread,) = crawl("feed", f"{site.base}/rss").unread
    assert unread.kept == ""
    assert not list(tmp_path.rglob("*.json.gz"))


@pytest.fixture
def job(tmp_path: Path) -> Job:
    folder = tmp_path / "folder"
    folder.mkdir()
    return job_of(source_of("feed", "http://e.com/rss"), {}, now=NOW, folder=folder)


def read(listener: Listener, text: str, then: Callable[..., Iterator[object]]) -> list[object]:
    """Carry out one step of a spider on an answer, as Scrapy would."""
    from spiders.aside import kept_step
    from spiders.saved import Saved

    saved = Saved(url="http://e.com/rss", asked="http://e.com/rss", body=text.encode())
    steps = listener.drive(then(saved), kept_step(then, {}, saved), {"is_front": True, "kept": {}})  # type: ignore[arg-type]
    return list(steps)


def test_one_thing_the_gate_cannot_take_costs_only_itself(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Gate.entry

    def odd(self: Gate, heard: Heard, *rest: object, **more: object) -> Entry:
        if heard.title == "一":
            raise UnicodeError("odd")
        return whole(self, heard, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Gate, "entry", odd)
    listener = feed.FeedListener(job=job)
    read(listener, FEED, listener.feed)
    assert [e.title for e in listener.out.waiting] == ["二"]
    assert listener.tally.skipped == 1
    assert "隐私过滤出错" in listener.aside.found["http://e.com/rss"].reason


def test_a_parser_that_breaks_costs_only_its_answer(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    def odd(*_: object, **__: object) -> None:
        raise KeyError("floor")

    monkeypatch.setattr(discuz, "read_thread", odd)
    board = replace(job, source=source_of("discuz", "http://e.com/forum-1-1.html"))
    listener = discuz.DiscuzListener(job=board)
    assert read(listener, "<p>x</p>", lambda saved: listener.thread(saved, start="http://e.com/t")) == []
    assert listener.tally.front_troubles[0].detail.startswith("解析出错 KeyError")
    assert listener.aside.found["http://e.com/rss"].reason == "解析出错 KeyError"


def test_an_answer_is_read_again_with_the_code_of_today(
    site: Site, crawl: Crawl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/rss"] = Answer("<html><p>改版通知</p></html>")
    harvest = crawl("feed", f"{site.base}/rss")
    (unread,) = harvest.unread
    path = raw_folder(tmp_path) / unread.kept
    source = source_of("feed", f"{site.base}/rss")
    still = read_again(source, path, now=NOW)
    assert (still.entries, bool(still.trouble)) == ((), True)
    from spiders.parse.feed import read_feed as old

    monkeypatch.setattr(feed, "read_feed", lambda saved, *, now: old(replace(saved, body=FEED.encode()), now=now))
    mended = read_again(source, path, now=NOW)
    assert (mended.trouble, [e.title for e in mended.entries]) == ("", ["一", "二"])
    assert "13800138000" not in mended.entries[0].text
    assert len(site.seen) == 2  # robots.txt and the feed, once


def test_a_file_that_is_gone_or_damaged_says_so(tmp_path: Path) -> None:
    source = source_of("feed", "http://e.com/rss")
    assert "保存期" in read_again(source, tmp_path / "none.json.gz", now=NOW).trouble
    (tmp_path / "bad.json.gz").write_bytes(b"x")
    assert "重读" in read_again(source, tmp_path / "bad.json.gz", now=NOW).trouble
    assert settings().state  # the retry needs no network and no state but the secret
