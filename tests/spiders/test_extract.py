"""News pages to title, text, time and publisher; the saved real pages are measured where they are at hand."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.extract import bag_f1, f1, load_gold, measured, ours, pages, share
from spiders.extract import extract, page_row
from spiders.parse.pictures import post_images
from store.settings import settings

NOW = datetime(2026, 11, 20, tzinfo=UTC)
PAGES = settings().evaluation_data / "html_pages.zip"
FLOOR_F1, FLOOR_TITLES, FLOOR_TIMES = 0.99, 0.95, 0.90
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


def test_a_source_that_names_nobody_is_none_and_a_public_account_is_one() -> None:
    assert page(above="<div>来源：本站原创 作者：办公室</div>").publisher == ""
    assert (
        page(above="<div><strong class='profile_nickname'>滨海观潮</strong></div><em>昨天</em>").publisher == "滨海观潮"
    )


def test_the_printed_row_is_plain() -> None:
    assert set(page_row(page())) == {"url", "title", "text", "published_at", "publisher", "engagement", "images"}
    json.dumps(page_row(page()))


@pytest.mark.parametrize(
    ("line", "views", "replies"),
    [
        ("2026-01-20 07:42 来源：滨海时报 阅读 1.2万 评论 35", 12_000, 35),
        ("发表于2026-01-20 07:42| 1164次阅读| 0 条评论", 1164, 0),
        ("来源：某院 | 发布时间：2026-01-20 | 浏览次数：2,168", 2168, None),
        ("本市35个区县参加了演练", None, None),
    ],
)
def test_counts_beside_the_title_are_read(line: str, views: int | None, replies: int | None) -> None:
    html = f"<title>渤海湾发现赤潮_报</title><h1>渤海湾发现赤潮</h1><div>{line}</div><div class='c'>{BODY}</div>"
    counts = extract(html, url="http://e.com/1.html", now=NOW).engagement
    assert (counts.views, counts.replies) == (views, replies)


@pytest.mark.parametrize(
    ("byline", "name"),
    [
        ("来源：滨海时报 作者：王晓明", "王晓明"),
        ("滨海时报记者 李晓", "李晓"),
        ("作者：未知 责任编辑：某某", ""),
        ("来源：本站原创 作者：宣传办公室主任", ""),
    ],
)
def test_the_author_of_a_byline_is_read_and_never_printed(byline: str, name: str) -> None:
    html = f"<title>渤海湾发现赤潮_报</title><h1>渤海湾发现赤潮</h1><div>{byline}</div><div class='c'>{BODY}</div>"
    found = extract(html, url="http://e.com/1.html", now=NOW)
    assert found.author == name
    assert not name or name not in json.dumps(page_row(found), ensure_ascii=False)


def test_pictures_of_the_body_are_kept_and_those_round_it_are_not() -> None:
    inside = (
        '<p><img src="/img/1.jpg?utm_source=x" alt="海面 发红" width="600"></p><img data-src="//p.e.com/2.png" src="data:image/gif;base64,R0">'
        '<img src="/img/1.jpg"><img src="/static/logo.png"><img src="/i/3.jpg" width="40"><img src="/qrcode.png" alt="扫一扫">'
    )
    html = f"<title>渤海湾发现赤潮_报</title><img src='/top.jpg'><h1>渤海湾发现赤潮</h1><div class='c'>{BODY}{inside}</div><img src='/ad.jpg'>"
    found = extract(html, url="http://e.com/a/1.html", now=NOW).images
    assert [(image.url, image.alt, image.hash) for image in found] == [
        ("http://e.com/img/1.jpg", "海面 发红", ""),
        ("http://p.e.com/2.png", "", ""),
    ]


def test_pictures_of_a_post_are_found_without_its_smileys() -> None:
    post = lxml.html.fragment_fromstring(
        '<div>海水变红了<img src="static/image/smiley/default/cry.gif"><img src="static/image/common/none.gif" zoomfile="data/a/1.jpg"></div>'
    )
    assert [image.url for image in post_images(post, url="http://e.com/thread-1-1-1.html")] == [
        "http://e.com/data/a/1.jpg"
    ]


def test_at_most_nine_pictures_are_kept() -> None:
    many = "".join(f'<img src="/p/{n}.jpg">' for n in range(30))
    html = f"<title>渤海湾发现赤潮_报</title><h1>渤海湾发现赤潮</h1><div class='c'>{BODY}{many}</div>"
    assert len(extract(html, url="http://e.com/1.html", now=NOW).images) == 9


@pytest.mark.parametrize(
    "line",
    ["延伸阅读", "推荐阅读：", "相关新闻"],
)
def test_what_is_offered_to_read_next_is_not_text(line: str) -> None:
    more = f"<p>{line}</p><p><a href='/2'>大港油田附近海域发现油膜</a></p>"
    html = f"<title>渤海湾发现赤潮_报</title><h1>渤海湾发现赤潮</h1><div class='c'>{BODY * 3}{more}</div>"
    assert "油膜" not in extract(html, url="http://e.com/1.html", now=NOW).text


def test_sentences_that_begin_like_a_frame_line_stay() -> None:
    own = "<p>记者从市海洋局获悉，赤潮已经消退。</p><p>编辑部同日接到三位读者来电，询问能否下海。</p>"
    html = f"<title>渤海湾赤潮消退_报</title><h1>渤海湾赤潮消退</h1><div class='c'>{own}{BODY}</div>"
    text = extract(html, url="http://e.com/1.html", now=NOW).text
    assert text.startswith("记者从市海洋局获悉，赤潮已经消退。\n编辑部同日接到")


@pytest.mark.parametrize(
    "box",
    [
        "<section><section><span>{}</span></section></section>",
        "<div class='para'><div>{}</div></div>",
        "{}<br><br>",
        "<table><tr><td>{}</td></tr></table>",
    ],
)
def test_paragraphs_in_boxes_of_their_own_are_one_body(box: str) -> None:
    said = [f"第{n}处海堤昨夜出现漫水，值班人员连夜封堵，没有人员伤亡，险情已经排除。" for n in range(6)]
    html = f"<title>海堤漫水已处置_报</title><h1>海堤漫水已处置</h1><div id='x'>{''.join(box.format(s) for s in said)}</div>"
    assert extract(html, url="http://e.com/1.html", now=NOW).text == "\n".join(said)


def test_a_page_that_closes_itself_in_its_middle_is_read_to_its_end() -> None:
    html = f"<html><body><div>页眉</div></body></html><h1>渤海湾发现赤潮</h1><div class='c'>{BODY}</div></body></html>"
    assert extract(html, url="http://e.com/1.html", now=NOW).text.count("\n") == 1


def test_a_page_inside_one_form_is_read() -> None:
    html = f"<title>渤海湾发现赤潮_局</title><form id='aspnetForm'><h1>渤海湾发现赤潮</h1><div>{BODY}</div></form>"
    assert "贝类" in extract(html, url="http://e.com/1.html", now=NOW).text


def test_comments_with_later_times_do_not_move_the_article() -> None:
    comments = "<div class='comments'><p>网友甲 2026-01-20 20:33:49</p><p>注意安全。</p></div>" * 3
    far = "".join(f"<div>栏目{n}</div>" for n in range(30))
    found = page(above="<div class='info'>2026-01-20 · 滨海时报</div>", below=far + comments)
    assert found.published_at == datetime(2026, 1, 19, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attribute", "shown"),
    [
        ("title='2026-01-20 07:42:10'", "昨天"),
        ("data-time='1768866130'", "1 天前"),
        ("datetime='2026-01-19T23:42:10Z'", ""),
    ],
)
def test_times_in_attributes_count_more_than_what_is_shown(attribute: str, shown: str) -> None:
    html = f"<title>渤海湾发现赤潮_报</title><h1>渤海湾发现赤潮</h1><span class='when' {attribute}>{shown}</span><div class='c'>{BODY}</div>"
    found = extract(html, url="http://e.com/1.html", now=NOW)
    assert found.published_at == datetime(2026, 1, 19, 23, 42, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("http://www.e.com/a/1.html", "http://www.e.com/a/1.html"),
        ("http://www.e.com/", "http://m.e.com/a/1.html"),
        ("http://www.e.com/a/", "http://m.e.com/a/1.html"),
        ("http://other.org/a/1.html", "http://m.e.com/a/1.html"),
    ],
)
def test_the_canonical_link_counts_when_it_names_an_article_of_the_same_site(href: str, address: str) -> None:
    html = f"<link rel=canonical href='{href}'><title>渤海湾发现赤潮</title><h1>渤海湾发现赤潮</h1><div>{BODY}</div>"
    assert extract(html, url="http://m.e.com/a/1.html", now=NOW).url == address


@pytest.mark.skipif(not PAGES.exists(), reason="set CHAOXIN_EVALUATION_DATA to the folder with html_pages.zip")
@pytest.mark.parametrize("half", ["development", "report"])
def test_the_read_pages_are_extracted_above_the_floors(half: str) -> None:
    html, golds = pages(PAGES.parent), [gold for gold in load_gold() if gold.half == half]
    scores = measured(golds, html, ours)
    assert sum(s.f1 for s in scores) / len(scores) >= FLOOR_F1
    assert share([s.title for s in scores]) >= FLOOR_TITLES
    assert share([s.time for s in scores]) >= FLOOR_TIMES
    assert share([s.day for s in scores]) >= FLOOR_TITLES


@pytest.mark.skipif(not PAGES.exists(), reason="set CHAOXIN_EVALUATION_DATA to the folder with html_pages.zip")
def test_the_wanted_and_unwanted_phrases_of_others_gold_are_right() -> None:
    with zipfile.ZipFile(PAGES) as held:
        rows = json.loads(held.read("index.json"))
        row = next(r for r in rows if "with_" in (r.get("gold") or {}))
        text = extract(held.read(row["file"]), url="http://e.com/1.html", now=NOW).text
    assert all(phrase in text for phrase in row["gold"]["with_"])
    assert not any(phrase in text for phrase in row["gold"]["without"])


@given(st.text(alphabet="海潮，。ab 1\n", max_size=60), st.text(alphabet="海潮，。ab 1\n", max_size=60))
def test_the_measure_is_symmetric_and_one_for_equal_texts(one: str, two: str) -> None:
    assert f1(one, two) == f1(two, one)
    assert f1(one, one) == 1.0
    assert 0.0 <= f1(one, two) <= bag_f1(one, two) <= 1.0
