"""The real WordPress and snac servers: everything arrives with right title, UTC time and text; a second crawl brings nothing.

Start them with ../shared/servers/wordpress.sh and snac.sh (install, start, seed) and set CHAOXIN_TEST_WORDPRESS and
CHAOXIN_TEST_SNAC to their addresses.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from spiders.privacy import mask
from store.settings import settings
from store.stages import Harvest, HarvestState
from tests.spiders.conftest import Crawl

pytestmark = pytest.mark.servers

WORDPRESS = os.environ.get("CHAOXIN_TEST_WORDPRESS", "").rstrip("/")
SNAC = os.environ.get("CHAOXIN_TEST_SNAC", "").rstrip("/")
CONTENT = settings().evaluation_data.parent / "servers" / "content.json"
needs_wordpress = pytest.mark.skipif(
    not WORDPRESS, reason="start servers/wordpress.sh (install, start, seed) and set CHAOXIN_TEST_WORDPRESS"
)
needs_snac = pytest.mark.skipif(
    not SNAC, reason="start servers/snac.sh (install, start, seed) and set CHAOXIN_TEST_SNAC"
)
BEIJING = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    path = Path(os.environ.get("CHAOXIN_TEST_CONTENT", CONTENT))
    if not path.exists():
        pytest.skip(f"{path} is missing: set CHAOXIN_TEST_CONTENT to the servers' content.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def assert_articles(harvest: Harvest, content: dict[str, Any]) -> None:
    assert harvest.state is HarvestState.OK, harvest.message
    heard = {e.title: e for e in harvest.entries}
    assert len(heard) == len(harvest.entries) == len(content["news"]) == 24
    for article in content["news"]:
        entry = heard[article["title"]]
        assert entry.published_at == datetime.fromisoformat(article["date"]).replace(tzinfo=BEIJING).astimezone(UTC)
        assert squeezed(entry.text) == squeezed(mask("".join(article["paragraphs"])))


@needs_wordpress
@pytest.mark.parametrize(("kind", "path", "pages"), [("feed", "/feed/", 1), ("news", "/", 5)])
def test_all_articles_of_wordpress_arrive_and_a_second_crawl_transfers_none_again(
    crawl: Crawl, content: dict[str, Any], kind: str, path: str, pages: int
) -> None:
    now = datetime.now(UTC)
    first = crawl(kind, WORDPRESS + path, pages=pages, now=now)
    assert_articles(first, content)
    again = crawl(kind, WORDPRESS + path, pages=pages, now=now + timedelta(minutes=1), cursor=first.cursor)
    assert again.state in (HarvestState.NOT_MODIFIED, HarvestState.NOTHING_NEW)
    assert again.entries == ()
    assert again.requests == 1  # the list or feed; no article, and robots.txt is kept


@needs_wordpress
def test_the_api_of_wordpress_brings_articles_and_comments_and_a_second_crawl_none(
    crawl: Crawl, content: dict[str, Any]
) -> None:
    now = datetime.now(UTC)
    first = crawl("wordpress", WORDPRESS, comments=True, now=now)
    posts = [e for e in first.entries if not e.reply_to]
    assert_articles(replace(first, entries=tuple(posts)), content)
    said = [e for e in first.entries if e.reply_to]
    assert len(said) == 3 * sum(article["n"] % 3 == 0 for article in content["news"])
    assert {e.reply_to for e in said} <= {e.url for e in posts}
    assert all(e.author_key for e in first.entries)
    again = crawl("wordpress", WORDPRESS, comments=True, now=now + timedelta(minutes=1), cursor=first.cursor)
    assert (again.state, again.entries, again.requests) == (HarvestState.NOTHING_NEW, (), 3)


@needs_wordpress
def test_wordpress_is_read_by_its_plain_address_and_by_the_pages_of_its_feed(
    crawl: Crawl, content: dict[str, Any]
) -> None:
    now = datetime.now(UTC)
    assert_articles(crawl("wordpress", f"{WORDPRESS}/?rest_route=/", now=now), content)
    paged = crawl("feed", f"{WORDPRESS}/feed/", pages=9, now=now)
    assert_articles(paged, content)
    assert paged.requests == 3  # robots.txt, the feed, and the page past its last, which is not there


@needs_wordpress
def test_the_sitemap_of_wordpress_tells_no_dates_so_its_first_sight_is_the_archive(crawl: Crawl) -> None:
    now = datetime.now(UTC)
    first = crawl("sitemap", f"{WORDPRESS}/wp-sitemap.xml", pages=1, now=now)
    assert (first.state, first.entries) == (HarvestState.NOTHING_NEW, ()), first.message
    again = crawl("sitemap", f"{WORDPRESS}/wp-sitemap.xml", pages=1, now=now, cursor=first.cursor)
    assert again.state is HarvestState.NOTHING_NEW


@needs_snac
def test_all_posts_of_snac_arrive_and_a_second_crawl_brings_none(crawl: Crawl, content: dict[str, Any]) -> None:
    now = datetime.now(UTC)
    url = f"{SNAC}/api/v1/timelines/public?local=true"
    first = crawl("mastodon", url, pages=3, now=now, permission="our own test server")
    assert first.state is HarvestState.OK, first.message
    posts = [e for e in first.entries if not e.reply_to]
    assert sorted(squeezed(e.text) for e in posts) == sorted(squeezed(mask(m["text"])) for m in content["micro"])
    assert len([e for e in first.entries if e.reply_to]) == 3
    assert {e.reply_to for e in first.entries} - {""} <= {e.url for e in posts}
    assert all(e.published_at and e.published_at <= now and e.published_at.tzinfo is UTC for e in first.entries)
    again = crawl("mastodon", url, pages=3, now=now + timedelta(minutes=1), cursor=first.cursor, permission="our own")
    assert (again.state, again.entries) == (HarvestState.NOTHING_NEW, ())


@needs_snac
def test_the_broken_feed_of_snac_yields_its_readable_entries_and_says_so(crawl: Crawl) -> None:
    harvest = crawl("feed", f"{SNAC}/haiyang.rss", permission="our own test server")
    assert harvest.state is HarvestState.PARTIAL
    assert len(harvest.entries) >= 8
    assert all("\ufffd" not in e.title + e.text for e in harvest.entries)


@needs_snac
def test_robots_txt_of_snac_forbids_us_without_permission(crawl: Crawl) -> None:
    assert crawl("mastodon", f"{SNAC}/api/v1/timelines/public").state is HarvestState.ROBOTS_DENIED
