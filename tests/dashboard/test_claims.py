"""The claim page shows what can be checked, what official warnings say, and opens every number to its reasons."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from dashboard.queries.nights import last_night
from store.models import BulletinRow, Case, Claim, DocumentRow, NightWork
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


def withdrawn() -> Claim:
    Claim.objects.update(withdrawn_at=NOW, lost_why="原有 2 条转述均已被原网站删除。")
    return Claim.objects.get()


def test_a_withdrawn_claim_lies_in_its_own_tab_with_its_reason_and_opens(officer: Client, room: Room) -> None:
    claim = withdrawn()
    assert claim.assertion in body(officer, "/claims/?status=withdrawn")
    assert "移出：原有 2 条转述均已" in body(officer, "/claims/")
    assert claim.assertion not in body(officer, "/claims/?status=to_check")
    page = body(officer, f"/claims/{claim.pk}/")
    assert "已移出待核实" in page
    assert "会以同一编号恢复，您也可以在右侧改回待核实" in page


def test_only_who_may_judge_is_told_that_a_withdrawn_claim_can_be_put_back(administrator: Client, room: Room) -> None:
    page = body(administrator, f"/claims/{withdrawn().pk}/")
    assert "会以同一编号恢复。" in page
    assert "改回待核实" not in page.split("已移出待核实")[1].split("</section>")[0]


def test_a_claim_kept_because_a_person_acted_says_that_runs_no_longer_find_it(officer: Client, room: Room) -> None:
    Claim.objects.update(lost_why="原有 2 条转述均已被原网站删除。", status=Claim.REFUTED, found_at=NOW)
    page = body(officer, f"/claims/{Claim.objects.get().pk}/")
    assert "请留意" in page
    assert "已有人处理，因此仍保留" in page
    assert "已移出待核实" not in page


def test_documents_that_no_longer_assert_it_are_told_apart(officer: Client, room: Room) -> None:
    claim = Claim.objects.get()
    claim.evidence.filter(role="asserts").update(left_at=NOW)
    page = body(officer, f"/claims/{claim.pk}/")
    assert "曾经有关，现已不算（1）" in page
    assert "原网站已删除" not in page
    assert "转述（0）" in page
    DocumentRow.objects.update(gone_at=NOW)
    assert "原网站已删除" in body(officer, f"/claims/{claim.pk}/")


def test_a_case_says_when_its_claim_was_withdrawn(officer: Client, room: Room) -> None:
    claim = withdrawn()
    case = Case.objects.create(key="claim:w", title="网传", claim=claim, opened_at=NOW)
    page = body(officer, f"/cases/{case.pk}/")
    assert "（已移出）" in page
    assert "是否继续办理，请您决定" in page


def test_the_overview_tells_what_the_last_night_judged_anew_and_withdrew(officer: Client, room: Room) -> None:
    night = last_night()
    assert night is not None
    NightWork.objects.create(night=night.name, rejudged=806, changed=12, waiting=40, withdrawn=2, restored=1)
    page = body(officer, "/")
    assert "重新判断 806 篇文档，其中 12 篇结果有变，还有 40 篇留待以后的夜间。" in page
    assert "待核实信息移出 2 条、恢复 1 条" in page
