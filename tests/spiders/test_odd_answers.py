"""Whatever a site, a mailbox or a folder hands over, a parser returns or refuses; it never breaks."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.imap import BROKEN
from spiders.parse.json_feed import read_any_feed
from spiders.parse.mail import mailbox_name, read_mail
from spiders.parse.sitemap import read_sitemap
from spiders.parse.table import Unreadable, read_table
from spiders.parse.weibo import read_cards
from spiders.parse.wordpress import read_comments, read_posts
from spiders.saved import Saved
from tests.spiders.conftest import NOW

WRITTEN = """
ok data cards card_group mblog mid id text created_at user visible type longText longTextContent retweeted_status desc scheme
desc_extr promotion reposts_count obj_ext link title content rendered protected excerpt author _embedded parent post date date_gmt
modified version items url external_url content_html summary authors name next_url msg 标题 内容 时间 网址
"""
NAMES = WRITTEN.split()
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**20)
    | st.text(max_size=12)
    | st.sampled_from(
        [
            "2026-01-22T10:00:00",
            "https://jsonfeed.org/version/1.1",
            "http://[::1",
            "1.2万",
            "<p>",
            "9" * 30,
            "100103type",
        ]
    )
)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=25,
)
PIECES = (
    b"From: |Subject: =?gb2312?B?|?=|\r\n|\r\n\r\n|Content-Type: multipart/mixed; boundary=a|--a|--a--|Content-Type: message/rfc822"
    b"|Content-Transfer-Encoding: base64|Content-Disposition: attachment; filename*=x'y'%zz|charset=klingon|Date: Thu, 99 Foo 2026"
    b"|\xff\xb2\xe2|In-Reply-To: <a|text/html;|\x00"
)
WORDS = st.lists(st.sampled_from(PIECES.split(b"|")), max_size=20)
ITEMS = st.lists(
    st.dictionaries(st.sampled_from(["id", "url", "external_url", "title", "authors", "date_published"]), SCALARS)
)


def saved(body: bytes) -> Saved:
    return Saved(url="https://e.com/x", body=body, asked="https://e.com/x")


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_json_of_any_shape_is_read_or_refused(value: Any) -> None:
    answer = saved(json.dumps(value).encode())
    read_cards(answer, now=NOW)
    read_posts(answer, now=NOW)
    read_comments(answer, now=NOW)
    read_any_feed(answer, now=NOW)


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_a_whole_answer_cut_anywhere_is_read_or_refused(value: Any) -> None:
    body = json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "items": [value, value], "ok": 1, "cards": [value]}
    ).encode()
    for cut in (len(body) // 3, len(body) // 2, len(body) - 1):
        read_any_feed(saved(body[:cut]), now=NOW)
        read_cards(saved(body[:cut]), now=NOW)


@settings(max_examples=100, deadline=None)
@given(ITEMS, SCALARS)
def test_a_json_feed_with_odd_items_yields_the_others(items: list[dict[str, Any]], following: Any) -> None:
    good = {"id": "good", "title": "好的一条"}
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [*items, good], "next_url": following}
    found = read_any_feed(saved(json.dumps(feed).encode()), now=NOW)
    assert found.items[-1].heard.title == "好的一条"


@settings(max_examples=150, deadline=None)
@given(WORDS)
def test_mails_of_any_bytes_are_read_or_named(words: list[bytes]) -> None:
    try:
        mail = read_mail(b"".join(words), url="imaps://h/INBOX;UIDVALIDITY=1/;UID=1", received=NOW)
    except BROKEN:
        return
    assert mail is None or mail.heard.title or mail.heard.text


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.xlsx", "a.jsonl"]))
def test_files_of_any_bytes_are_read_or_named(body: bytes, name: str) -> None:
    with suppress(Unreadable):
        assert all(heard.url for heard in read_table(name, body, base="file:x", now=NOW).heard)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200))
def test_sitemaps_of_any_bytes_are_read_or_refused(body: bytes) -> None:
    read_sitemap(saved(body), now=NOW)
    read_sitemap(saved(b"<urlset><url><loc>" + body + b"</loc></url>" + body + b"</urlset>"), now=NOW)


@given(st.text(max_size=30))
def test_a_folder_name_is_ascii_on_the_wire(folder: str) -> None:
    assert mailbox_name(folder).isascii()
