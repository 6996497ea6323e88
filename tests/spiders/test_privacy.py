"""The gate: personal marks are masked, plain numbers stay, authors become rotating keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.heard import Heard
from spiders.privacy import Gate, id_check_digit_is_right, luhn_is_right, mask
from tests.spiders.conftest import source_of

NOW = datetime(2026, 1, 22, 18, 0, tzinfo=UTC)
CITIZEN = "11010519491231002X"  # the standard's own example number
CARD = "6222020000000000000"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("打13800138000找我", "打[电话]找我"),
        ("电话：138-0013-8000。", "电话：[电话]。"),
        ("+86 138 0013 8000", "[电话]"),
        ("１３８００１３８０００", "[电话]"),
        ("13800138000、13900139000", "[电话]、[电话]"),
        ("座机022-66371234转", "座机[电话]转"),
        ("（022）2345 6789", "[电话]"),
        ("0532-88886666-801", "[电话]"),
        ("02266371234", "[电话]"),
        ("联系电话：66371234", "联系电话：[电话]"),
        (f"身份证号{CITIZEN}。", "身份证号[身份证]。"),
        (f"号码{CITIZEN.lower()}", "号码[身份证]"),
        ("身份证120101900307811", "身份证[身份证]"),
        ("写信到a.b+c@qq.com吧", "写信到[邮箱]吧"),
        ("车号津B·54321，糊着泥", "车号[车牌]，糊着泥"),
        ("津A12345和津AD12345", "[车牌]和[车牌]"),
        ("津a 1234挂", "[车牌]"),
        ("@滨海发布厅 看看", "@[用户] 看看"),
        ("转发微博//@早起的钓鱼佬：油污", "转发微博//@[用户]：油污"),
        ("@user@mastodon.social 你好", "@[用户] 你好"),
        ("QQ：12345678", "QQ：[QQ]"),
        ("加QQ群 123456789", "加QQ群 [QQ]"),
        ("微信号：tianjin_hai", "微信号：[微信]"),
        ("加V信abc12345", "加V信[微信]"),
        (f"卡号{CARD}", "卡号[银行卡]"),
        ("6222 0200 0000 0000 000", "[银行卡]"),
    ],
)
def test_personal_marks_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "打12345或12395反映，单号2026011900873",
        "预计潮位512厘米，增水80至150厘米",
        "2026年1月20日 07:42，2026-01-20 09:11",
        "津政办发〔2026〕15号、津海预警〔2026〕第3号",
        "GB 11643-1999 与 DB12/T 1128-2022",
        "投资15500000000元",
        "https://m.example.com/@u1/13800138000?id=110105194912310021",
        "客服热线400-818-8888",
        "CAP 编号12000041600000_20260121093000_0",
        "微信公众号：tianjinhaiyang",
        "京津冀、渤海湾、津门",
        "东经117.7583度，北纬38.98765432度",
        "微博话题#南港夜间填海#",
    ],
)
def test_plain_numbers_and_names_of_places_stay(text: str) -> None:
    assert mask(text) == text


def test_an_eighteen_digit_number_with_a_wrong_check_digit_is_no_citizen_number() -> None:
    assert mask("流水110105194912310021") == "流水110105194912310021"
    assert mask("身份证110105194912310021") == "身份证[身份证]"


def test_check_digits() -> None:
    assert id_check_digit_is_right(CITIZEN)
    assert not id_check_digit_is_right("110105194912310021")
    assert luhn_is_right(CARD)
    assert not luhn_is_right("6222020000000000008")


PIECES = st.sampled_from(
    [
        "13800138000",
        "022-66371234",
        CITIZEN,
        CARD,
        "a@b.cn",
        "津B·54321",
        "@张三",
        "//",
        "QQ",
        "微信号：",
        "abcdef1",
        " ",
        "-",
        "1",
    ]
)


@given(st.lists(st.one_of(PIECES, st.text("0123456789-@京A x:：电话号", max_size=12)), max_size=12).map("".join))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


@given(
    st.text("的了海潮，。", max_size=10),
    st.integers(13_000_000_000, 19_999_999_999),
    st.text("的了海潮，。", max_size=10),
)
def test_no_mobile_number_passes(before: str, number: int, after: str) -> None:
    assert str(number) not in mask(f"{before}{number}{after}")


def entry_of(author: str, *, at: datetime = NOW, secret: bytes = b"s" * 64, **values: object):
    gate = Gate(secret, 90)
    heard = Heard(
        url="http://e.com/1", title="@张三 求助", text="电话13800138000", author=author, raw="原文13800138000"
    )
    return gate.entry(heard, source_of("discuz", "http://e.com/", **values), now=at)


def test_the_entry_holds_no_author_and_no_number() -> None:
    entry = entry_of("zhangsan")
    assert (entry.title, entry.text, entry.raw) == ("@[用户] 求助", "电话[电话]", "")
    assert len(entry.author_key) == 64
    assert "zhangsan" not in repr(entry)


def test_author_keys_differ_by_platform_secret_and_period() -> None:
    same = entry_of("a").author_key
    assert entry_of("a", at=NOW + timedelta(hours=1)).author_key == same
    assert entry_of("a", at=NOW + timedelta(days=91)).author_key != same
    assert entry_of("a", platform="other").author_key != same
    assert entry_of("a", secret=b"t" * 64).author_key != same
    assert entry_of("").author_key == ""


def test_an_official_message_is_kept_whole_because_a_relay_must_be_exact() -> None:
    gate = Gate(b"s", 90)
    heard = Heard(url="http://e.com/1", text="值班022-66371234", raw="<alert>022-66371234</alert>")
    entry = gate.entry(heard, source_of("cap", "http://e.com/", official=True), now=NOW)
    assert entry.raw == "<alert>022-66371234</alert>"
    assert entry.text == "值班[电话]"


def test_a_long_chain_of_names_is_masked_to_its_end() -> None:
    assert mask("@张三0" * 12 + "@李四") == "@[用户]" * 13
