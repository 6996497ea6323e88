"""News pages to title, text, time and publisher; the saved real pages are measured where they are at hand."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from spiders.extract import extract, page_row
from store.settings import settings

NOW = datetime(2026, 11, 20, tzinfo=UTC)
PAGES = settings().evaluation_data / "html_pages.zip"
FLOOR_F1, FLOOR_TIMES = 0.97, 0.85
BODY = "<p>天津近岸海域监测到夜光藻赤潮，面积约一百平方公里。</p><p>专家提醒市民，近期不要采食该海域贝类。</p>"


def page(head: str = "", *, above: str = "", below: str = "", title: str = "渤海湾发现赤潮") -> Any:
    html = f"<html><head><title>{title}_渤海湾新闻网</title>{head}</head><body>{above}<h1>{title}</h1><div class='c'>{BODY}</div>{below}</body></html>"
    return extract(html, url="http://e.com/1.html", now=NOW)


@pytest.mark.parametrize(
    ("head", "above"),
    [
        ('<meta property="article:published_time" content="2026-01-20T07:42:00+08:00">', ""),
        ('<meta name="publishdate" content="2026-01-20">', "<div>2026年01月20日 07:42</div>"),
        ("", '<span class="pubtime">2026-01-20 07:42</span>'),
        ("", "<div>来源：滨海时报　2026年1月20日 7时42分　编辑：示例</div>"),
        ("", '<time datetime="2026-01-19T23:42:00Z">昨天</time>'),
        ('<script type="application/ld+json">{"datePublished": "2026-01-20T07:42:00+08:00"}</script>', ""),
        ("", "<div>今日天气</div><p>发布时间：2026/01/20 07:42　点击：12</p>"),
    ],
)
def test_the_time_is_found_where_chinese_pages_state_it(head: str, above: str) -> None:
    assert page(head, above=above).published_at == datetime(2026, 1, 19, 23, 42, tzinfo=UTC)


def test_a_time_in_the_future_or_of_the_copyright_line_is_none() -> None:
    assert page(above="<div>2099年1月1日 08:00</div>").published_at is None
    assert page(below="<div>版权所有 2019-2026 备案 2020-01-01</div>").published_at is None


def test_lines_round_the_body_are_not_text() -> None:
    found = page(
        above="<div class='share'>分享到：微信 微博 QQ空间</div>",
        below="<p>（责任编辑：张三）</p><div class='related'><h3>相关阅读</h3><a href='/2'>别的新闻，很长的标题，也有逗号。</a></div>",
    )
    assert found.text == "天津近岸海域监测到夜光藻赤潮，面积约一百平方公里。\n专家提醒市民，近期不要采食该海域贝类。"
    assert found.title == "渤海湾发现赤潮"


@pytest.mark.parametrize("html", [b"", b"   ", "<html></html>", "<p>", "\x00\x01", "<a>" * 500, b"\xff\xfe\x00"])
def test_what_is_no_article_gives_an_empty_page(html: bytes | str) -> None:
    found = extract(html, url="http://e.com/1.html", now=NOW)
    assert (found.text, found.published_at) == ("", None)


def test_the_publisher_and_the_own_address_are_read() -> None:
    found = page('<link rel="canonical" href="/a/1.html"><meta name="source" content="滨海时报">')
    assert (found.publisher, found.url) == ("滨海时报", "http://e.com/a/1.html")
    elsewhere = page('<link rel="canonical" href="http://other.com/a/1.html">', above="<p>来源：津云新闻 作者</p>")
    assert (elsewhere.publisher, elsewhere.url) == ("津云新闻", "http://e.com/1.html")


def test_the_printed_row_is_plain() -> None:
    assert set(page_row(page())) == {"url", "title", "text", "published_at", "publisher", "engagement", "images"}
    json.dumps(page_row(page()))


def squeezed_counts(text: str) -> Counter[str]:
    return Counter(re.sub(r"\s", "", text))


def f1(ours: str, gold: str) -> float:
    one, two = squeezed_counts(ours), squeezed_counts(gold)
    total = sum(one.values()) + sum(two.values())
    return 2 * sum((one & two).values()) / total if total else 0.0


@pytest.mark.skipif(not PAGES.exists(), reason="set CHAOXIN_EVALUATION_DATA to the folder with html_pages.zip")
def test_saved_real_pages_are_read_above_the_floor() -> None:
    with zipfile.ZipFile(PAGES) as pages:
        index = json.loads(pages.read("index.json"))
        found = [
            (row, extract(pages.read(row["file"]), url=f"http://e.com/{Path(row['file']).name}", now=NOW))
            for row in index
        ]
    scores = [f1(p.text, row["gold"]["text"]) for row, p in found if row.get("gold") and row["gold"].get("text")]
    assert sum(scores) / len(scores) >= FLOOR_F1
    with_, without = next(
        (r["gold"]["with_"], r["gold"]["without"]) for r, _ in found if "with_" in (r.get("gold") or {})
    )
    text = next(p.text for r, p in found if "with_" in (r.get("gold") or {}))
    assert all(w in text for w in with_)
    assert not any(w in text for w in without)
    stated = [(r["meta"]["article:published_time"], p) for r, p in found if r["meta"].get("article:published_time")]
    assert all(p.published_at == datetime.fromisoformat(time) for time, p in stated)
    assert sum(p.published_at is not None for _, p in found) / len(found) >= FLOOR_TIMES
