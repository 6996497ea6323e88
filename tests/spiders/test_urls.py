"""Two addresses of one document have one normal form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.urls import canonical


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("HTTP://Example.COM:80/A/", "http://example.com/A"),
        ("https://example.com:443", "https://example.com/"),
        ("http://127.0.0.1:18700/a", "http://127.0.0.1:18700/a"),
        ("http://e.com/a?utm_source=x&b=2&a=1&spm=1.2", "http://e.com/a?a=1&b=2"),
        ("http://e.com/a?from=timeline&isappinstalled=0", "http://e.com/a"),
        ("http://e.com/a#top", "http://e.com/a"),
        ("http://e.com/thread-1-1-1.html#pid123", "http://e.com/thread-1-1-1.html#pid123"),
        ("http://e.com/海洋/赤潮.html", "http://e.com/%E6%B5%B7%E6%B4%8B/%E8%B5%A4%E6%BD%AE.html"),
        ("http://e.com/%e6%b5%b7%E6%b4%8b/%41", "http://e.com/%E6%B5%B7%E6%B4%8B/A"),
        ("http://e.com/?q=赤潮", "http://e.com/?q=%E8%B5%A4%E6%BD%AE"),
        ("http://e.com/%D6%D0", "http://e.com/%D6%D0"),  # GBK bytes stay
        ("http://e.com/a%2Fb", "http://e.com/a%2Fb"),
        ("http://e.com/a;jsessionid=1A2B?x=1", "http://e.com/a?x=1"),
        ("http://中国.cn/", "http://xn--fiqs8s.cn/"),
        (
            "http://b.cn/forum.php?mod=redirect&goto=findpost&ptid=9&pid=5&fromuid=3",
            "http://b.cn/forum.php?goto=findpost&mod=redirect&pid=5&ptid=9",
        ),
        ("mailto:a@b.cn", ""),
        ("javascript:void(0)", ""),
        ("http://[bad", ""),
        ("http://e.com:99999/", ""),
    ],
)
def test_the_normal_form(written: str, normal: str) -> None:
    assert canonical(written) == normal


def test_a_relative_address_is_joined_to_its_base() -> None:
    assert canonical("../b.html?y=1", base="http://e.com/x/a.html") == "http://e.com/b.html?y=1"


@given(st.text(max_size=60))
def test_the_normal_form_is_stable(rest: str) -> None:
    once = canonical(f"http://example.com/{rest}")
    assert canonical(once) == once
    assert once.isascii()


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text("xyz海%2", max_size=3)), max_size=5))
def test_the_order_of_parameters_does_not_matter(pairs: list[tuple[str, str]]) -> None:
    one = "&".join(f"{k}={v}" for k, v in pairs)
    other = "&".join(f"{k}={v}" for k, v in reversed(pairs))
    assert canonical(f"http://e.com/?{one}") == canonical(f"http://e.com/?{other}")
