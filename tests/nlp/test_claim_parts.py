"""What can be checked in a text is shown in its own words; what is missing is said to be missing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nlp.claims.parts import actors, parts

AT = datetime(2026, 1, 20, 11, 0, tzinfo=UTC)  # 19:00 in Beijing


def test_who_what_where_when_and_how_much_are_found_with_their_words() -> None:
    text = "昨晚北塘码头两艘渔船相撞，渔民有七人落水，油漏了三十吨，天津海事局封锁消息"
    found = parts(text, "两艘渔船相撞", AT)
    assert found.who == ("渔船", "渔民", "天津海事局")
    assert found.what == ("两艘渔船相撞",)
    assert found.where == ("北塘码头",)
    assert found.when == ("昨晚（1月19日18:00至1月20日00:00）",)
    assert found.how_much == ("两艘", "七人", "三十吨")
    assert found.said == 5


def test_missing_parts_are_said_to_be_missing() -> None:
    found = parts("海水变红了", "海水变红了", AT)
    assert [missing for _, words, missing in found.rows() if not words] == [
        "未说何人",
        "未说地点",
        "未说时间",
        "未说数量",
    ]
    assert not found.can_be_held_to
    assert found.said == 1


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("风暴潮红色警报，增水80到120厘米", ("红色", "80到120厘米")),
        ("浪高三米，八级大风", ("三米", "八级")),
        ("含量超标40倍，涨到六十元一斤", ("40倍", "六十元")),
        ("一家人都去了，一天没回来", ()),
        ("千万小心", ()),
    ],
)
def test_numbers_keep_their_unit_and_idioms_are_none(text: str, amounts: tuple[str, ...]) -> None:
    assert parts(text, text, AT).how_much[: len(amounts)] == amounts
    if not amounts:
        assert parts(text, text, AT).how_much == ()


def test_a_whole_day_is_shown_by_its_date_and_a_fish_inside_another_word_is_nobody() -> None:
    assert parts("明天停水", "明天停水", AT).when == ("明天（1月21日）",)
    assert parts("鱼线都粘住了", "鱼线都粘住了", AT).who == ()


def test_the_lists_in_force_can_be_read() -> None:
    assert "毛蚶" in actors().named
    assert "医院" in actors().endings
