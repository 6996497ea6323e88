"""What boards' and message boards' parsers make of odd pages."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spiders.parse.board import read_board_list, read_board_thread, without_session
from spiders.parse.discourse import as_json
from spiders.parse.labels import LABELS, labelled_values
from spiders.parse.messages import read_message
from spiders.parse.nodebb import as_api
from spiders.parse.pager import numbered_next
from spiders.parse.select import count_in
from spiders.parse.text import document
from spiders.parse.threads import is_deleted
from spiders.parse.tieba import read_bar
from spiders.saved import Saved
from store.settings import settings as chosen
from tests.spiders.conftest import NOW
from tests.spiders.test_kinds import PAGES, READERS, SITES, Page, told

SELECT = {"list": "li", "post": ".p", "text": "p"}


def thread(body: str, **select: str) -> list[tuple[str, str, datetime | None]]:
    saved = Saved(url="http://b.example.invalid/t/77", body=body.encode())
    page = read_board_thread(saved, {**SELECT, **select}, start=saved.url, now=NOW)
    return [(post.url.removeprefix(saved.url), post.text, post.published_at) for post in page.posts]


def test_the_full_time_of_the_title_comes_before_the_spoken_one() -> None:
    one = '<div class="p"><span title="2026-01-20 10:11">昨天 10:11</span><p>一</p></div>'
    assert thread(one)[0][2] == thread(one, time="span")[0][2] == datetime.fromisoformat("2026-01-20T02:11:00+00:00")


def test_a_post_is_named_by_its_number_its_floor_or_its_words_and_the_first_by_its_thread() -> None:
    rows = (
        '<div class="p"><p>首</p></div><div class="p" id="post_4001"><p>号</p></div><div class="p"><em>3楼</em><p>楼</p></div>'
        '<div class="p" data-pk="6"><p>属性</p></div><div class="p" id="n5"><a href="?a=1#n5">链接</a><p>小号</p></div><div class="p" id="row4"><p>顶</p></div><div class="p" id="row4"><p>顶</p></div>'
    )
    names = [name for name, *_ in thread(rows)]
    assert names[:5] == ["", "#pid4001", "#pid03", "#pid6", "#pid5"]
    assert len(set(names)) == 7
    assert all(name.startswith("#entry-") for name in names[5:])


def test_floors_that_each_page_counts_anew_name_no_post_and_newest_first_is_understood() -> None:
    def names(floors: list[int], asked: str) -> list[str]:
        rows = "".join(f'<div class="p"><em>{n}楼</em><p>第{n}条，{asked}，如3楼所说</p></div>' for n in floors)
        saved = Saved(url=f"http://e.com{asked}", body=rows.encode(), asked=f"http://e.com{asked}")
        page = read_board_thread(saved, SELECT, start="http://e.com/t/77", now=NOW)
        return [post.url.removeprefix("http://e.com/t/77") for post in page.posts]

    assert names([1, 2], "/t/77") == ["", "#pid02"]
    assert names([3, 4], "/t/77?page=2") == ["#pid03", "#pid04"]
    assert all(name.startswith("#entry-") for name in names([1, 2], "/t/77?page=2"))
    assert names([4, 3], "/t/77") == ["#pid04", "#pid03"]
    assert names([2, 1], "/t/77?page=2") == ["#pid02", ""]


def test_the_next_page_of_a_thread_is_never_another_thread() -> None:
    body = '<div class="p"><p>一</p></div><a rel="next" href="/t/78">下一主题</a>'
    for extra, following in (("", ""), ('<a href="/t/77?page=2">下页</a>', "http://b.example.invalid/t/77?page=2")):
        saved = Saved(url="http://b.example.invalid/t/77", body=(body + extra).encode())
        assert read_board_thread(saved, SELECT, start=saved.url, now=NOW).following == following


@pytest.mark.parametrize(
    ("start", "current", "links", "following"),
    [
        ("/t/7", "/t/7", ["/t/7?page=2", "/t/7?page=9"], "/t/7?page=2"),
        ("/t/7", "/t/7?page=2", ["/t/7?page=1", "/t/7?page=3"], "/t/7?page=3"),
        ("/t/7", "/t/7?page=2", ["/t/7?page=1"], ""),
        ("/t/7", "/t/7", ["/t/7?page=9"], "/t/7?page=2"),  # only the last page is linked
        ("/v?t=7", "/v?t=7&start=20", ["/v?t=7", "/v?t=7&start=40", "/v?t=7&start=60"], "/v?t=7&start=40"),
        ("/v?t=7", "/v?t=7", ["/v?t=8&page=2", "/v?t=8"], ""),
        ("/a/7.html", "/a/7.html", ["/a/8.html", "/a/7_2.html", "/a/7_3.html"], "/a/7_2.html"),
        (
            "/thread-101-1-1.html",
            "/thread-101-2-1.html",
            ["/thread-101-1-1.html", "/thread-101-3-1.html"],
            "/thread-101-3-1.html",
        ),
        ("/thread-101-1-1.html", "/thread-101-1-1.html", ["/thread-102-1-1.html", "/forum-1-2.html"], ""),
    ],
)
def test_a_pager_of_numbers_alone_is_walked_page_by_page(
    start: str, current: str, links: list[str], following: str
) -> None:
    host = "http://e.com"
    found = numbered_next([host + link for link in links], current=host + current, start=host + start)
    assert found.removeprefix(host) == following


def test_a_thread_s_state_is_its_replies_and_a_full_last_time_never_a_spoken_one() -> None:
    rows = '<li><a href="/1">一</a> 12 回复 <u>3 分钟前</u></li><li><a href="/2">二</a><u title="2026-1-2 03:04">昨天</u></li><li><a href="/3">三</a></li>'
    saved = Saved(url="http://b.example.invalid/", body=rows.encode())
    assert [x.state for x in read_board_list(saved, {**SELECT, "last": "u"}).lines] == [
        "12|",
        "None|2026-1-2 03:04",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "is_notice"),
    [
        ("该楼层已被删除", True),
        ("此帖已被作者删除。", True),
        ("该楼层疑似违规已被系统折叠 隐藏此楼查看此楼", True),
        ("提示: 作者被禁止或删除 内容自动屏蔽", True),
        ("帖子被删除！", False),
        ("我的回复怎么被删除了", False),
        ("该不该删除围填海的旧照片？", False),
    ],
)
def test_a_board_s_notice_is_told_from_what_people_write(text: str, is_notice: bool) -> None:
    assert is_deleted(text) is is_notice


@pytest.mark.parametrize(
    ("text", "number"), [("赞 12", 12), ("1.2万", 12000), ("1,204 回复", 1204), ("3w+", 30000), ("赞", None)]
)
def test_counts_are_read_as_boards_write_them(text: str, number: int | None) -> None:
    assert count_in(text) == number


def test_the_number_of_a_visit_is_no_part_of_an_address() -> None:
    sid = "sid=" + "0a" * 16
    assert without_session(f"http://e.com/v.php?t=7&{sid}&start=2") == "http://e.com/v.php?t=7&start=2"
    assert without_session(f"http://e.com/v.php?{sid}") == "http://e.com/v.php"
    assert without_session("http://e.com/v.php?sid=7") == "http://e.com/v.php?sid=7"


def test_the_addresses_a_reader_sees_lead_to_the_interfaces() -> None:
    assert as_json("https://e.com") == "https://e.com/latest.json"
    assert as_json("https://e.com/c/sea/5?page=1") == "https://e.com/c/sea/5.json?page=1"
    assert as_json("https://e.com/latest.json") == "https://e.com/latest.json"
    assert as_api("https://e.com/bbs/") == "https://e.com/bbs/api/recent"
    assert as_api("https://e.com/bbs/category/5/sea") == as_api("https://e.com/bbs/api/category/5/sea")


LAYOUTS: dict[str, Callable[[str, str], str]] = {
    "cells": lambda label, value: f"<table><tr><td>{label}：</td><td>{value}</td></tr></table>",
    "definitions": lambda label, value: f"<dl><dt>{label}</dt><dd>{value}</dd></dl>",
    "one line": lambda label, value: f"<div><p>{label}：{value}</p></div>",
    "bold": lambda label, value: f"<p><b>{label}:</b> {value}</p>",
    "spans": lambda label, value: f"<li><span>{label}</span><span>{value}</span></li>",
    "heading": lambda label, value: f"<h3>【{label}】</h3><div>{value}</div><div class='foot'>主办单位</div>",
}


@pytest.mark.parametrize("layout", LAYOUTS)
@given(
    value=st.text(alphabet="海水红潮滩涂，。？0123456789", min_size=1, max_size=40).filter(lambda v: not v.isspace())
)
@settings(max_examples=15, deadline=None)
def test_a_labelled_value_is_found_in_every_layout(layout: str, value: str) -> None:
    page = document(
        f"<html><body><h1>信箱</h1>{LAYOUTS[layout]('来信内容', value)}{LAYOUTS[layout]('回复单位', '市海洋局')}</body></html>"
    )
    assert page is not None
    assert [(v.meaning, v.value) for v in labelled_values(page)] == [("text", value), ("department", "市海洋局")]


def test_a_reply_that_is_not_there_is_never_made_of_what_follows() -> None:
    body = "<p>来信内容：堤上黑</p><h3>回复内容</h3><div></div><div class=f>版权所有：某某</div>"
    saved = Saved(url="http://e.com/1", body=f"<html><body>{body}</body></html>".encode())
    assert [post.official for post in read_message(saved, {}, start=saved.url, now=NOW).posts] == [False]


def test_several_labels_of_one_line_are_parted_but_never_inside_what_people_wrote() -> None:
    page = document(
        "<div>留言人：张某　留言时间：2026-01-20 09:00&nbsp;状态：已回复</div><div>回复内容：您问的 状态：已解决 标题：无</div>"
    )
    assert page is not None
    assert [(v.meaning, v.value) for v in labelled_values(page)] == [
        ("author", "张某"),
        ("time", "2026-01-20 09:00"),
        ("status", "已回复"),
        ("reply", "您问的 状态：已解决 标题：无"),
    ]


def test_every_label_is_listed_once() -> None:
    words = [word for words in told(LABELS.parent, LABELS.name).values() for word in words]
    assert len(words) == len(set(words))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_reader_breaks_on_a_page_that_is_cut_or_holed(data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(PAGES))
    meta = told(case, "meta.yml")
    body = next(case.glob("input.*")).read_bytes()
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(body))] * 2)))
    saved = Saved(url=meta["url"], body=body[:start] + body[end:], asked=meta["url"])
    READERS[meta["read"]](
        Page(saved, told(case, "source.yml").get("select") or {}, start=meta.get("start") or meta["url"])
    )


ODD = st.sampled_from([None, "", 0, -1, "x", [], {}, [1], {"a": 1}, True, 1e99, "http://[", "2026-13-45"])
ANSWERS = [case for case in PAGES + SITES if case.parent.name in ("discourse", "nodebb")]


def bent(value: object, data: st.DataObject) -> object:
    """JSON with a value here and there of another kind than the interface promises."""
    if data.draw(st.integers(0, 30)) == 0:
        return data.draw(ODD)
    if isinstance(value, dict):
        return {name: bent(inner, data) for name, inner in value.items()}
    return [bent(inner, data) for inner in value[:3]] if isinstance(value, list) else value


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_no_reader_breaks_on_json_of_other_kinds_than_promised(data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(ANSWERS))
    path = data.draw(
        st.sampled_from(
            sorted(path for path in case.glob("*.json") if path.name not in ("expected.json", "later.json"))
        )
    )
    body = json.dumps(bent(json.loads(path.read_text(encoding="utf-8")), data)).encode()
    saved = Saved(url="https://e.com/t/12.json", body=body)
    for name, reader in READERS.items():
        if name.startswith(case.parent.name):
            reader(Page(saved, start=saved.url))


def test_the_saved_lists_of_real_bars_are_read() -> None:
    captures = chosen().evaluation_data / "boards_social.zip"
    if not captures.exists():
        pytest.skip(f"{captures} is missing: set CHAOXIN_EVALUATION_DATA")
    with zipfile.ZipFile(captures) as kept:
        names = [name for name in kept.namelist() if "CedarChennn" in name or "DUENAIVE" in name]
        bars = [read_bar(Saved(url="https://tieba.baidu.com/f?kw=x", body=kept.read(name))) for name in sorted(names)]
    assert [len(bar.lines) for bar in bars] == [30, 50, 50]
    assert all(line.title and line.url.startswith("https://tieba.baidu.com/p/") for bar in bars for line in bar.lines)
    assert [sum(line.engagement.replies is None for line in bar.lines) for bar in bars] == [
        2,
        2,
        0,
    ]  # what is on top shows none
