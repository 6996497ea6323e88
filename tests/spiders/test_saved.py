"""Bytes to text whatever the label says, and answers that are no content named before they are parsed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.classify import classify, retry_after
from spiders.parse.text import html_text, one_line
from spiders.saved import Saved, decode, ends_inside_character
from store.stages import HarvestState

TEXT = "渤海湾发现赤潮，面积约120平方公里。"
NOW = datetime(2026, 1, 22, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize("declared", ["", "utf-8", "gbk", "gb2312", "iso-8859-1", "no-such"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
def test_chinese_bytes_are_read_whatever_is_declared(declared: str, encoding: str) -> None:
    assert decode((TEXT * 3).encode(encoding), declared=declared) == TEXT * 3


def test_utf8_with_a_character_cut_out_is_still_utf8() -> None:
    body = TEXT.encode()[:-1] + b"<br>" + TEXT.encode() * 20
    assert decode(body, declared="gbk").count(TEXT) == 20


def test_big5_and_an_override_are_obeyed() -> None:
    assert decode("臺灣海峽".encode("big5"), declared="big5") == "臺灣海峽"
    assert decode("海峡".encode("gb18030"), declared="utf-8", override="gbk") == "海峡"


@given(st.text(alphabet="海洋预报abc 。", max_size=30), st.integers(0, 3))
def test_only_a_cut_inside_a_character_is_one(text: str, cut: int) -> None:
    body = text.encode() + "潮".encode()[: 3 - cut]
    assert ends_inside_character(body) is (cut in (1, 2))


def answer(body: str | bytes = "", status: int = 200, **values: object) -> Saved:
    raw = body.encode() if isinstance(body, str) else body
    return Saved(url="http://e.com/a", body=raw, status=status, asked="http://e.com/a", **values)  # type: ignore[arg-type]


LONG = "天津近岸海域监测到夜光藻赤潮，专家提醒市民近期不要采食贝类。" * 20


@pytest.mark.parametrize(
    ("saved", "state"),
    [
        (answer("", 304), None),
        (answer("x", 403), HarvestState.BLOCKED),
        (answer("x", 503, headers={"retry-after": "5"}), HarvestState.BLOCKED),
        (answer("x", 503), HarvestState.UNREACHABLE),
        (answer("x", 401), HarvestState.LOGIN_WALL),
        (answer(""), HarvestState.EMPTY),
        (answer("<!-- -->"), HarvestState.EMPTY),
        (answer("<p>半", is_cut=True), HarvestState.TRUNCATED),
        (answer("<p>潮".encode()[:-1]), HarvestState.TRUNCATED),
        (answer("<p>您需要登录后才可以查看本版</p>"), HarvestState.LOGIN_WALL),
        (answer("<title>安全验证</title><p>请完成验证</p>"), HarvestState.BLOCKED),
        (answer('<form><input type="password"></form><p>登录</p>'), HarvestState.LOGIN_WALL),
        (answer(f'<form><input type="password"></form><p>{LONG}</p>'), None),  # boards carry a sign-in bar everywhere
        (answer(f"<p>{LONG}登录后才能评论</p>"), None),
        (answer('{"error": "登录后才能查看"}', headers={"content-type": "application/json"}), HarvestState.LOGIN_WALL),
        (answer('<?xml version="1.0"?><rss><item><title>请登录领取</title></item></rss>'), None),
    ],
)
def test_an_answer_is_classified(saved: Saved, state: HarvestState | None) -> None:
    assert classify(saved) is state


def test_a_redirect_to_a_sign_in_page_is_a_login_wall() -> None:
    moved = Saved(url="http://e.com/member.php/login?next=a", body=LONG.encode(), asked="http://e.com/a")
    assert classify(moved) is HarvestState.LOGIN_WALL


def test_retry_after_is_read_as_seconds_and_as_a_date() -> None:
    assert retry_after(answer(headers={"retry-after": "60"}), now=NOW) == datetime(2026, 1, 22, 18, 1, tzinfo=UTC)
    dated = answer(headers={"retry-after": "Thu, 22 Jan 2026 19:00:00 GMT"})
    assert retry_after(dated, now=NOW) == datetime(2026, 1, 22, 19, 0, tzinfo=UTC)
    assert retry_after(answer(headers={"retry-after": "soon"}), now=NOW) is None


def test_html_becomes_paragraphs_without_scripts() -> None:
    html = "<div>甲<br>乙<script>x()</script></div><p>　丙 &amp; <b>丁</b>\n戊</p><table><tr><td>1</td><td>2</td></tr></table>"
    assert html_text(html) == "甲\n乙\n丙 & 丁 戊\n1 2"
    assert one_line("<b>题</b>\n目&amp;") == "题 目&"


@given(st.text(max_size=80))
def test_any_text_survives_as_plain_text(text: str) -> None:
    assert "\n\n" not in html_text(text)
