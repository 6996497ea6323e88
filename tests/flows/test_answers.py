"""Known answers come in from files whole or not at all and stand beside the claims they may answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows import cli
from flows.answers import import_answers, put_beside_claims
from store.errors import BadInput
from store.models import AuditRow, Claim, KnownAnswer

NOW = datetime(2026, 1, 22, 18, 0, tzinfo=UTC)
FLOOD = {
    "id": "k1",
    "claim": "东疆海水倒灌，汽车被淹",
    "debunk": "视频拍摄于2018年台风期间的宁波，与天津东疆无关。",
    "verdict": "假",
    "issuer": "某辟谣平台",
    "url": "https://piyao.example/1",
    "date": "2025-11-01",
}

pytestmark = pytest.mark.django_db


def brought_in(*rows: object) -> None:
    import_answers([json.dumps(row, ensure_ascii=False) for row in rows], name="kb.jsonl", now=NOW)


def claim(assertion: str, **more: object) -> Claim:
    fields = {"key": assertion[:60], "assertion": assertion, "risk": 0.9, "priority": 50.0, "first_at": NOW}
    return Claim.objects.create(**(fields | more))


def test_the_same_page_and_claim_given_again_is_brought_up_to_date() -> None:
    brought_in(FLOOD)
    brought_in(FLOOD | {"id": "another id", "verdict": "不属实"})
    row = KnownAnswer.objects.get()
    assert (row.verdict, row.url) == ("不属实", "https://piyao.example/1")
    brought_in(FLOOD | {"claim": "海河闸死鱼"})
    assert KnownAnswer.objects.count() == 2


def test_without_page_and_claim_the_text_says_which_it_is() -> None:
    brought_in({"id": 1, "text": "海河闸水体未检出氰化物。"}, {"id": 2, "text": "海河闸水体未检出氰化物。"})
    assert KnownAnswer.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ({"id": "k2"}, "kb.jsonl line 2: none of claim"),
        ({"id": "k2", "text": "x", "superseded_by": "nowhere"}, "kb.jsonl line 2: 'superseded_by' is 'nowhere'"),
        ({"id": "k2", "text": "x", "superseded_by": "k2"}, "kb.jsonl line 2: 'superseded_by'"),
    ],
)
def test_one_bad_row_keeps_the_whole_file_out(row: object, named: str) -> None:
    with pytest.raises(BadInput, match=named):
        brought_in(FLOOD, row)
    assert not KnownAnswer.objects.exists()
    assert not AuditRow.objects.exists()


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(BadInput, match="holds no known answer"):
        import_answers(["\n"], name="kb.jsonl", now=NOW)


def test_a_claim_gets_the_answers_worth_showing_with_reasons_and_keeps_its_status() -> None:
    brought_in(FLOOD, {"id": "k3", "text": "渤海湾浮冰外缘线离岸约18海里，渔船注意防冰。"})
    told = claim("天津东疆海水倒灌，汽车都被淹了")
    other = claim("今天包了饺子")
    assert put_beside_claims() == 1
    told.refresh_from_db()
    other.refresh_from_db()
    (answer,) = told.answers
    assert answer["answer"] == KnownAnswer.objects.get(verdict="假").pk
    assert answer["why"].startswith("共同的词：")
    assert (told.status, other.answers) == (Claim.TO_CHECK, [])
    assert put_beside_claims() == 0


def test_a_superseded_answer_is_never_sure_and_says_so() -> None:
    brought_in(FLOOD | {"superseded_by": "k2"}, {"id": "k2", "text": "最新核查结果：现场为宁波码头。"})
    told = claim("东疆海水倒灌，汽车被淹")
    put_beside_claims()
    told.refresh_from_db()
    assert not told.answers[0]["sure"]
    assert "已被取代" in told.answers[0]["why"]


def test_an_answer_older_than_a_year_is_never_sure() -> None:
    brought_in(FLOOD | {"date": "2023-01-01"})
    told = claim("东疆海水倒灌，汽车被淹", first_at=NOW - timedelta(days=2))
    put_beside_claims()
    told.refresh_from_db()
    assert not told.answers[0]["sure"]
    assert "已有信息早于此说法" in told.answers[0]["why"]


def test_the_answer_a_claim_led_to_is_shown_with_others_and_not_with_itself() -> None:
    own = claim("东疆海水倒灌，汽车被淹")
    repeat = claim("东疆海水倒灌了，汽车被淹了")
    KnownAnswer.objects.create(
        key="d" * 64,
        claim=own.assertion,
        text="摄于2018年",
        verdict="不实",
        from_claim=own,
        added_at=NOW,
        changed_at=NOW,
    )
    put_beside_claims()
    own.refresh_from_db()
    repeat.refresh_from_db()
    assert (own.answers, len(repeat.answers)) == ([], 1)


def test_the_commands_import_and_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "kb.jsonl"
    path.write_text(json.dumps(FLOOD, ensure_ascii=False), encoding="utf-8")
    cli.cli(["answers", "import", str(path)], standalone_mode=False)
    assert "新增 1 条" in capsys.readouterr().out
    cli.cli(["answers", "list"], standalone_mode=False)
    shown = capsys.readouterr().out.replace("\n", "")
    assert "2025-11-01" in shown
    assert "假" in shown
