"""Weibo's public JSON: posts and reposts apart from their authors' numbers, every refusal shown and never fought."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from spiders.parse.weibo import container, count, read_cards
from spiders.saved import Saved
from store.settings import settings
from store.stages import HarvestState
from tests.spiders.conftest import NOW, Crawl
from tests.spiders.site import Answer, Site

API = "/api/container/getIndex"
AUTHORS = 7_700_000_000  # ten digits as real ones, so that no random key or port holds one
CAPTURE = Path(os.environ.get("CHAOXIN_TEST_BOARDS", settings().evaluation_data / "boards_social.zip"))


def post(n: int, text: str = "", *, when: str = "5分钟前", **more: Any) -> dict[str, Any]:
    body = {
        "id": str(n),
        "mid": str(n),
        "text": text or f"东疆湾的水第{n}天发红",
        "created_at": when,
        "user": {"id": AUTHORS + n, "screen_name": f"海边网友{n}"},
        "reposts_count": "1.2万",
        "comments_count": 30,
        "attitudes_count": "100万+",
        "visible": {"type": 0},
    }
    return {"card_type": 9, "mblog": {**body, **more}}


def answer(*cards: dict[str, Any], **head: Any) -> Answer:
    body = {"ok": 1, "data": {"cards": [{"card_type": 11, "card_group": list(cards)}]}}
    return Answer(json.dumps({**body, **head}, ensure_ascii=False), type="application/json; charset=utf-8")


def search(word: str, **more: str) -> str:
    return f"{API}?{urlencode({'containerid': f'100103type=1&q={word}', 'page_type': 'searchall', **more})}"


def test_posts_are_heard_without_their_authors(site: Site, crawl: Crawl) -> None:
    site.pages[search("天津海")] = answer(post(11), post(12, when="昨天 10:00"), {"card_type": 4, "desc": "相关用户"})
    harvest = crawl("weibo", site.base + search("天津海"))
    assert harvest.state is HarvestState.OK, harvest.message
    assert [e.url for e in harvest.entries] == [f"{site.base}/detail/11", f"{site.base}/detail/12"]
    assert [e.published_at.isoformat()[:16] for e in harvest.entries if e.published_at] == [
        "2026-01-22T17:55",
        "2026-01-22T02:00",
    ]
    engagement = harvest.entries[0].engagement
    assert (engagement.reposts, engagement.replies, engagement.likes) == (12_000, 30, 1_000_000)
    assert all(len(e.author_key) == 64 for e in harvest.entries)
    assert str(AUTHORS + 11) not in repr(harvest)
    assert "海边网友" not in repr(harvest)
    assert "海边网友" not in repr(harvest)


def test_a_repost_answers_its_original_which_is_heard_too(site: Site, crawl: Crawl) -> None:
    original = post(5)["mblog"]
    gone = {"id": "6", "mid": "6", "text": "抱歉，此微博已被作者删除", "user": None}
    site.pages[API] = answer(
        post(11, "真的吗//@某人:转", retweeted_status=original), post(12, "看看", retweeted_status=gone)
    )
    harvest = crawl("weibo", f"{site.base}{API}?containerid=1")
    answers = {e.url.rpartition("/")[2]: e.reply_to.rpartition("/")[2] for e in harvest.entries}
    assert answers == {"11": "5", "5": "", "12": "6"}
    assert "某人" not in repr(harvest)


def test_further_words_are_searched_and_pages_read_while_they_hold_anything_new(site: Site, crawl: Crawl) -> None:
    site.pages[search("天津海")] = answer(post(1))
    site.pages[search("赤潮")] = answer(post(2))
    site.pages[search("赤潮", page="2")] = answer(post(3))
    first = crawl("weibo", site.base + search("天津海"), tags=["赤潮"], pages=2)
    assert sorted(e.url.rpartition("/")[2] for e in first.entries) == ["1", "2", "3"]
    again = crawl("weibo", site.base + search("天津海"), tags=["赤潮"], pages=2, cursor=first.cursor)
    assert (again.state, again.entries) == (HarvestState.NOTHING_NEW, ())


def test_a_search_without_results_is_nothing_new(site: Site, crawl: Crawl) -> None:
    site.pages[API] = Answer('{"ok":0,"msg":"这里还没有内容","data":{"cards":[]}}', type="application/json")
    assert crawl("weibo", f"{site.base}{API}?containerid=1").state is HarvestState.NOTHING_NEW


@pytest.mark.parametrize(
    ("given", "state"),
    [
        (
            Answer('{"ok":-100,"url":"https://passport.weibo.com/sso/signin"}', type="application/json"),
            HarvestState.LOGIN_WALL,
        ),
        (Answer('{"ok":0,"errno":"20003","msg":"请先登录"}', type="application/json"), HarvestState.LOGIN_WALL),
        (Answer('{"ok":0,"errno":"100005","msg":"请求过于频繁"}', type="application/json"), HarvestState.BLOCKED),
        (Answer("", 418), HarvestState.BLOCKED),
        (Answer("", 432), HarvestState.BLOCKED),
        (Answer('{"ok":1}', type="application/json"), HarvestState.PARSE_FAILED),
        (Answer("<html><body><p>微博</p></body></html>"), HarvestState.PARSE_FAILED),
    ],
)
def test_a_refusal_has_its_name_and_nothing_more_is_asked(
    site: Site, crawl: Crawl, given: Answer, state: HarvestState
) -> None:
    site.pages[API] = given
    words = ["一", "二", "三", "四", "五"]
    harvest = crawl("weibo", f"{site.base}{API}?containerid=1", tags=words, delay=0.5)
    assert (harvest.state, harvest.entries) == (state, ())
    if state is not HarvestState.PARSE_FAILED:
        assert len(site.seen) == 2  # robots.txt and the first


def test_the_hot_list_is_heard_as_words_with_their_heat(site: Site, crawl: Crawl) -> None:
    scheme = (
        "https://m.weibo.cn/search?containerid=100103type%3D1%26t%3D10%26q%3D%23x%23&extparam=filter_type%3Drealtimehot"
    )
    lines = [
        {"card_type": 4, "desc": "渤海湾海冰", "desc_extr": 1234567, "scheme": scheme},
        {"card_type": 4, "desc": "天津寒潮", "desc_extr": "剧集 88万", "scheme": scheme},
        {"card_type": 4, "desc": "某商品", "promotion": {"type": "ad"}, "scheme": scheme},
    ]
    site.pages[API] = answer(*lines)
    harvest = crawl("weibo", f"{site.base}{API}?containerid=106003type%3D25%26t%3D3")
    assert [(e.title, e.engagement.views) for e in harvest.entries] == [
        ("渤海湾海冰", 1_234_567),
        ("天津寒潮", 880_000),
    ]
    assert harvest.skipped == 1


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (5, 5),
        ("1.2万", 12_000),
        ("100万+", 1_000_000),
        ("3亿", 300_000_000),
        ("转发", None),
        (None, None),
        (True, None),
        ("569万次观看", 5_690_000),
    ],
)
def test_counts_are_read_as_the_platform_writes_them(written: object, meant: int | None) -> None:
    assert count(written) == meant


def test_html_faces_and_cut_texts_become_plain_text() -> None:
    text = '<a href="/n/x">@海洋局</a> 海冰来了<span class="url-icon"><img alt=[心] src="a"></span><br/>注意<a href="/status/9">全文</a>'
    body = json.dumps({"ok": 1, "data": {"cards": [post(9, text, when="11-20")]}})
    (heard,) = read_cards(Saved(url=f"https://m.weibo.cn{API}", body=body.encode()), now=NOW).heard
    assert heard.text == "@海洋局 海冰来了[心]\n注意…"
    assert heard.published_at is not None
    assert heard.published_at.isoformat() == "2025-11-19T16:00:00+00:00"
    longer = json.dumps({"ok": 1, "data": {"cards": [post(9, text, longText={"longTextContent": "全部的话"})]}})
    assert read_cards(Saved(url="https://m.weibo.cn/", body=longer.encode()), now=NOW).heard[0].text == "全部的话"


def test_a_post_that_is_not_public_is_left_out() -> None:
    body = json.dumps({"ok": 1, "data": {"cards": [post(9, visible={"type": 6})]}})
    found = read_cards(Saved(url="https://m.weibo.cn/", body=body.encode()), now=NOW)
    assert (found.heard, len(found.skipped)) == ((), 1)


def test_a_search_keeps_its_address_and_adds_word_and_page() -> None:
    url = f"https://m.weibo.cn{API}?containerid=231522type%3D1%26q%3D%23%E8%B5%A4%E6%BD%AE%23"
    assert container(url) == url
    assert container(url, page=2) == f"{url}&page=2"


def test_every_post_of_a_saved_search_is_read() -> None:
    if not CAPTURE.exists():
        pytest.skip(f"{CAPTURE} is missing: set CHAOXIN_TEST_BOARDS to the saved boards")
    import zipfile

    with zipfile.ZipFile(CAPTURE) as packed:
        name = next(n for n in packed.namelist() if n.endswith("weibospider__weibo.json"))
        saved = Saved(url=f"https://m.weibo.cn{API}", body=packed.read(name))
    found = read_cards(saved, now=NOW)
    assert (len(found.heard), found.skipped) == (10, ())
    assert all(h.text and h.author and h.published_at and h.engagement.reposts for h in found.heard)
    assert found.heard[0].engagement.views == 5_690_000
