"""Every kind of source, by its fixture folders: `tests/fixtures/<kind>/<case>/`.

A **page** case is one saved response to what a parser must hear: `meta.yml` (url, read: which reader, headers, now), `input.*`,
`expected.json`, and `source.yml` with keys of the source file where the reader uses them (`select`).

A **site** case is a whole crawl from a loopback server to the Harvest: `site.yml` (path to saved response, see replay.py),
`source.yml` (`url` a path of the server), `expected.json` (the entries by path). A second run must bring nothing; with
`later.yml`, the answers that changed since, a third brings exactly `later.json`.

Expected values are written without what is empty, so that a new field changes no case that does not use it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from spiders.child import READERS as PLAIN_READERS
from spiders.child import SPIDERS
from spiders.extract import extract, page_row
from spiders.keys import SELECTORS
from spiders.parse.board import read_board_list, read_board_thread
from spiders.parse.discourse import read_latest, read_topic
from spiders.parse.discuz import read_forum, read_thread
from spiders.parse.json_feed import read_any_feed
from spiders.parse.links import article_links, next_page
from spiders.parse.mail import read_mail
from spiders.parse.mastodon import read_timeline
from spiders.parse.messages import read_message, read_message_list
from spiders.parse.nodebb import read_topic_page, read_topics
from spiders.parse.official import read_bulletin, read_cap
from spiders.parse.sitemap import read_sitemap
from spiders.parse.table import read_table
from spiders.parse.tieba import read_bar, read_tieba_thread
from spiders.parse.weibo import read_cards
from spiders.parse.wordpress import read_comments, read_posts
from spiders.saved import Saved
from spiders.sources import Source
from store.settings import ROOT
from store.stages import Entry, Harvest, HarvestState, SourceKind
from tests.spiders.conftest import NOW, Crawl
from tests.spiders.replay import Replay

FIXTURES = Path(__file__).parent.parent / "fixtures"
PAGES = sorted(p.parent for kind in SourceKind for p in (FIXTURES / kind).glob("*/meta.yml"))
SITES = sorted(p.parent for kind in SourceKind for p in (FIXTURES / kind).glob("*/site.yml"))
# test_feed, test_news, test_boards, test_timelines and a file of their own for the rest.
CRAWLED_ELSEWHERE = {"feed", "news", "mastodon", "discuz", "cap", "bulletin"}
CRAWLED_ELSEWHERE |= {"sitemap", "wordpress", "weibo", "imap", "files"}


@dataclass(frozen=True)
class Page:
    """A saved response with what a reader may ask for besides."""

    saved: Saved
    select: Mapping[str, str] = field(default_factory=dict)
    now: datetime = NOW
    start: str = ""  # the address the page's thread begins at


READERS: dict[str, Callable[[Page], object]] = {
    "feed": lambda p: read_any_feed(p.saved, now=p.now),
    "list": lambda p: {"links": article_links(p.saved, p.select), "next": next_page(p.saved, p.select)},
    "article": lambda p: page_row(extract(p.saved.text, url=p.saved.url, now=p.now)),
    "mastodon": lambda p: read_timeline(p.saved, now=p.now),
    "discuz-forum": lambda p: read_forum(p.saved),
    "discuz-thread": lambda p: read_thread(p.saved, now=p.now),
    "cap": lambda p: read_cap(p.saved, now=p.now),
    "bulletin": lambda p: read_bulletin(p.saved, now=p.now),
    "board-list": lambda p: read_board_list(p.saved, p.select),
    "discourse-list": lambda p: read_latest(p.saved),
    "discourse-topic": lambda p: read_topic(p.saved, start=p.start, now=p.now),
    "nodebb-list": lambda p: read_topics(p.saved),
    "nodebb-topic": lambda p: read_topic_page(p.saved, now=p.now),
    "tieba-list": lambda p: read_bar(p.saved),
    "tieba-thread": lambda p: read_tieba_thread(p.saved, now=p.now),
    "messages-list": lambda p: read_message_list(p.saved, p.select),
    "messages-letter": lambda p: read_message(p.saved, p.select, start=p.start, now=p.now),
    "sitemap": lambda p: read_sitemap(p.saved, now=p.now),
    "wordpress-posts": lambda p: read_posts(p.saved, now=p.now),
    "wordpress-comments": lambda p: read_comments(p.saved, now=p.now),
    "weibo": lambda p: read_cards(p.saved, now=p.now),
    "mail": lambda p: read_mail(p.saved.body, url=p.saved.url, received=p.now),
    "table": lambda p: read_table("input.csv", p.saved.body, base=p.saved.url, now=p.now),
    "json-lines": lambda p: read_table("input.jsonl", p.saved.body, base=p.saved.url, now=p.now),
    "board-thread": lambda p: read_board_thread(p.saved, p.select, start=p.start, now=p.now),
}


def plain(value: object) -> object:
    """JSON values without what is empty."""
    return trimmed(json.loads(json.dumps(value, ensure_ascii=False, default=_plain)))


def _plain(value: Any) -> object:
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value.isoformat()


def trimmed(value: object) -> object:
    if isinstance(value, dict):
        kept = {name: trimmed(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner or (inner == 0 and inner is not False)}
    return [trimmed(inner) for inner in value] if isinstance(value, list) else value


def told(case: Path, name: str) -> Any:
    path = case / name
    if not path.exists():
        return {}
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)


def read(case: Path) -> object:
    meta = told(case, "meta.yml")
    body = next(case.glob("input.*")).read_bytes()
    saved = Saved(url=meta["url"], body=body, headers=meta.get("headers") or {}, asked=meta.get("asked") or meta["url"])
    now = datetime.fromisoformat(meta["now"]) if "now" in meta else NOW
    page = Page(saved, told(case, "source.yml").get("select") or {}, now, meta.get("start") or saved.asked)
    return plain(READERS[meta["read"]](page))


def named(case: Path) -> str:
    return f"{case.parent.name}/{case.name}"


def row(entry: Entry, base: str) -> dict[str, object]:
    """What a site case says of an entry: addresses as paths, authors as whether they are known."""
    counts = asdict(entry.engagement)
    return {
        "url": entry.url.removeprefix(base),
        "title": entry.title,
        "text": entry.text,
        "published_at": entry.published_at.isoformat() if entry.published_at else None,
        "reply_to": entry.reply_to.removeprefix(base),
        "publisher": entry.publisher,
        "official": entry.official,
        "has_author": bool(entry.author_key),
        **{name: count for name, count in counts.items() if count is not None},
    }


def rows(harvest: Harvest, base: str) -> list[object]:
    found = [plain(row(entry, base)) for entry in harvest.entries]
    return sorted(found, key=lambda entry: str(entry["url"]))  # type: ignore[index]


@pytest.mark.parametrize("case", PAGES, ids=named)
def test_a_saved_response_is_heard_as_expected(case: Path) -> None:
    assert read(case) == trimmed(told(case, "expected.json"))


@pytest.mark.parametrize("case", SITES, ids=named)
def test_a_saved_site_is_crawled_as_expected_and_a_second_run_brings_only_what_is_new(case: Path, crawl: Crawl) -> None:
    keys = {"permission": "our own", **told(case, "source.yml")}
    path = keys.pop("url")
    with Replay(case) as site:
        first = crawl(case.parent.name, site.base + path, **keys)
        assert first.state is HarvestState.OK, first.message
        assert rows(first, site.base) == trimmed(told(case, "expected.json"))
        again = crawl(case.parent.name, site.base + path, cursor=first.cursor, now=NOW + timedelta(minutes=5), **keys)
        assert (again.state.is_good, again.entries) == (True, ()), again.message
        assert again.requests <= 1  # the list, which shows nothing new
        if (case / "later.yml").exists():
            site.load("later.yml")
            later = crawl(case.parent.name, site.base + path, cursor=again.cursor, now=NOW + timedelta(hours=1), **keys)
            assert later.state is HarvestState.OK, later.message
            assert rows(later, site.base) == trimmed(told(case, "later.json"))


def test_every_kind_has_a_spider_a_saved_response_a_crawl_and_a_section_in_the_document() -> None:
    kinds = {kind.value for kind in SourceKind}
    document = (ROOT / "docs" / "add-a-source.md").read_text(encoding="utf-8")
    assert {kind.value for kind in (*SPIDERS, *PLAIN_READERS)} == kinds
    assert {case.parent.name for case in PAGES} == kinds
    assert {case.parent.name for case in SITES} | CRAWLED_ELSEWHERE >= kinds
    assert set(re.findall(r"^\| `([a-z]+)` \|", document, re.MULTILINE)) >= kinds
    assert set(re.findall(r"^kind: ([a-z]+)", document, re.MULTILINE)) >= kinds  # an example each


def test_the_keys_and_selectors_of_a_source_file_are_in_the_document() -> None:
    document = (ROOT / "docs" / "add-a-source.md").read_text(encoding="utf-8")
    assert {name for name in SELECTORS if f"`{name}`" not in document} == set()
    assert {key.name for key in fields(Source) if f"`{key.name}`" not in document} == {"slug"}
