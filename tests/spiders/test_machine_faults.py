"""What the machine does to a run: full disks, killed processes, a locked database. What was heard arrives, at the latest next time."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from flows.ingest import ingest
from store.models import DocumentRow, SourceRun
from store.settings import ROOT
from store.sources import state_of
from store.stages import Harvest, HarvestState
from tests.spiders.conftest import NOW, Crawl
from tests.spiders.faults import GOOD, GOOD_FEED, RSS, article, feed, item
from tests.spiders.raw_site import RawSite, Visit, reply_of

LIST = "".join(f'<li><a href="/2026/10{n}.html">{title}</a></li>' for n, title in enumerate(GOOD))


def test_a_full_disk_ends_the_run_and_the_next_one_hears_everything(
    crawl: Crawl, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    titles = {f"第{n}号海浪消息发布" for n in range(60)}  # more than one batch
    body = feed(*(item(title, f"http://news.example/{n}") for n, title in enumerate(sorted(titles))))
    narrow = tmp_path / "narrow-python"
    narrow.write_text(f'#!/bin/sh\nulimit -f 8\nexec "{sys.executable}" "$@"\n')  # no file above 4 KiB
    narrow.chmod(0o700)
    with RawSite({"/rss": reply_of(body, kind=RSS)}) as site:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "executable", str(narrow))
            harvest = crawl("feed", f"{site.base}/rss")
        assert harvest.state is HarvestState.FAILED
        assert "磁盘写不进去" in harvest.message
        assert harvest.cursor == {}
        after = crawl("feed", f"{site.base}/rss", cursor=harvest.cursor)
    assert {entry.title for entry in after.entries} == titles


def test_a_disk_that_takes_no_raw_answers_loses_no_entry(crawl: Crawl, tmp_path: Path) -> None:
    archive = tmp_path / "var" / "raw" / "2026-01-22" / "trial.warc.gz"
    archive.parent.mkdir(parents=True)
    archive.symlink_to("/dev/full")
    with RawSite({"/rss": reply_of(GOOD_FEED, kind=RSS)}) as site:
        harvest = crawl("feed", f"{site.base}/rss")
    assert harvest.state is HarvestState.PARTIAL
    assert "未能存档" in harvest.message
    assert sorted(entry.title for entry in harvest.entries) == sorted(GOOD)


def test_a_spider_that_is_killed_is_named_and_its_rest_arrives_next_time(crawl: Crawl, tmp_path: Path) -> None:
    def kill(visit: Visit) -> None:
        os.kill(_child_under(tmp_path), signal.SIGKILL)

    with RawSite({"/": reply_of(LIST), "/2026/100.html": reply_of(article(GOOD[0])), "/2026/101.html": kill}) as site:
        harvest = crawl("news", f"{site.base}/")
        assert harvest.state is HarvestState.FAILED
        assert "退出代码 -9" in harvest.message
        site.replies["/2026/101.html"] = reply_of(article(GOOD[1]))
        after = crawl("news", f"{site.base}/", cursor=harvest.cursor)
    assert {entry.title for entry in (*harvest.entries, *after.entries)} == set(GOOD)


def test_when_the_nightly_is_killed_its_spider_ends_too_and_nothing_is_lost(crawl: Crawl, tmp_path: Path) -> None:
    parents: list[subprocess.Popen[bytes]] = []
    children: list[int] = []

    def kill(visit: Visit) -> None:
        children.append(_child_under(tmp_path))
        parents[0].kill()
        visit.closing.wait(20)

    with RawSite({"/": reply_of(LIST), "/2026/100.html": reply_of(article(GOOD[0])), "/2026/101.html": kill}) as site:
        program = (
            "import sys; from pathlib import Path; from spiders.run import collect;"
            "from tests.spiders.conftest import NOW, source_of;"
            "collect(source_of('news', sys.argv[1]), cursor={}, now=NOW, spool=Path(sys.argv[2]))"
        )
        command = [sys.executable, "-c", program, f"{site.base}/", str(tmp_path / "left")]
        parents.append(subprocess.Popen(command, cwd=ROOT))
        assert parents[0].wait(timeout=60) == -signal.SIGKILL
        _wait_until_gone(children[0])
        site.replies["/2026/101.html"] = reply_of(article(GOOD[1]))
        after = crawl("news", f"{site.base}/")
    assert after.state is HarvestState.OK
    assert {entry.title for entry in after.entries} == set(GOOD)


@pytest.mark.django_db(transaction=True)
def test_a_locked_database_stores_nothing_of_a_harvest_and_later_all_of_it(crawl: Crawl) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows, not the database")
    with RawSite({"/rss": reply_of(GOOD_FEED, kind=RSS)}) as site:
        harvest = crawl("feed", f"{site.base}/rss")
    state_of("trial", title="试验", kind="feed", cadence_seconds=86400)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 100")
    other = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        _ingest(harvest)
    other.execute("ROLLBACK")
    other.close()
    assert not DocumentRow.objects.exists()
    assert not SourceRun.objects.exists()
    assert _ingest(harvest).added == len(GOOD)


def _ingest(harvest: Harvest) -> Any:
    return ingest(harvest, night="2026-01-23", now=NOW)


def _child_under(folder: Path) -> int:
    """The spider's process whose job lies under a folder of ours."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if "spiders.child" in words and any(word.startswith(str(folder)) for word in words):
            return int(process.name)
    raise AssertionError("no spider runs")


def _wait_until_gone(process: int) -> None:
    """Wait for a process that is nobody's child of ours; it ends itself within a second or two."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if (Path("/proc") / str(process) / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except OSError:
            return
        time.sleep(0.1)
    raise AssertionError("the spider outlived its parent")
