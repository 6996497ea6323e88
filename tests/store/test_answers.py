"""Known answers are stored whole or not at all, updated by their key, and kept when they no longer hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from store import answers, audit
from store.answers import GivenAnswer, Imported
from store.models import AuditRow, Claim, KnownAnswer

NOW = datetime(2026, 1, 22, 18, 0, tzinfo=UTC)
LATER = datetime(2026, 1, 23, 18, 0, tzinfo=UTC)
SALT = GivenAnswer(
    key="a" * 64,
    claim="海盐被污染了",
    text="海盐没有被污染，供应充足。",
    verdict="假",
    source="某辟谣平台",
    issuer="某盐业公司",
    url="https://piyao.example/1",
    valid_from=NOW,
)
NEWER = replace(SALT, key="b" * 64, text="监测结果已更新。", url="https://piyao.example/2")

pytestmark = pytest.mark.django_db


def test_an_import_adds_updates_and_leaves_alone_with_one_audit_row_each() -> None:
    assert answers.import_all([SALT], file="kb.jsonl", now=NOW) == Imported(1, 0, 0)
    changed = replace(SALT, verdict="不属实")
    assert answers.import_all([changed, NEWER], file="kb.jsonl", now=LATER) == Imported(1, 1, 0)
    assert answers.import_all([changed, NEWER], file="kb.jsonl", now=LATER) == Imported(0, 0, 2)
    row = KnownAnswer.objects.get(key=SALT.key)
    assert (row.verdict, row.added_at, row.changed_at) == ("不属实", NOW, LATER)
    recorded = AuditRow.objects.filter(verb="import", object_type="known_answers").order_by("number")
    assert [row.detail for row in recorded][:2] == [
        {"added": 1, "updated": 0, "unchanged": 0},
        {"added": 1, "updated": 1, "unchanged": 0},
    ]
    assert audit.verify() == []


def test_an_answer_that_another_took_over_points_to_it_and_stays() -> None:
    answers.import_all([replace(SALT, successor=NEWER.key), NEWER], file="kb.jsonl", now=NOW)
    old, new = answers.in_force()
    assert old.superseded_by == new


def test_a_failed_import_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **more: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(audit, "append", fail)
    with pytest.raises(OSError, match="disk full"):
        answers.import_all([SALT], file="kb.jsonl", now=NOW)
    assert not KnownAnswer.objects.exists()


def judged(status: str) -> Claim:
    claim, _ = Claim.objects.update_or_create(
        key="c" * 64,
        defaults={"assertion": "东疆海水倒灌", "risk": 0.9, "priority": 50.0, "first_at": NOW, "status": status},
    )
    return claim


def kept(status: str, reason: str, now: datetime) -> KnownAnswer | None:
    user, _ = User.objects.get_or_create(username="chen")
    with transaction.atomic():
        return answers.keep_finding(judged(status), user, reason, issuer="某市海洋局", now=now)


def test_a_finding_is_a_known_answer_in_the_findings_own_words() -> None:
    row = kept(Claim.REFUTED, "视频摄于2018年", NOW)
    assert row is not None
    assert (row.claim, row.verdict, row.text, row.issuer) == ("东疆海水倒灌", "不实", "视频摄于2018年", "某市海洋局")
    assert row.added_by is not None
    again = kept(Claim.CONFIRMED, "现场核实属实", LATER)
    assert again is not None
    assert (again.pk, again.verdict, again.added_at) == (row.pk, "属实", NOW)


def test_a_finding_taken_back_is_no_longer_matched_but_kept() -> None:
    kept(Claim.REFUTED, "视频摄于2018年", NOW)
    assert kept(Claim.TO_CHECK, "依据有误", LATER) is None
    assert not answers.in_force().exists()
    assert KnownAnswer.objects.get().withdrawn_at == LATER
    assert kept(Claim.REFUTED, "再次核实", LATER) is not None
    assert answers.in_force().count() == 1
