"""An assertion beside official warnings: what stood there and then, at which level, what was looked at, until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.claims.official import (
    OfficialFacts,
    OfficialNotice,
    OfficialWarning,
    Said,
    Verdict,
    claimed_level,
    matters,
    official_checks,
)
from store.stages import Level, MessageType, Place, TimeMention

AT = datetime(2026, 1, 21, 1, 30, tzinfo=UTC)  # 09:30 in Beijing
NOW = AT + timedelta(hours=10)
TANGGU = Place(name="塘沽", within="天津市滨海新区")
NINGBO = Place(name="宁波市", within="浙江省")
SURGE = OfficialWarning(
    id=4,
    issuer="天津市海洋环境监测预报中心",
    number="津海预警〔2026〕第4号",
    hazard="风暴潮",
    message_type=MessageType.ALERT,
    level="黄色",
    areas=(("塘沽", "黄色"), ("大港", "蓝色")),
    issued_at=AT,
    expires=AT + timedelta(hours=26),
)


def said(text: str, *places: Place, hours: float = 9, times: tuple[TimeMention, ...] = ()) -> Said:
    return Said(text=text, places=places, times=times, first_at=AT + timedelta(hours=hours))


def check(text: Said, *warnings: OfficialWarning) -> tuple[Verdict, str]:
    (found,) = official_checks(text, OfficialFacts(warnings=warnings), now=NOW)
    return found.verdict, found.line


def test_another_level_than_the_one_in_force_is_shown_beside_it_with_source_and_times() -> None:
    verdict, line = check(said("今晚塘沽要来红色风暴潮", TANGGU), SURGE)
    assert verdict is Verdict.DIFFERS
    assert (
        "预报机构对塘沽发布的是：风暴潮黄色警报（天津市海洋环境监测预报中心，津海预警〔2026〕第4号，1月21日09:30发布"
        in line
    )
    assert "有效至1月22日11:30" in line
    assert "未见红色" in line


def test_the_same_level_is_said_to_be_the_same_and_no_level_is_only_listed() -> None:
    assert check(said("塘沽风暴潮黄色警报", TANGGU), SURGE)[0] is Verdict.AGREES
    assert check(said("塘沽海水倒灌了", TANGGU), SURGE)[0] is Verdict.IN_FORCE


def test_where_no_warning_stands_it_says_what_was_looked_at_and_until_when() -> None:
    verdict, line = check(said("塘沽今晚有海啸", TANGGU), SURGE)
    assert verdict is Verdict.NONE
    assert "未见对塘沽在有效期内的海啸警报（已核对1家机构的1份预警，截至1月21日19:30）" in line
    assert "尚未收到任何预警" in check(said("塘沽今晚有海啸", TANGGU))[1]


def test_the_place_and_the_time_that_are_named_decide() -> None:
    assert check(said("宁波海水倒灌", NINGBO), SURGE)[0] is Verdict.NONE
    last_week = TimeMention(text="上周", start=AT - timedelta(days=7), end=AT - timedelta(days=5))
    assert check(said("上周塘沽海水倒灌", TANGGU, times=(last_week,)), SURGE)[0] is Verdict.NONE
    coast = replace(SURGE, areas=(("天津近岸海域（渤海湾西部）", "黄色"),))
    assert check(said("塘沽海水倒灌", TANGGU), coast)[0] is Verdict.IN_FORCE


def test_a_replaced_or_lifted_warning_no_longer_stands_and_the_present_is_told() -> None:
    replaced = replace(SURGE, ended_at=AT + timedelta(hours=8))
    assert check(said("塘沽海水倒灌", TANGGU), replaced)[0] is Verdict.NONE
    before = said("塘沽海水倒灌", TANGGU, hours=2)
    assert "此刻（1月21日19:30）没有有效的风暴潮警报" in check(before, replaced)[1]
    lifted = replace(SURGE, message_type=MessageType.CANCEL, level="")
    assert check(said("塘沽海水倒灌", TANGGU), lifted)[0] is Verdict.NONE


def test_what_no_connected_source_reports_is_said_to_be_so() -> None:
    verdict, line = check(said("渤海刚刚地震了"))
    assert verdict is Verdict.NOT_COVERED
    assert "不在已接入的官方来源内" in line


def test_an_official_notice_of_those_days_is_shown_where_no_warning_could_be() -> None:
    quake = OfficialNotice(id=7, title="渤海2.1级地震", text="", issuer="天津市地震局", at=AT + timedelta(hours=8))
    facts = OfficialFacts(notices=[quake, replace(quake, id=6, at=AT - timedelta(days=9))])
    (found,) = official_checks(said("渤海刚刚地震了"), facts, now=NOW)
    assert found.notices == (7,)
    assert "《渤海2.1级地震》（天津市地震局，1月21日17:30）" in found.line


def test_a_text_that_names_no_such_matter_has_no_check() -> None:
    assert official_checks(said("塘沽的毛蚶有毒", TANGGU), OfficialFacts(warnings=[SURGE]), now=NOW) == ()


def test_a_warning_issued_later_than_now_is_not_known_yet() -> None:
    later = replace(SURGE, issued_at=NOW + timedelta(hours=1))
    assert check(said("塘沽海水倒灌", TANGGU), later)[0] is Verdict.NONE


@pytest.mark.parametrize(
    ("text", "level"),
    [("红色风暴潮", Level.RED), ("风暴潮橙色警报", Level.ORANGE), ("橙色预警", Level.ORANGE), ("海水是红色的", None)],
)
def test_a_colour_is_a_level_only_beside_a_warning(text: str, level: Level | None) -> None:
    assert claimed_level(text) is level


@given(
    st.permutations(
        [SURGE, replace(SURGE, id=5, hazard="海浪"), replace(SURGE, id=6, issued_at=AT - timedelta(days=1))]
    )
)
def test_the_order_of_warnings_changes_nothing_and_no_line_calls_anything_false(order: list[OfficialWarning]) -> None:
    text = said("塘沽红色风暴潮，海浪滔天，还要地震海啸", TANGGU)
    found = official_checks(text, OfficialFacts(warnings=order), now=NOW)
    assert found == official_checks(text, OfficialFacts(warnings=order[::-1]), now=NOW)
    assert not any(word in check.line for check in found for word in ("谣", "不实", "虚假", "属实"))


def test_the_matters_in_force_can_be_read() -> None:
    assert {"风暴潮", "海浪", "海冰", "海啸"} == {matter.name for matter in matters() if matter.covered}
