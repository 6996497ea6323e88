"""Selectors in the source's file take the place of the automatic way on lists and articles."""

from __future__ import annotations

from spiders.extract import extract
from spiders.parse.links import article_links, next_page
from spiders.saved import Saved
from tests.spiders.conftest import NOW


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
