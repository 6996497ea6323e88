"""What the screening of a draft finds and what it leaves alone."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from responders.screening import screen

SIGNED = "\n天津市海洋局\n2026年1月23日"


@dataclass
class Record:
    mark: str
    label: str
    quote: str


RECORD = Record(
    "E1", "天津市海洋环境监测预报中心，2026年1月21日9时30分", "预计将出现60到120厘米的风暴增水，系冷空气所致。"
)


def rules(body: str, title: str = "说明") -> list[str]:
    return [finding.rule for finding in screen(title, body + SIGNED, [RECORD])]


@pytest.mark.parametrize(
    "body",
    [
        "天津市海洋环境监测预报中心发布信息[E1]。",
        "预计将出现60到120厘米的风暴增水[E1]。",
        "他们说：“预计将出现60到120厘米的风暴增水。”[E1]",
        "1. 第一点。\n2. 第二点。",
        "核实后及时发布，下次发布不晚于1月25日2时。",
        "天津市海洋环境监测预报中心09时30分发布[E1]。",
        "这是冷空气所致[E1]。",
    ],
)
def test_a_sentence_that_its_record_bears_passes(body: str) -> None:
    assert rules(body) == []


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("共有12艘船受影响。", "unmarked_figure"),
        ("共有十二艘船受影响。", "unmarked_figure"),
        ("预计增水130厘米[E1]。", "figure_not_in_evidence"),
        ("有关情况已核实[E7]。", "unknown_mark"),
        ("请拨打【待填：电话】。", "gap"),
        ("联系人刘先生。", "personal"),
        ("请加微信或发邮件到a.b@c.cn。", "personal"),
        ("系该公司违规操作引起了污染。", "cause"),
        ("请勿相信谣言。", "verdict"),
        ("见会议纪要。", "not_public"),
    ],
)
def test_a_sentence_that_needs_a_second_look_is_found_with_its_rule(body: str, rule: str) -> None:
    assert rule in rules(body)


def test_a_phone_number_is_found_by_its_kind() -> None:
    finding = next(f for f in screen("说明", "电话13812345678" + SIGNED, []) if f.rule == "personal")
    assert "电话号码" in finding.message
    assert finding.words == "13812345678"


def test_a_warning_without_its_issuer_is_found() -> None:
    assert rules("目前橙色警报仍在生效。") == ["no_issuer"]
    assert rules("天津市海洋环境监测预报中心发布的橙色警报仍在生效[E1]。") == []


def test_a_text_without_signature_is_found() -> None:
    assert [finding.rule for finding in screen("说明", "有关情况正在核实。", [])] == ["no_signature"]
