"""Bulletins: the same warning as text and as CAP reads the same; levels are copied, never computed; gaps are named."""

from __future__ import annotations

import contextlib
import gzip
import json
import random
import time
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from nlp.bulletins import bulletin_row, parse
from nlp.bulletins.facts import load_facts
from store.errors import BadInput, BadSettings
from store.settings import DATA, settings
from store.stages import Bulletin, Level, MessageType

SAMPLE = DATA / "sample" / "institution"
PAIRS = sorted(path for path in SAMPLE.glob("*.txt") if path.with_suffix(".xml").exists())
FIXTURES = Path(__file__).parent.parent / "fixtures" / "bulletins"
TEXTS = yaml.safe_load((FIXTURES / "texts.yml").read_text("utf-8"))
CAP = (SAMPLE / "2026-01-21-0930-surge-yellow.xml").read_text("utf-8")


def compared(bulletin: Bulletin, keys: list[str]) -> dict[str, object]:
    row = bulletin_row(bulletin)
    row["areas"] = [[area, level] for area, level in bulletin.areas]
    return {key: row[key] for key in keys}


def at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_the_same_bulletin_as_text_and_as_cap_reads_the_same(path):
    keys = ["issuer", "number", "hazard", "message_type", "level", "issued_at"]
    text, cap = parse(path.read_text("utf-8")), parse(path.with_suffix(".xml").read_text("utf-8"))
    assert compared(text, keys) == compared(cap, keys)
    if "surge" in path.stem and cap.message_type is not MessageType.CANCEL:
        assert text.areas == cap.areas


def test_there_are_pairs_to_compare():
    assert len(PAIRS) >= 6


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["name"])
def test_a_bulletin_text_in_a_real_form(case):
    published_at = at(case.get("published_at"))
    if "refused" in case:
        with pytest.raises(BadInput, match=case["refused"]):
            parse(case["text"], published_at=published_at)
        return
    expected = case["expect"]
    assert compared(parse(case["text"], published_at=published_at), list(expected)) == expected


def test_the_sample_day_is_read_level_by_level():
    levels = [parse(path.read_text("utf-8")).level for path in sorted(SAMPLE.glob("*surge*.txt"))]
    assert levels == [Level.BLUE, Level.YELLOW, Level.ORANGE, Level.BLUE, None]


def test_a_cancel_keeps_the_lifted_level_in_its_headline_only():
    bulletin = parse((SAMPLE / "2026-01-22-1630-surge-cancel.xml").read_text("utf-8"))
    assert (bulletin.message_type, bulletin.level) == (MessageType.CANCEL, None)
    assert "蓝色" in bulletin.headline
    assert {level for _, level in bulletin.areas} == {None}


def test_references_are_the_identifiers_of_the_triples():
    bulletin = parse((SAMPLE / "2026-01-21-2000-surge-orange.xml").read_text("utf-8"))
    assert bulletin.references == ("12000041600000_20260120100000_0", "12000041600000_20260121093000_0")


def test_the_level_is_the_parameter_or_the_headline_never_the_severity():
    without = CAP.replace("<valueName>level", "<valueName>other")
    assert parse(without).level is Level.YELLOW  # from the headline
    blank = without.replace("天津将风暴潮蓝色警报升级为Ⅲ级警报（黄色）", "天津风暴潮情况")
    assert parse(blank).level is None  # severity Moderate alone says nothing


def test_a_page_time_stands_in_where_the_text_states_none():
    published_at = datetime.fromisoformat("2026-04-03T17:05:00+08:00")
    text = "海冰消息\n发布单位：国家海洋预报台\n渤海湾浮冰外缘线离岸约18海里。"
    assert parse(text, published_at=published_at).issued_at == published_at


def test_the_row_is_json_with_beijing_times():
    row = json.loads(json.dumps(bulletin_row(parse(CAP)), ensure_ascii=False))
    assert row["issued_at"] == "2026-01-21T09:30:00+08:00"
    assert row["areas"][0] == {"area": "塘沽", "level": "黄色"}


BROKEN = {
    "identifier": (
        "<identifier>12000041600000_20260121093000_0</identifier>",
        "",
        "alert/identifier is missing",
    ),
    "identifier with a space": ("<identifier>1200", "<identifier>12 00", "alert/identifier .* holds a space"),
    "sent without offset": ("<sent>2026-01-21T09:30:00+08:00", "<sent>2026-01-21T09:30:00", "alert/sent"),
    "sent in Z": ("<sent>2026-01-21T09:30:00+08:00", "<sent>2026-01-21T01:30:00Z", "alert/sent"),
    "sent on no day": ("<sent>2026-01-21", "<sent>2026-02-31", "alert/sent"),
    "unknown msgType": ("<msgType>Update", "<msgType>Withdraw", "alert/msgType is 'Withdraw'"),
    "an acknowledgement": ("<msgType>Update", "<msgType>Ack", "alert/msgType is 'Ack'"),
    "unknown status": ("<status>Actual", "<status>Real", "alert/status is 'Real'"),
    "not public": ("<scope>Public", "<scope>Private", "alert/scope"),
    "no certainty": ("<certainty>Likely</certainty>", "", "alert/info/certainty is missing"),
    "no issuer": ("<senderName>天津市海洋环境监测预报中心</senderName>", "", "senderName is missing"),
    "no info": ("info>", "other>", "alert/info is missing"),
    "an earthquake": ("<event>风暴潮", "<event>地震", "is not a marine hazard"),
    "a colour nobody knows": ("<value>黄色</value>", "<value>紫色</value>", "parameter 'level:塘沽' is '紫色'"),
    "references without sent": (",2026-01-20T10:00:00+08:00</ref", "</ref", "alert/references"),
    "another namespace": ("cap:1.2", "cap:9.9", "root element"),
    "cut off": ("</alert>", "", "not well-formed"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_cap_message_is_refused_with_the_element_named(name):
    old, new, reason = BROKEN[name]
    message = CAP.replace(old, new)
    if name == "an earthquake":
        message = message.replace("OET-189", "OET-068")
    assert message != CAP
    with pytest.raises(BadInput, match=reason):
        parse(message)


def test_entities_are_never_read():
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha">]>' + CAP.split("?>", 1)[1].replace("天津将", "&x;")
    with pytest.raises(BadInput, match="DTD or entities"):
        parse(bomb)


def test_an_oversized_message_is_refused():
    with pytest.raises(BadInput, match="larger than"):
        parse("海" * 400_000)


def test_a_text_longer_than_any_bulletin_is_refused():
    with pytest.raises(BadInput, match="longer than"):
        parse("风暴潮警报" + "一" * 30_000)


@pytest.mark.parametrize("run", ["一", "预计", "(", "预警级别为", "2026年1月", "海洋预报中心", "、天津"])
def test_endless_repetition_is_answered_at_once(run):
    began = time.process_time()
    with pytest.raises(BadInput):
        parse("风暴潮警报\n" + run * (15_000 // len(run)))
    assert time.process_time() - began < 2


def test_damaged_messages_are_read_or_refused_never_a_crash():
    chance = random.Random(20260123)
    for _ in range(400):
        message = chance.choice([path.read_text("utf-8") for path in PAIRS] + [CAP])
        for _ in range(chance.randint(1, 5)):
            at_place, length = chance.randrange(len(message)), chance.randint(1, 40)
            put_in = chance.choice(["", "年", "月", "分别为", "级", "(", "<", "&", "〔", "红色"])
            message = message[:at_place] + put_in + message[at_place + length :]
        with contextlib.suppress(BadInput):
            parse(message)


@pytest.mark.parametrize("text", ["", "   ", "\ufeff\n"])
def test_an_empty_message_is_refused(text):
    with pytest.raises(BadInput, match="empty"):
        parse(text)


@pytest.mark.parametrize("text", ["<html><body>警报</body></html>", "你好", "风暴潮", "\x00\x01", "警报\n" * 1000])
def test_no_text_makes_anything_but_a_bulletin_or_a_named_refusal(text):
    with pytest.raises(BadInput):
        parse(text)


def test_several_info_blocks_of_one_language_are_one_warning():
    start, end = CAP.index("  <info>"), CAP.index("</alert>")
    second = CAP[start:end].replace("塘沽", "东疆").replace("黄色", "橙色")
    english = CAP[start:end].replace("zh-CN", "en").replace("<event>风暴潮", "<event>Storm Surge")
    bulletin = parse(CAP[:start] + english + CAP[start:end] + second + "</alert>")
    assert bulletin.level is Level.ORANGE
    assert ("东疆", Level.ORANGE) in bulletin.areas
    assert ("塘沽", Level.YELLOW) in bulletin.areas


FEEDS = settings().evaluation_data / "feeds.zip"


@pytest.mark.skipif(not FEEDS.exists(), reason="needs the public evaluation data (CHAOXIN_EVALUATION_DATA)")
def test_real_messages_of_other_services_are_read_or_refused_with_a_reason():
    with zipfile.ZipFile(FEEDS) as feeds:
        tsunami = parse(feeds.read("cap/wcatwc-warning.cap").decode())
        assert (tsunami.hazard, tsunami.message_type, tsunami.level) == ("海啸", MessageType.UPDATE, None)
        assert tsunami.references == ("PAAQ-1-lqw6d6",)
        for name in ("earthquake", "weather", "canada"):
            with pytest.raises(BadInput, match="not a marine hazard"):
                parse(feeds.read(f"cap/{name}.cap").decode())
        with pytest.raises(BadInput):
            parse(feeds.read("cap/australia.cap").decode())


@pytest.mark.skipif(not FEEDS.exists(), reason="needs the public evaluation data (CHAOXIN_EVALUATION_DATA)")
def test_records_of_past_storms_are_no_warnings():
    for line in gzip.decompress((FEEDS.parent / "marine_stormsurge_texts.jsonl.gz").read_bytes()).decode().splitlines():
        with pytest.raises(BadInput):
            parse(json.loads(line)["text"])


def test_an_unknown_key_in_the_hazards_file_is_named(tmp_path):
    path = tmp_path / "hazards.yml"
    path.write_text((DATA / "hazards.yml").read_text("utf-8") + "\ncolours: {}\n", encoding="utf-8")
    with pytest.raises(BadSettings, match=r"hazards.yml: mend these keys:\n  colours"):
        load_facts(path)
