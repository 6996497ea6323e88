"""A poll of unchanged feeds writes its runs and nothing else; what is heard is stored once with its cursor; who is due is asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from flows import collect, ingest, scheduled
from flows.pacing import pace
from spiders.rhythm import bounds, rhythm
from store.models import DocumentRow, Emergency, SourceRun, SourceState
from store.settings import ROOT, Settings
from store.sources import Counts, record_quiet, state_of
from store.stages import HarvestState
from tests.flows.test_ingest import entry, harvest
from tests.spiders.site import Answer, Site

NOW = datetime(2026, 1, 22, 18, tzinfo=UTC)
HOSTS, FEEDS = 4, 40
MAY_MOVE = {"last_run_at", "last_good_at", "interval_seconds", "next_due_at", "state", "message"}

pytestmark = pytest.mark.django_db


def rss(number: int, items: int = 5) -> Answer:
    rows = "".join(
        f"<item><title>第{number}号第{n}条海况</title><link>/{number}/{n}.html</link><pubDate>Thu, 22 Jan 2026 0{n}:00:00 GMT</pubDate></item>"
        for n in range(items)
    )
    body = f"<rss version='2.0'><channel><title>x</title>{rows}</channel></rss>"
    return Answer(body, type="application/rss+xml", has_etag=True)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Site]]:
    """Forty source files over a few loopback hosts."""
    (tmp_path / "sources").mkdir()
    sites = [Site() for _ in range(HOSTS)]
    for number in range(FEEDS):
        site = sites[number % HOSTS]
        site.pages[f"/{number}.xml"] = rss(number)
        (tmp_path / "sources" / f"feed-{number:02}.yml").write_text(
            f"title: 第{number}号\npublisher: 试验\nkind: feed\nurl: {site.base}/{number}.xml\nterms: test\ncadence: 1h\n"
            "allow_private: true\ndelay: 0\npermission: 我们自己的站点\n"
        )
    chosen = Settings.model_validate({"state": tmp_path / "var", "sample": False, "sources": tmp_path / "sources"})
    for module in ("spiders.run", "flows.collect", "flows.scheduled", "flows.retry"):
        monkeypatch.setattr(f"{module}.settings", lambda: chosen)
    for site in sites:
        site.__enter__()
    yield sites
    for site in sites:
        site.__exit__(None, None, None)


def poll(now: datetime, *, run: str = "poll") -> Counts:
    waiting = collect.jobs(collect.sources_in_force())
    harvests = collect.collect_all(waiting, now=now, spool=collect.fresh_spool(run))
    return ingest.ingest_all(harvests, night=run, now=now)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of the house."""
    models = apps.get_app_config("store").get_models()
    return {m._meta.db_table: list(m._default_manager.order_by("pk").values()) for m in models}


def test_a_poll_of_unchanged_feeds_writes_its_runs_and_nothing_else(house: list[Site]) -> None:
    assert poll(NOW).added == FEEDS * 5
    before = everything()
    assert poll(NOW + timedelta(hours=2)) == Counts()
    after = everything()
    assert {run.state for run in SourceRun.objects.filter(started_at__gt=NOW)} == {HarvestState.NOT_MODIFIED}
    assert len(after.pop("store_sourcerun")) == len(before.pop("store_sourcerun")) + FEEDS
    states = list(zip(before.pop("store_sourcestate"), after.pop("store_sourcestate"), strict=True))
    moved = {name for old, new in states for name in old if old[name] != new[name]}
    assert moved <= MAY_MOVE
    assert after == before
    assert sum(len(site.bodies()) for site in house) == FEEDS  # each feed was transferred once


def test_what_was_heard_and_not_stored_is_heard_again_and_stored_once(house: list[Site]) -> None:
    waiting = collect.jobs(collect.sources_in_force())
    collect.collect_all(waiting, now=NOW, spool=collect.fresh_spool("lost"))  # and the power goes
    assert poll(NOW).added == FEEDS * 5
    assert poll(NOW + timedelta(hours=1)) == Counts()
    assert DocumentRow.objects.count() == FEEDS * 5


HEAR_AND_DIE = """
import os, signal, sys, threading, time
from pathlib import Path
from store.boot import migrate
migrate()
from datetime import datetime, UTC
from flows import collect, ingest
spool = collect.fresh_spool("killed")
def die():
    while not list(spool.glob("*/harvest.json")):
        time.sleep(0.02)
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "die":
    threading.Thread(target=die, daemon=True).start()
harvests = collect.collect_all(collect.jobs(collect.sources_in_force()), now=datetime(2026, 1, 22, 18, tzinfo=UTC), spool=spool)
counts = ingest.ingest_all(harvests, night="n", now=datetime(2026, 1, 22, 18, tzinfo=UTC))
print(counts.added)
"""


@pytest.mark.slow
def test_killed_while_hearing_the_next_run_loses_nothing_and_stores_nothing_twice(
    house: list[Site], tmp_path: Path
) -> None:
    environment = {
        **{k: v for k, v in os.environ.items() if k != "CHAOXIN_DATABASE_URL"},
        "CHAOXIN_STATE": str(tmp_path / "home"),
        "CHAOXIN_SAMPLE": "0",
        "CHAOXIN_SOURCES": str(tmp_path / "sources"),
    }

    def run(how: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", HEAR_AND_DIE, how]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert run("die").returncode == -signal.SIGKILL
    assert run("live").stdout.strip() == str(FEEDS * 5)
    assert run("live").stdout.strip() == "0"


def test_a_poll_hears_who_is_due_and_leaves_the_watch_and_an_emergency_their_own(house: list[Site]) -> None:
    everyone = {f"feed-{n:02}" for n in range(FEEDS)}
    assert {job.source.slug for job in scheduled.poll_jobs(now=NOW)} == everyone  # nobody was heard yet
    SourceState.objects.update(next_due_at=NOW + timedelta(hours=1))
    assert scheduled.poll_jobs(now=NOW) == []
    SourceState.objects.filter(slug__in=["feed-03", "feed-04"]).update(next_due_at=NOW)
    Emergency.objects.create(
        title="风暴潮", reason="测试", declared_at=NOW, drill=True, sources=["feed-04"], standing=True, before={}
    )
    assert [job.source.slug for job in scheduled.poll_jobs(now=NOW)] == ["feed-03"]


def test_a_cadence_follows_its_source_file_but_not_while_an_emergency_has_moved_it() -> None:
    state_of("a", title="a", kind="feed", cadence_seconds=86400)
    assert state_of("a", title="a", kind="feed", cadence_seconds=3600).cadence_seconds == 3600
    Emergency.objects.create(
        title="风暴潮", reason="测试", declared_at=NOW, drill=True, sources=["a"], standing=True, before={}
    )
    SourceState.objects.update(cadence_seconds=60)
    assert state_of("a", title="a", kind="feed", cadence_seconds=3600).cadence_seconds == 60


def test_quiet_runs_are_kept_together_as_they_would_be_one_by_one() -> None:
    quiet = [harvest(source=slug, state=HarvestState.NOTHING_NEW) for slug in ("a", "b")]
    record_quiet(quiet, night="n", pacer=pace)
    assert sorted(SourceRun.objects.values_list("source", "state")) == [("a", "nothing_new"), ("b", "nothing_new")]
    for row in SourceState.objects.all():
        assert (row.state, row.last_run_at, row.last_good_at, row.cursor) == ("nothing_new", NOW, NOW, {"newest": 0})
        assert row.next_due_at == NOW + timedelta(seconds=row.interval_seconds or 0)


def test_a_source_that_speaks_often_is_due_sooner_than_one_that_is_silent() -> None:
    lively, silent = (
        state_of("a", title="a", kind="feed", cadence_seconds=3600),
        state_of("b", title="b", kind="feed", cadence_seconds=3600),
    )
    brought = harvest(*(entry(n, f"第{n}条", hours=n) for n in range(1, 5)), source="a")
    fast = pace(lively, brought, Counts(added=4))
    slow = pace(silent, harvest(source="b", state=HarvestState.NOTHING_NEW), Counts())
    assert fast.next_due_at < slow.next_due_at
    assert fast.gap_seconds == 3600
    floor, ceiling = bounds(3600, rhythm())
    assert floor <= fast.interval_seconds <= slow.interval_seconds <= ceiling


def test_a_site_that_asked_to_be_left_alone_is_not_due_before_its_time() -> None:
    row = state_of("a", title="a", kind="feed", cadence_seconds=3600)
    later = NOW + timedelta(days=3)
    blocked = harvest(source="a", state=HarvestState.BLOCKED)
    object.__setattr__(blocked, "cursor", {"blocked_until": int(later.timestamp())})
    assert pace(row, blocked, Counts()).next_due_at == later
