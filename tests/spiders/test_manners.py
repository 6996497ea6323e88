"""Manners across runs: refusals are waited out longer each time, and a host's day has a budget."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from spiders.classify import retry_after
from spiders.cursor import Cursor
from spiders.hosts import Budget, Ledger
from spiders.saved import Saved
from store.stages import HarvestState
from tests.spiders.conftest import NOW, Crawl
from tests.spiders.faults import GOOD, GOOD_FEED, RSS, article
from tests.spiders.site import Answer, Site


def test_a_refusal_is_waited_out_shown_and_forgotten(site: Site, crawl: Crawl) -> None:
    site.pages["/rss"] = Answer("拒绝", 403)
    refused = crawl("feed", f"{site.base}/rss")
    asked = len(site.seen)
    waiting = crawl("feed", f"{site.base}/rss", cursor=refused.cursor, now=NOW + timedelta(minutes=50))
    assert waiting.state is HarvestState.BLOCKED
    assert "403" in waiting.message
    assert "01月23日 03:00" in waiting.message
    assert len(site.seen) == asked
    site.pages["/rss"] = Answer(GOOD_FEED, type=RSS)
    heard = crawl("feed", f"{site.base}/rss", cursor=waiting.cursor, now=NOW + timedelta(minutes=70))
    assert (heard.state, len(heard.entries)) == (HarvestState.OK, 2)
    assert Cursor.from_json(heard.cursor).refusals == 0


def test_a_site_that_refuses_again_and_again_is_left_alone_for_longer() -> None:
    cursor = Cursor()
    waits = []
    for _ in range(4):
        cursor.refused("blocked", "403", now=NOW, until=None)
        waits.append(cursor.blocked_until - int(NOW.timestamp()))
    assert waits == [3600, 4 * 3600, 86400, 86400]
    assert Cursor.from_json(cursor.as_json()) == cursor
    cursor.welcome()
    assert (cursor.blocked_until, cursor.refusals) == (0, 0)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "120"}, timedelta(seconds=120)),
        ({"retry-after": "9" * 40}, timedelta(days=7)),
        ({"retry-after": "Thu, 22 Jan 2026 19:00:00 GMT"}, timedelta(hours=1)),
        # A server whose clock stands in 2001 means one hour all the same.
        (
            {"retry-after": "Mon, 01 Jan 2001 01:00:00 GMT", "date": "Mon, 01 Jan 2001 00:00:00 GMT"},
            timedelta(hours=1),
        ),
        ({"retry-after": "Mon, 01 Jan 2001 00:00:00 GMT"}, timedelta(0)),
        ({"retry-after": "²"}, None),
        ({"retry-after": "Mon, 99 Jan 20260 00:00:00 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_the_wait_a_site_asks_for_is_read_by_its_own_clock(headers: dict[str, str], wait: timedelta | None) -> None:
    found = retry_after(Saved(url="http://e.com/", body=b"", status=429, headers=headers), now=NOW)
    assert found == (NOW + wait if wait is not None else None)


def test_a_site_that_asks_for_rest_gets_it_from_all_its_sources(site: Site, crawl: Crawl) -> None:
    site.pages["/one"] = Answer("slow down", 429, {"Retry-After": "600"})
    site.pages["/other"] = Answer(GOOD_FEED, type=RSS)
    crawl("feed", f"{site.base}/one")
    early = crawl("feed", f"{site.base}/other", now=NOW + timedelta(minutes=5))
    assert early.state is HarvestState.BLOCKED
    assert "02:10" in early.message
    assert not site.asked("/other")
    later = crawl("feed", f"{site.base}/other", cursor=early.cursor, now=NOW + timedelta(minutes=11))
    assert later.state is HarvestState.OK


def test_a_run_that_is_sent_away_on_the_way_keeps_what_it_has_and_waits(site: Site, crawl: Crawl) -> None:
    site.pages["/"] = Answer(
        f'<li><a href="/2026/101.html">{GOOD[0]}</a></li><li><a href="/2026/102.html">{GOOD[1]}</a></li>'
    )
    answers = iter([Answer(article(GOOD[0])), Answer("", 429)])
    site.pages.update(dict.fromkeys(("/2026/101.html", "/2026/102.html"), lambda _: next(answers)))
    first = crawl("news", f"{site.base}/")
    assert (first.state, len(first.entries)) == (HarvestState.PARTIAL, 1)
    waiting = crawl("news", f"{site.base}/", cursor=first.cursor, now=NOW + timedelta(minutes=50))
    assert waiting.state is HarvestState.BLOCKED
    assert "请求过多（429）" in waiting.message
    site.pages.update(dict.fromkeys(("/2026/101.html", "/2026/102.html"), Answer(article(GOOD[1]))))
    rest = crawl("news", f"{site.base}/", cursor=waiting.cursor, now=NOW + timedelta(minutes=70))
    assert [entry.title for entry in rest.entries] == [GOOD[1]]


def test_a_page_that_is_forbidden_keeps_no_other_source_from_the_site(site: Site, crawl: Crawl) -> None:
    site.pages["/one"] = Answer("拒绝", 403)
    site.pages["/other"] = Answer(GOOD_FEED, type=RSS)
    crawl("feed", f"{site.base}/one")
    assert crawl("feed", f"{site.base}/other").state is HarvestState.OK


def test_a_spent_budget_ends_the_day_and_the_next_one_goes_on(
    site: Site, crawl: Crawl, limits: Callable[..., None]
) -> None:
    limits(host_budget_requests=4)  # robots.txt, the list, two articles
    titles = [f"滨海新区第{number}号海浪消息" for number in range(101, 105)]
    site.pages["/"] = Answer("".join(f'<li><a href="/2026/{title[5:8]}.html">{title}</a></li>' for title in titles))
    site.pages.update({f"/2026/{title[5:8]}.html": Answer(article(title), has_etag=True) for title in titles})
    first = crawl("news", f"{site.base}/", revisit=0)
    assert (first.state, len(first.entries)) == (HarvestState.PARTIAL, 2)
    assert "今天对 127.0.0.1 的访问额度已用完（4 次" in first.message
    asked = len(site.seen)
    same_day = crawl("news", f"{site.base}/", revisit=0, cursor=first.cursor, now=NOW + timedelta(hours=3))
    assert (same_day.state, same_day.entries) == (HarvestState.PARTIAL, ())
    assert len(site.seen) == asked
    next_day = crawl("news", f"{site.base}/", revisit=0, cursor=same_day.cursor, now=NOW + timedelta(hours=23))
    assert next_day.state is HarvestState.OK
    assert {entry.title for entry in (*first.entries, *next_day.entries)} == set(titles)


def test_list_pages_left_unread_are_read_next_time_although_the_first_shows_nothing_new(
    site: Site, crawl: Crawl
) -> None:
    site.pages["/"] = Answer(f'<li><a href="/2026/101.html">{GOOD[0]}</a></li><a href="/?page=2">下一页</a>')
    site.pages["/?page=2"] = Answer(f'<li><a href="/2026/102.html">{GOOD[1]}</a></li>')
    site.pages.update({f"/2026/10{n}.html": Answer(article(title)) for n, title in enumerate(GOOD, 1)})
    first = crawl("news", f"{site.base}/", pages=1)
    assert [entry.title for entry in first.entries] == [GOOD[0]]
    cursor = {**first.cursor, "fronts": {}, "marks": {"behind": True}}
    second = crawl("news", f"{site.base}/", pages=2, cursor=cursor)
    assert [entry.title for entry in second.entries] == [GOOD[1]]
    assert "behind" not in second.cursor["marks"]  # type: ignore[operator]


def test_runs_side_by_side_share_one_budget_to_the_last_request(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "e.com", now=NOW, budget=Budget(100, 0))
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: Ledger(tmp_path, "e.com", now=NOW, budget=ledger.budget).take(7), range(40)))
    assert sum(taken) == 100
    assert ledger.take(1) == 0
    ledger.give_back(3, received=0)
    assert ledger.take(5) == 3


def test_bytes_are_counted_like_requests_and_a_new_day_begins_at_midnight_in_beijing(tmp_path: Path) -> None:
    budget = Budget(0, 1000)
    evening = datetime(2026, 1, 22, 15, 59, tzinfo=UTC)
    ledger = Ledger(tmp_path, "e.com", now=evening, budget=budget)
    assert ledger.take(20) == 20
    assert ledger.take(20, received=1000) == 0
    assert Ledger(tmp_path, "e.com", now=evening + timedelta(minutes=1), budget=budget).take(20) == 20


def test_a_ledger_cut_short_by_a_full_disk_begins_anew(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "e.com", now=NOW, budget=Budget(10, 0))
    ledger.take(5)
    ledger.path.write_text('{"day": "2026-')
    assert ledger.take(20) == 10
