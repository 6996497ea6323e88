"""Assessing reads posts, statements, warnings and the archive, and stores each claim with its parts, checks and reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.annotate import annotate, batches_waiting
from flows.assess import assess
from flows.dedupe import dedupe
from nlp.bulletins import parse
from responders.official_facts import official_facts, official_warnings
from responders.updates import record_bulletin
from store.documents import document
from store.models import BulletinRow, Claim, DocumentRow
from store.stages import Image, SourceKind
from tests.flows.test_ingest import NOW, entry, keep

FLOOD = "【现场视频】天津东疆海水倒灌了！！画面里海浪直接翻过海堤冲到马路上，汽车都漂起来了，住海边的快跑，速转！"
OLD = "【现场视频】宁波北仑海水倒灌了！！画面里海浪直接翻过海堤冲到马路上，汽车都漂起来了"  # the same footage, another town
TSUNAMI = "刚接到通知：今晚塘沽发布海啸红色警报，居民全部撤离，赶紧转发给家里人！！"

pytestmark = pytest.mark.django_db


def assessed(*entries: object) -> Claim:
    """The one claim of these entries, read by the models."""
    keep(*entries)  # type: ignore[arg-type]
    dedupe(now=NOW)
    for batch in batches_waiting():
        annotate(batch)
    assess(now=NOW)
    return Claim.objects.get()


def test_a_claim_is_stored_with_its_parts_and_how_its_risk_came_about() -> None:
    claim = assessed(entry(1, FLOOD), entry(2, FLOOD, hours=0))
    parts = {label: words or missing for label, words, missing in claim.parts}
    assert parts["何地"][0].endswith("东疆")
    assert parts["何时"] == "未说时间"
    assert claim.risk_reasons[0].startswith("起点：")
    assert (claim.status, claim.spread) == (Claim.TO_CHECK, 2)


def test_an_older_document_of_another_place_is_found_in_the_archive() -> None:
    keep(entry(9, OLD, source="archive", hours=24 * 400), source="archive")
    claim = assessed(entry(1, FLOOD), entry(2, FLOOD, hours=0))
    assert any("当时说的是宁波" in flag for flag in claim.flags), claim.flags


def test_a_picture_that_an_older_document_showed_is_flagged_with_its_day() -> None:
    old = replace(
        entry(9, "宁波北仑海边风大浪急", source="archive", hours=24 * 400),
        images=(Image(url="http://e.com/o.jpg", hash="0f1e2d3c4b5a6978"),),
    )
    keep(old, source="archive")
    new = replace(
        entry(1, FLOOD),
        images=(Image(url="http://e.com/n.jpg", alt="现场", hash="0f1e2d3c4b5a6979"), Image(url="http://e.com/m.jpg")),
    )
    claim = assessed(new, entry(2, FLOOD, hours=0))
    assert any(flag.startswith("配图与20") for flag in claim.flags), claim.flags
    assert document(DocumentRow.objects.get(url=new.url)).images == new.images


def test_a_warning_nobody_issued_is_flagged() -> None:
    claim = assessed(entry(1, TSUNAMI), entry(2, TSUNAMI, hours=0))
    assert any("海啸警报，请核对" in flag for flag in claim.flags), claim.flags


def test_warnings_are_read_with_the_moment_they_were_replaced_and_exercises_are_not() -> None:
    lines = (
        "天津市海洋环境监测预报中心2026年1月20日10时发布风暴潮蓝色警报",
        "编号：津海预警〔2026〕第3号",
        "预计20日夜间至21日，天津塘沽沿海将出现50到100厘米的风暴增水。塘沽预警级别为蓝色。",
    )
    first = parse("\n".join(lines), url="http://127.0.0.1/b1", published_at=NOW - timedelta(hours=9))
    assert first.status == "Actual"
    record_bulletin(first, source="observatory", url="", now=NOW)
    row = BulletinRow.objects.get()
    (warning,) = official_warnings(NOW)
    assert (warning.level, warning.ended_at) == ("蓝色", None)
    BulletinRow.objects.create(
        key="k2", issuer=row.issuer, hazard=row.hazard, message_type="Update", level="黄色",
        issued_at=row.issued_at + timedelta(hours=3), headline="x", text="x", source="observatory",
        received_at=NOW, supersedes=row,
    )  # fmt: skip
    assert official_warnings(NOW)[0].ended_at == row.issued_at + timedelta(hours=3)
    BulletinRow.objects.update(status="Exercise")
    assert official_warnings(NOW) == []


def test_notices_are_official_documents_of_two_weeks_without_the_pages_of_warnings() -> None:
    keep(
        entry(1, "毛蚶抽检合格。", official=True, publisher="天津市农业农村委"),
        entry(2, "很久以前的通告。", official=True, hours=24 * 20),
        entry(3, "风暴潮蓝色警报。", official=True, kind=SourceKind.BULLETIN),
        entry(4, "毛蚶真好吃。"),
    )
    assert [(notice.issuer, notice.text) for notice in official_facts(NOW).notices] == [
        ("天津市农业农村委", "毛蚶抽检合格。")
    ]


def test_a_machine_never_sets_a_claims_status() -> None:
    claim = assessed(entry(1, FLOOD), entry(2, FLOOD, hours=0))
    for status in (Claim.TO_CHECK, Claim.CONFIRMED, Claim.REFUTED, Claim.SET_ASIDE):
        Claim.objects.update(status=status)
        assess(now=NOW)
        assert Claim.objects.get(pk=claim.pk).status == status
