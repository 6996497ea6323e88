"""Lists of feeds come in with their folders, each address once, nothing dangerous; what is left out is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.opml import Outline, read_opml, write_opml
from spiders.sources import read_source
from store.errors import BadInput

LIST = """<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><head><title>订阅</title></head><body>
<outline text="海洋"><outline text="预报" title="海洋预报" xmlUrl="https://a.example.cn/rss" htmlUrl="https://a.example.cn/"/>
  <outline text="地方"><outline text="塘沽" xmlUrl="https://b.example.cn/rss.xml"/></outline></outline>
<outline text="又一个预报" xmlUrl="https://a.example.cn/rss"/>
<outline text="坏的" xmlUrl="javascript:alert(1)"/>
<outline text="空的"/>
<outline xmlUrl="https://c.example.cn/feed"/>
</body></opml>"""


def test_folders_titles_and_addresses_are_read_and_the_rest_is_named() -> None:
    found = read_opml(LIST.encode(), where="list.opml")
    assert found.feeds == (
        Outline(title="海洋预报", url="https://a.example.cn/rss", site="https://a.example.cn/", folders=("海洋",)),
        Outline(title="塘沽", url="https://b.example.cn/rss.xml", folders=("海洋", "地方")),
        Outline(title="c.example.cn", url="https://c.example.cn/feed"),
    )
    assert sorted(found.left_out) == [
        "又一个预报：与“海洋预报”是同一个网址",
        "坏的：网址“javascript:alert(1)”不是 http 或 https 地址",
        "空的：没有订阅网址（xmlUrl）",
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'<!DOCTYPE o [<!ENTITY x "y">]><opml><body/></opml>', "document type"),
        (b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body>&x;</body></opml>', "document type"),
        (b"<opml><body>", "no XML"),
        (b"<rss/>", "no OPML"),
        (b"", "no XML"),
        (b'<?xml version="1.0" encoding="nonsense"?><opml/>', "no XML"),
    ],
)
def test_what_is_no_list_or_carries_entities_is_refused_by_name(body: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        read_opml(body, where="list.opml")
    assert str(caught.value).startswith("list.opml")


def test_folders_nested_without_end_are_left_out_not_followed() -> None:
    deep = '<outline text="x">' * 50 + "</outline>" * 50
    found = read_opml(f"<opml><body>{deep}</body></opml>".encode(), where="x")
    assert found.feeds == () and "套得太深" in found.left_out[0]


TEXTS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=30)


@given(st.lists(TEXTS, max_size=8), st.booleans())
def test_what_is_written_is_read_again(titles: list[str], has_board: bool) -> None:
    base = {"publisher": "x", "terms": "x", "cadence": "1d"}
    sources = [
        read_source(
            f"s{i}", {**base, "kind": "feed", "title": title, "url": f"https://a.example.cn/{i}?a=1&b=2"}, where="x"
        )
        for i, title in enumerate(titles)
    ]
    board = read_source("b", {**base, "kind": "discuz", "title": "论坛", "url": "https://b.example.cn/"}, where="x")
    body = write_opml([*sources, *([board] if has_board else [])])
    assert body == write_opml(sources)
    assert [outline.url for outline in read_opml(body, where="x").feeds] == [source.url for source in sources]
