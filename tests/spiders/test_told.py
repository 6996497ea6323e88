"""The words for an answer that was not what was asked for say what came, where, and how long we should wait."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spiders.saved import Saved
from spiders.told import SAID, told
from store.stages import HarvestState

ASKED = "https://e.com/list"
ANSWER = Saved(url=ASKED, asked=ASKED, body=b"")


@pytest.mark.parametrize("status", sorted(SAID))
def test_a_status_is_said_in_words_with_its_number_and_address(status: int) -> None:
    words = told(replace(ANSWER, status=status), HarvestState.BLOCKED)
    assert words == f"{SAID[status]}（{ASKED}）"
    assert str(status) in words


def test_a_status_without_words_is_said_by_its_number() -> None:
    assert told(replace(ANSWER, status=599), HarvestState.UNREACHABLE) == f"回答 599（{ASKED}）"


def test_the_wait_a_site_asks_for_is_said_where_it_is_a_number() -> None:
    refused = replace(ANSWER, status=429, headers={"retry-after": "120"})
    assert told(refused, HarvestState.BLOCKED) == f"请求过多（429），要求 120 秒后再来（{ASKED}）"
    assert "秒后" not in told(replace(refused, headers={"retry-after": "soon"}), HarvestState.BLOCKED)


def test_a_good_status_is_said_by_what_came_instead() -> None:
    assert told(ANSWER, HarvestState.EMPTY) == f"回答 200，正文 0 字节（{ASKED}）"
    assert told(ANSWER, HarvestState.LOGIN_WALL).startswith("页面要求登录")
    assert told(replace(ANSWER, url="https://e.com/login"), HarvestState.LOGIN_WALL) == f"转到了登录页（{ASKED}）"
    assert told(ANSWER, HarvestState.PARSE_FAILED).startswith("返回的不是文字（类型不明）")
