"""The claim page shows what can be checked, what official warnings say, and opens every number to its reasons."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from store.models import BulletinRow, Claim, DocumentRow
from tests.dashboard.factories import NOW, Room


def body(client: Client, page: str) -> str:
    return client.get(page).content.decode()


def about_a_surge(room: Room) -> Claim:
    """The room's claim, made one of a red surge at 塘沽 while orange is in force."""
    DocumentRow.objects.filter(pk=room.post.pk).update(text="今晚塘沽要来红色风暴潮")
    place = {"name": "塘沽", "within": "天津市滨海新区", "longitude": None, "latitude": None}
    room.post.annotation.places = [place]
    room.post.annotation.save()
    BulletinRow.objects.update(areas=[["塘沽", "橙色"]], level="橙色", expires=NOW + timedelta(hours=6))
    Claim.objects.update(
        parts=[["何人", [], "未说何人"], ["何地", ["塘沽"], "未说地点"]],
        reasons=["9条转述：18.0分"],
        risk_reasons=["起点：平时约20%值得核实"],
        first_at=NOW - timedelta(hours=1),
    )
    return Claim.objects.get()


def test_missing_parts_and_reasons_are_shown(officer: Client, room: Room) -> None:
    page = body(officer, f"/claims/{about_a_surge(room).pk}/")
    for words in (
        "未说何人",
        "<summary>77（满分 100）</summary>",
        "9条转述：18.0分",
        "<summary>80%</summary>",
        "起点：",
    ):
        assert words in page, words


def test_the_warning_in_force_stands_beside_the_claim_with_its_source(officer: Client, room: Room) -> None:
    page = body(officer, f"/claims/{about_a_surge(room).pk}/")
    assert "预报机构对塘沽发布的是：风暴潮橙色警报" in page
    assert "未见红色" in page
    assert f'href="/bulletins/{room.warning.pk}/"' in page


def test_a_claim_whose_first_text_was_erased_has_no_check_and_still_opens(officer: Client, room: Room) -> None:
    claim = about_a_surge(room)
    Claim.objects.update(first_document=None)
    assert "没有可对照的预警" in body(officer, f"/claims/{claim.pk}/")


def test_the_list_opens_priority_and_risk_to_their_reasons(officer: Client, room: Room) -> None:
    about_a_surge(room)
    page = body(officer, "/claims/")
    assert "<summary>优先级 77 · 值得核实的可能性 80%</summary>" in page
    assert "9条转述：18.0分" in page
