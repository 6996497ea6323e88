"""A claim's page shows the answers given before with issuer, day, reason and page, and decides nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from store.models import Claim, KnownAnswer
from tests.dashboard.factories import NOW, Room

pytestmark = pytest.mark.django_db


def shown(officer: Client, room: Room, **more: object) -> str:
    fields: dict[str, object] = {
        "key": "k" * 64,
        "claim": "毛蚶有毒",
        "text": "抽检12批次均合格。",
        "verdict": "假",
        "issuer": "某辟谣平台",
        "valid_from": NOW,
        "added_at": NOW,
        "changed_at": NOW,
    }
    row = KnownAnswer.objects.create(**(fields | more))
    match = {"answer": row.pk, "score": 0.7, "sure": True, "why": "共同的词：毛蚶"}
    Claim.objects.filter(pk=room.claim.pk).update(answers=[match])
    return officer.get(f"/claims/{room.claim.pk}/").content.decode()


def test_a_known_answer_is_shown_as_its_issuer_worded_it(officer: Client, room: Room) -> None:
    page = shown(officer, room, url="https://piyao.example/1")
    for said in (
        "此前的答复",
        "毛蚶有毒",
        "抽检12批次均合格。",
        "原结论：假",
        "某辟谣平台",
        "共同的词：毛蚶",
        "很可能适用",
    ):
        assert said in page
    assert 'href="https://piyao.example/1"' in page
    assert Claim.objects.get().status == "to_check"


def test_an_address_that_is_no_web_page_becomes_no_link(officer: Client, room: Room) -> None:
    page = shown(officer, room, url="javascript:alert(1)")
    assert "毛蚶有毒" in page
    assert "javascript" not in page


def test_a_superseded_answer_shows_the_one_that_took_its_place(officer: Client, room: Room) -> None:
    newer = KnownAnswer.objects.create(key="n" * 64, text="复检发现3批次不合格。", added_at=NOW, changed_at=NOW)
    assert "新的答复：复检发现3批次不合格。" in shown(officer, room, superseded_by=newer)


def test_an_answer_found_out_here_leads_to_its_claim(officer: Client, room: Room) -> None:
    assert f'href="/claims/{room.claim.pk}/"' in shown(officer, room, from_claim=room.claim)


def test_a_withdrawn_answer_is_not_shown(officer: Client, room: Room) -> None:
    assert "此前的答复" not in shown(officer, room, withdrawn_at=NOW)


def test_a_finding_on_the_desk_is_a_known_answer_from_then_on(officer: Client, room: Room) -> None:
    officer.post(f"/claims/{room.claim.pk}/", {"status": "refuted", "reason": "卫健委1月22日通报无此情况"})
    row = KnownAnswer.objects.get()
    assert (row.claim, row.text, row.verdict) == (room.claim.assertion, "卫健委1月22日通报无此情况", "不实")
    officer.post(f"/claims/{room.claim.pk}/", {"status": "to_check", "reason": "通报已更新"})
    assert KnownAnswer.objects.get().withdrawn_at == NOW
