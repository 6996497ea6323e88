"""Feeds of several pages and JSON Feeds: read down to what is known, no deeper than the source says, nothing lost between."""

from __future__ import annotations

import json

import pytest

from store.stages import HarvestState
from tests.spiders.conftest import Crawl
from tests.spiders.site import Answer, Site

ATOM = "application/atom+xml; charset=utf-8"
JSON = "application/feed+json"


def atom(*numbers: int, following: str = "", rel: str = "next", generator: str = "") -> Answer:
    link = f'<link rel="{rel}" href="{following}"/>' if following else ""
    entries = "".join(
        f"<entry><id>urn:{n}</id><title>第{n}条</title><link href='/{n}'/><updated>2026-01-20T0{n}:00:00+08:00</updated>"
        f"<content>正文{n}。</content></entry>"
        for n in numbers
    )
    return Answer(
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>报</title>{generator}{link}{entries}</feed>', type=ATOM
    )


def json_feed(*numbers: int, following: str = "", **more: object) -> Answer:
    items = [
        {
            "id": str(n),
            "url": f"/{n}",
            "title": f"第{n}条",
            "content_html": f"<p>正文{n}。</p>",
            "date_published": f"2026-01-20T0{n}:00:00+08:00",
        }
        for n in numbers
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "报", "items": items, **more}
    return Answer(json.dumps({**feed, **({"next_url": following} if following else {})}, ensure_ascii=False), type=JSON)


def titles(harvest: object) -> list[str]:
    return sorted(e.title for e in harvest.entries)  # type: ignore[attr-defined]


@pytest.mark.parametrize("rel", ["next", "prev-archive"])
def test_the_pages_of_a_feed_are_read_as_deep_as_the_source_says(site: Site, crawl: Crawl, rel: str) -> None:
    site.pages["/atom"] = atom(6, 5, following="/atom?p=2", rel=rel)
    site.pages["/atom?p=2"] = atom(4, 3, following="/atom?p=3", rel=rel)
    site.pages["/atom?p=3"] = atom(2, 1)
    assert titles(crawl("feed", f"{site.base}/atom")) == ["第5条", "第6条"]
    assert titles(crawl("feed", f"{site.base}/atom", pages=2)) == ["第3条", "第4条", "第5条", "第6条"]
    whole = crawl("feed", f"{site.base}/atom", pages=9)
    assert (whole.state, len(whole.entries)) == (HarvestState.OK, 6)


def test_paging_stops_at_the_first_page_that_holds_nothing_new(site: Site, crawl: Crawl) -> None:
    site.pages["/f"] = json_feed(6, 5, following="/f?p=2")
    site.pages["/f?p=2"] = json_feed(4, 3, following="/f?p=3")
    site.pages["/f?p=3"] = json_feed(2, 1)
    first = crawl("feed", f"{site.base}/f", pages=9)
    assert len(first.entries) == 6
    site.pages["/f"] = json_feed(7, 6, following="/f?p=2")
    again = crawl("feed", f"{site.base}/f", pages=9, cursor=first.cursor)
    assert titles(again) == ["第7条"]
    assert (len(site.asked("/f?p=2")), len(site.asked("/f?p=3"))) == (2, 1)


def test_a_page_that_could_not_be_had_is_read_in_the_next_run(site: Site, crawl: Crawl) -> None:
    site.pages["/f"] = json_feed(6, 5, following="/f?p=2")
    site.pages["/f?p=2"] = Answer("拒绝", 403)
    broken = crawl("feed", f"{site.base}/f", pages=9)
    assert (broken.state, titles(broken)) == (HarvestState.PARTIAL, ["第5条", "第6条"])
    site.pages["/f?p=2"] = json_feed(4, 3)
    mended = crawl("feed", f"{site.base}/f", pages=9, cursor=broken.cursor)
    assert (mended.state, titles(mended)) == (HarvestState.OK, ["第3条", "第4条"])
    assert crawl("feed", f"{site.base}/f", pages=9, cursor=mended.cursor).state is HarvestState.NOTHING_NEW


def test_the_pages_of_a_wordpress_feed_end_where_it_says_404(site: Site, crawl: Crawl) -> None:
    generator = "<generator>https://wordpress.org/?v=6.1.1</generator>"
    site.pages["/feed/?lang=zh"] = atom(6, 5, generator=generator)
    site.pages["/feed/?lang=zh&paged=2"] = atom(4, 3, generator=generator)
    harvest = crawl("feed", f"{site.base}/feed/?lang=zh", pages=9)
    assert (harvest.state, len(harvest.entries)) == (HarvestState.OK, 4)
    assert len(site.asked("/feed/?lang=zh&paged=3")) == 1


def test_a_feed_that_names_itself_as_its_next_page_ends(site: Site, crawl: Crawl) -> None:
    site.pages["/atom"] = atom(2, 1, following="/atom")
    assert crawl("feed", f"{site.base}/atom", pages=9).state is HarvestState.OK
    site.pages["/a"], site.pages["/b"] = atom(2, 1, following="/b"), atom(4, 3, following="/a")
    assert len(crawl("feed", f"{site.base}/a", pages=99).entries) == 4
    assert len(site.bodies()) <= 5


def test_a_json_feed_is_followed_to_its_articles_where_it_holds_only_summaries(site: Site, crawl: Crawl) -> None:
    item = {"id": 1, "url": "/1", "title": "海冰预警", "summary": "摘要。"}
    site.pages["/f"] = Answer(json.dumps({"version": "https://jsonfeed.org/version/1", "items": [item]}), type=JSON)
    site.pages["/1"] = Answer(
        "<title>海冰预警</title><h1>海冰预警</h1><p>辽东湾海冰外缘线达五十五海里，渔船应当避让，请留意预警。</p>"
    )
    assert crawl("feed", f"{site.base}/f", follow=True).entries[0].text.startswith("辽东湾")


def test_a_json_feed_without_validators_or_with_them_brings_nothing_twice(site: Site, crawl: Crawl) -> None:
    site.pages["/f"] = json_feed(2, 1)
    first = crawl("feed", f"{site.base}/f")
    assert crawl("feed", f"{site.base}/f", cursor=first.cursor).state is HarvestState.NOTHING_NEW


def test_a_json_answer_that_is_no_feed_is_a_parse_failure(site: Site, crawl: Crawl) -> None:
    site.pages["/f"] = Answer('{"ok": 1}', type="application/json")
    assert crawl("feed", f"{site.base}/f").state is HarvestState.PARSE_FAILED
