"""robots.txt: what it forbids, how often it wants to be asked, how long it serves, and what happens when it cannot be had."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from spiders.hosts import KeptRobots, keep_robots, kept_robots
from spiders.parse.robots import LONGEST_READ, read_robots
from store.stages import HarvestState
from tests.spiders.conftest import NOW, Crawl
from tests.spiders.faults import GOOD, GOOD_FEED, RSS, article
from tests.spiders.raw_site import RawSite, Visit, reply_of
from tests.spiders.site import Answer, Site


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ("Crawl-delay: 7", 7),
        ("Request-rate: 1/5s", 5),
        ("Request-rate: 2/1m\nCrawl-delay: 10", 30),
        ("Crawl-delay: many", 0),
        ("Disallow: /private", 0),
    ],
)
def test_the_longer_of_both_ways_to_ask_for_a_pause_counts(lines: str, seconds: float) -> None:
    assert read_robots(f"User-agent: *\n{lines}".encode(), user_agent="Chaoxin/0.1 (+x)").pause_seconds == seconds


def test_our_own_section_goes_before_the_one_for_all() -> None:
    rules = read_robots(
        b"User-agent: *\nDisallow: /\n\nUser-agent: Chaoxin\nDisallow: /private\nCrawl-delay: 3",
        user_agent="Chaoxin/0.1 (+https://tj.example/googlebot)",
    )
    assert rules.allows("http://e.com/news")
    assert not rules.allows("http://e.com/private/1")
    assert rules.pause_seconds == 3


def test_only_the_beginning_of_a_boundless_robots_txt_is_read() -> None:
    body = b"User-agent: *\nDisallow: /a\n" + b"#" * LONGEST_READ + b"\nDisallow: /b\n"
    rules = read_robots(body, user_agent="Chaoxin")
    assert not rules.allows("http://e.com/a")
    assert rules.allows("http://e.com/b")


def test_garbage_instead_of_a_robots_txt_allows_everything() -> None:
    assert read_robots(b"\xff\x00<html>\x00\xfe", user_agent="Chaoxin").allows("http://e.com/a")


def test_a_robots_txt_serves_for_a_day_and_is_then_asked_for_conditionally(site: Site, crawl: Crawl) -> None:
    site.pages["/rss"] = Answer(GOOD_FEED, type=RSS)
    site.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /private", type="text/plain", has_etag=True)
    for hours in (0, 1, 25, 26):
        assert crawl("feed", f"{site.base}/rss", now=NOW + timedelta(hours=hours)).state is HarvestState.OK
    assert [seen.status for seen in site.asked("/robots.txt")] == [200, 304]


def test_a_kept_robots_txt_serves_while_the_site_cannot_give_one(site: Site, crawl: Crawl) -> None:
    site.pages["/rss"] = Answer(GOOD_FEED, type=RSS)
    site.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /private", type="text/plain")
    crawl("feed", f"{site.base}/rss")
    site.pages["/robots.txt"] = Answer("", 503)
    assert crawl("feed", f"{site.base}/rss", now=NOW + timedelta(days=2)).state is HarvestState.OK
    asked = len(site.asked("/rss"))
    harvest = crawl("feed", f"{site.base}/rss", now=NOW + timedelta(days=40))
    assert harvest.state is HarvestState.UNREACHABLE
    assert "robots.txt 回答 503" in harvest.message
    assert len(site.asked("/rss")) == asked


def test_a_site_that_will_not_be_asked_for_its_robots_txt_refuses_us(site: Site, crawl: Crawl) -> None:
    site.pages["/robots.txt"] = Answer("slow down", 429)
    assert crawl("feed", f"{site.base}/rss").state is HarvestState.BLOCKED
    assert not site.asked("/rss")


def test_the_pause_a_site_wants_is_kept(crawl: Crawl) -> None:
    times: list[float] = []

    def page(title: str) -> Callable[[Visit], None]:
        def reply(visit: Visit) -> None:
            times.append(time.monotonic())
            visit.send(reply_of(article(title) if title else LIST))

        return reply

    pages = {"/": page(""), "/2026/101.html": page(GOOD[0]), "/2026/102.html": page(GOOD[1])}
    robots = {"/robots.txt": reply_of("User-agent: *\nCrawl-delay: 1.2", kind="text/plain")}
    with RawSite({**pages, **robots}) as site:
        harvest = crawl("news", f"{site.base}/")
    assert sorted(entry.title for entry in harvest.entries) == sorted(GOOD)
    assert min(later - earlier for earlier, later in pairwise(times)) > 1.1


def test_a_run_takes_what_the_pause_leaves_time_for_and_the_next_one_the_rest(
    site: Site, crawl: Crawl, limits: Callable[..., None]
) -> None:
    limits(source_timeout_seconds=16.0)  # 8 seconds of asking
    titles = [f"滨海新区第{number}号海浪消息" for number in range(101, 105)]
    site.pages["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 2", type="text/plain")
    site.pages["/"] = Answer("".join(f'<li><a href="/2026/{title[5:8]}.html">{title}</a></li>' for title in titles))
    site.pages.update({f"/2026/{title[5:8]}.html": Answer(article(title)) for title in titles})
    harvest = crawl("news", f"{site.base}/")
    assert harvest.state is HarvestState.PARTIAL
    assert "只够访问 3 次" in harvest.message
    assert len(harvest.entries) == 2
    after = crawl("news", f"{site.base}/", cursor=harvest.cursor)
    assert {entry.title for entry in (*harvest.entries, *after.entries)} == set(titles)


def test_what_is_kept_of_a_robots_txt_survives_and_a_broken_file_is_none(tmp_path) -> None:
    kept = KeptRobots(5, "User-agent: *", '"a"', "yesterday")
    keep_robots(tmp_path / "hosts", "http://e.com:81", kept)
    assert kept_robots(tmp_path / "hosts", "http://e.com:81") == kept
    assert kept_robots(tmp_path / "hosts", "http://e.com") is None
    next((tmp_path / "hosts").iterdir()).write_text("{")
    assert kept_robots(tmp_path / "hosts", "http://e.com:81") is None


LIST = "".join(f'<li><a href="/2026/10{n}.html">{title}</a></li>' for n, title in enumerate(GOOD, 1))
