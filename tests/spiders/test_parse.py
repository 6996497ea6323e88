"""Parsers are pure functions of saved responses: each folder under tests/fixtures/<kind>/<case>/ is one of them.

A case holds `input.*`, `meta.yml` (url, headers, which reader) and `expected.json`, what must be heard.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from spiders.extract import extract, page_row
from spiders.parse.discuz import read_forum, read_thread
from spiders.parse.json_feed import read_any_feed
from spiders.parse.links import article_links, next_page
from spiders.parse.mail import read_mail
from spiders.parse.mastodon import read_timeline
from spiders.parse.official import read_bulletin, read_cap
from spiders.parse.sitemap import read_sitemap
from spiders.parse.table import read_table
from spiders.parse.weibo import read_cards
from spiders.parse.wordpress import read_comments, read_posts
from spiders.saved import Saved
from store.stages import SourceKind
from tests.spiders.conftest import NOW

FIXTURES = Path(__file__).parent.parent / "fixtures"
CASES = sorted(p.parent for kind in SourceKind for p in (FIXTURES / kind).glob("*/meta.yml"))

READERS: dict[str, Callable[[Saved], object]] = {
    "feed": lambda saved: asdict(read_any_feed(saved, now=NOW)),
    "list": lambda saved: {"links": [asdict(x) for x in article_links(saved)], "next": next_page(saved)},
    "article": lambda saved: page_row(extract(saved.text, url=saved.url, now=NOW)),
    "mastodon": lambda saved: asdict(read_timeline(saved, now=NOW)),
    "discuz-forum": lambda saved: asdict(read_forum(saved)),
    "discuz-thread": lambda saved: asdict(read_thread(saved, now=NOW)),
    "cap": lambda saved: _or_none(read_cap(saved, now=NOW)),
    "bulletin": lambda saved: _or_none(read_bulletin(saved, now=NOW)),
    "sitemap": lambda saved: asdict(read_sitemap(saved, now=NOW)),
    "wordpress-posts": lambda saved: asdict(read_posts(saved, now=NOW)),
    "wordpress-comments": lambda saved: asdict(read_comments(saved, now=NOW)),
    "weibo": lambda saved: asdict(read_cards(saved, now=NOW)),
    "mail": lambda saved: _or_none(read_mail(saved.body, url=saved.url, received=NOW)),
    "table": lambda saved: asdict(read_table("input.csv", saved.body, base=saved.url, now=NOW)),
    "json-lines": lambda saved: asdict(read_table("input.jsonl", saved.body, base=saved.url, now=NOW)),
}


def _or_none(heard: Any) -> object:
    return asdict(heard) if heard else None


def plain(value: object) -> object:
    return json.loads(
        json.dumps(value, ensure_ascii=False, default=lambda v: v.isoformat() if isinstance(v, datetime) else str(v))
    )


def read(case: Path) -> object:
    meta = yaml.safe_load((case / "meta.yml").read_text(encoding="utf-8"))
    body = next(case.glob("input.*")).read_bytes()
    return plain(
        READERS[meta["read"]](Saved(url=meta["url"], body=body, headers=meta.get("headers") or {}, asked=meta["url"]))
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_saved_response_is_heard_as_expected(case: Path) -> None:
    assert read(case) == json.loads((case / "expected.json").read_text(encoding="utf-8"))


def test_every_kind_has_a_saved_response() -> None:
    assert {case.parent.name for case in CASES} == {kind.value for kind in SourceKind}


def test_a_selector_takes_the_place_of_the_guess() -> None:
    html = '<div class="n"><h3><a href="/1">短题</a></h3></div><div class="n"><h3><a href="/2">短</a></h3></div><a class="more" href="/p2">更早</a>'
    saved = Saved(url="http://e.com/", body=html.encode())
    links = article_links(saved, {"list": "div.n", "article": "h3 a"})
    assert [link.url for link in links] == ["http://e.com/1", "http://e.com/2"]
    assert next_page(saved, {"next": "a.more::attr(href)"}) == "http://e.com/p2"
    assert next_page(saved, {"next": "a.more"}) == "http://e.com/p2"


def test_selectors_for_an_article() -> None:
    html = '<html><body><b id="t">题目</b><i>20日 早</i><u>2026-01-20 08:00</u><div id="c"><p>甲</p><p>乙</p></div></body></html>'
    select = {"title": "#t::text", "text": "#c p", "time": "u::text"}
    page = extract(html, url="http://e.com/1", now=NOW, select=select)
    assert (page.title, page.text) == ("题目", "甲\n乙")
    assert page.published_at is not None
    assert page.published_at.isoformat() == "2026-01-20T00:00:00+00:00"
