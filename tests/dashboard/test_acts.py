"""What people do on the desk changes the store through the verbs, leaves its trace, and is refused with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from store.models import AuditRow, Case, Claim, Deadline, Draft, Emergency, SourceState
from store.settings import settings
from tests.dashboard.factories import NOW, PASSWORD, Room, case, draft


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said(client: Client, address: str, values: Mapping[str, object] | None = None) -> str:
    """The page after a post, its messages with it."""
    return client.post(address, values or {}, follow=True).content.decode()


def verbs() -> list[str]:
    return list(AuditRow.objects.order_by("number").values_list("verb", flat=True))


class TestDrafts:
    def test_an_approval_of_a_text_that_changed_is_refused(self, officer: Client, room: Room) -> None:
        said(officer, f"/drafts/{room.draft.pk}/submit/")
        page = said(as_(room.approver), f"/drafts/{room.draft.pk}/approve/", {"text_hash": "0" * 64})
        assert "在您打开之后被改动过" in page
        assert Draft.objects.get(pk=room.draft.pk).status == "submitted"

    def test_a_refused_edit_keeps_what_was_typed(self, officer: Client, room: Room) -> None:
        typed = {"text_hash": room.draft.text_hash, "title": "", "body": "我写了很久的一段话"}
        page = said(officer, f"/drafts/{room.draft.pk}/edit/", typed)
        assert "我写了很久的一段话" in page
        assert "标题和正文都不能为空" in page

    def test_what_was_typed_over_another_s_edit_is_not_lost(self, officer: Client, room: Room) -> None:
        read = room.draft.text_hash
        said(
            as_(room.reviewer),
            f"/drafts/{room.draft.pk}/edit/",
            {"text_hash": read, "title": "标题", "body": "别人的文字"},
        )
        page = said(
            officer,
            f"/drafts/{room.draft.pk}/edit/",
            {"text_hash": read, "title": "标题", "body": "我写了很久的一段话"},
        )
        assert "您刚才写的文字没有保存" in page
        assert "我写了很久的一段话" in page
        assert Draft.objects.get(pk=room.draft.pk).body == "别人的文字"

    def test_a_return_without_a_reason_is_refused(self, officer: Client, room: Room) -> None:
        said(officer, f"/drafts/{room.draft.pk}/submit/")
        assert "要写明理由" in said(as_(room.reviewer), f"/drafts/{room.draft.pk}/return/", {"reason": " "})

    def test_the_server_refuses_what_the_button_does_not_offer(self, client: Client, room: Room) -> None:
        for name in ("submit", "approve", "return", "release", "withdraw", "correct", "edit"):
            page = said(
                as_(room.reader), f"/drafts/{room.draft.pk}/{name}/", {"reason": "x", "title": "x", "body": "x"}
            )
            assert 'class="error"' in page, name
        assert Draft.objects.get(pk=room.draft.pk).status == "draft"
        assert verbs() == []

    def test_an_unknown_verb_is_not_found_and_a_link_does_nothing(self, officer: Client, room: Room) -> None:
        assert officer.post(f"/drafts/{room.draft.pk}/supersede/").status_code == 404
        assert officer.post("/drafts/2000000000/submit/").status_code == 404
        assert officer.get(f"/drafts/{room.draft.pk}/submit/").status_code == 405

    def test_a_post_from_elsewhere_is_refused(self, room: Room) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(room.officer)
        assert client.post(f"/drafts/{room.draft.pk}/submit/").status_code == 403

    def test_a_drill_says_so_everywhere(self, officer: Client, room: Room) -> None:
        matter = case("emergency:9", "演练事项", drill=True)
        drill = draft(matter, title="演练稿")
        for page in ("/", "/queue/", f"/drafts/{drill.pk}/", f"/cases/{matter.pk}/", "/cases/"):
            assert 'class="tag drill">演练' in officer.get(page).content.decode(), page


class TestClaims:
    def test_a_finding_needs_a_reason(self, officer: Client, room: Room) -> None:
        assert "请写明认定的理由" in said(officer, f"/claims/{room.claim.pk}/", {"status": "refuted", "reason": ""})
        assert Claim.objects.get().status == "to_check"

    def test_a_finding_with_its_reason_is_kept(self, officer: Client, room: Room) -> None:
        page = said(
            officer, f"/claims/{room.claim.pk}/", {"status": "refuted", "reason": "滨海新区卫健委1月22日通报无此情况"}
        )
        assert "滨海新区卫健委1月22日通报无此情况" in page
        assert (Claim.objects.get().status, verbs()) == ("refuted", ["judge"])

    def test_a_status_that_does_not_exist_is_refused(self, officer: Client, room: Room) -> None:
        said(officer, f"/claims/{room.claim.pk}/", {"status": "rumour", "reason": "x"})
        assert Claim.objects.get().status == "to_check"

    def test_claims_to_check_stand_first(self, officer: Client, room: Room) -> None:
        Claim.objects.create(
            key="b" * 64, assertion="已查过的说法", risk=1, priority=99, first_at=NOW, status="refuted"
        )
        body = officer.get("/claims/").content.decode()
        assert body.index(room.claim.assertion) < body.index("已查过的说法")


class TestCases:
    def test_taking_a_case_makes_it_mine(self, officer: Client, room: Room) -> None:
        assert "已由您接办" in said(officer, f"/cases/{room.case.pk}/take/")
        assert (Case.objects.get().holder, verbs()) == (room.officer, ["take"])
        assert "已由您办理" in said(officer, f"/cases/{room.case.pk}/take/")

    def test_a_reader_takes_nothing(self, room: Room) -> None:
        assert "不能办理事项" in said(as_(room.reader), f"/cases/{room.case.pk}/take/")
        assert Case.objects.get().holder is None

    def test_a_clock_that_no_release_stops_is_stopped_by_hand(self, officer: Client, room: Room) -> None:
        clock = Deadline.objects.create(
            case=room.case,
            rule="press_conference",
            title="举行新闻发布会",
            article="…",
            due_at=NOW + timedelta(hours=24),
        )
        assert "记为已完成" in officer.get(f"/cases/{room.case.pk}/").content.decode()
        said(officer, f"/cases/{room.case.pk}/met/{clock.pk}/")
        assert Deadline.objects.get(pk=clock.pk).met_at == NOW


class TestSources:
    def test_only_an_administrator_pauses_a_source(self, officer: Client, administrator: Client) -> None:
        assert "请由管理员办理" in said(officer, "/sources/board/pause/", {"paused": "1"})
        assert "已暂停" in said(administrator, "/sources/board/pause/", {"paused": "1"})
        assert SourceState.objects.get(pk="board").is_paused
        assert "已恢复" in said(administrator, "/sources/board/pause/", {"paused": "0"})
        assert verbs() == ["pause", "resume"]


class TestEmergency:
    DECLARED = {"title": "风暴潮橙色警报应急", "reason": "津海预警〔2026〕第6号", "sources": ["board"]}  # noqa: RUF012

    def test_every_page_says_that_an_emergency_stands(self, officer: Client) -> None:
        said(officer, "/emergency/declare/", self.DECLARED)
        for page in ("/", "/topics/", "/audit/"):
            assert "应急状态：风暴潮橙色警报应急" in officer.get(page).content.decode(), page

    def test_a_drill_has_its_own_banner_and_stays_a_drill(self, officer: Client) -> None:
        said(officer, "/emergency/declare/", self.DECLARED | {"drill": "on"})
        body = officer.get("/").content.decode()
        assert '<div class="banner drill"' in body
        assert "演练：风暴潮橙色警报应急" in body
        assert Emergency.objects.get().drill

    def test_standing_down_clears_the_banner(self, officer: Client, room: Room) -> None:
        said(officer, "/emergency/declare/", self.DECLARED)
        said(officer, f"/emergency/{Emergency.objects.get().pk}/stand-down/")
        assert 'class="banner' not in officer.get("/").content.decode()

    def test_a_reader_cannot_declare(self, room: Room) -> None:
        assert "不能启动应急" in said(as_(room.reader), "/emergency/declare/", self.DECLARED)
        assert not Emergency.objects.exists()

    def test_a_form_without_a_reason_comes_back(self, officer: Client) -> None:
        assert officer.post("/emergency/declare/", {"title": "x"}).status_code == 400


class TestPeople:
    def test_an_invitation_is_shown_once_and_makes_one_account(self, administrator: Client, client: Client) -> None:
        page = administrator.post("/people/invite/", {"role": "officer"}).content.decode()
        link = page.split("http://testserver")[1].split("<")[0]
        assert link not in administrator.get("/people/").content.decode()
        typed = {"username": "wang", "password": PASSWORD, "again": PASSWORD}
        assert "账号已建立" in said(client, link, typed)
        assert [group.name for group in User.objects.get(username="wang").groups.all()] == ["officer"]
        assert client.get(link).status_code == 410

    def test_a_weak_password_is_refused_in_chinese(self, administrator: Client, client: Client) -> None:
        page = administrator.post("/people/invite/", {"role": "officer"}).content.decode()
        link = page.split("http://testserver")[1].split("<")[0]
        assert "密码" in said(client, link, {"username": "wang", "password": "12345", "again": "12345"})
        assert "两次输入的密码不一致" in said(client, link, {"username": "wang", "password": PASSWORD, "again": "x"})
        assert not User.objects.filter(username="wang").exists()

    def test_a_closed_account_cannot_sign_in(self, administrator: Client, room: Room) -> None:
        signed_in = as_(room.officer)
        said(administrator, f"/people/{room.officer.pk}/active/", {"active": "0"})
        assert signed_in.get("/").status_code == 302
        assert not Client().login(username="lin", password=PASSWORD)
        assert verbs() == ["disable"]

    def test_nobody_closes_their_own_account(self, administrator: Client, room: Room) -> None:
        assert "不能停用自己" in said(administrator, f"/people/{room.administrator.pk}/active/", {"active": "0"})


class TestSignIn:
    def test_five_failures_close_the_door_for_a_quarter_of_an_hour(
        self, client: Client, room: Room, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(5):
            assert "用户名或密码不正确" in said(client, "/signin/", {"username": "lin", "password": "falsch"})
        right = {"username": "lin", "password": PASSWORD}
        assert "请等待 15 分钟后再试" in said(client, "/signin/", right)
        monkeypatch.setattr("dashboard.views.signin.clock", lambda: NOW + timedelta(minutes=16))
        assert "总览" in said(client, "/signin/", right)

    def test_an_address_that_tries_many_names_waits_too(self, client: Client, room: Room) -> None:
        for name in "abcde":
            said(client, "/signin/", {"username": name, "password": "falsch"})
        assert "请等待" in said(client, "/signin/", {"username": "lin", "password": PASSWORD})

    def test_signing_in_leads_to_our_own_pages_only(self, client: Client, room: Room) -> None:
        typed = {"username": "lin", "password": PASSWORD}
        assert client.post("/signin/?next=/topics/", typed).headers["Location"] == "/topics/"
        assert client.post("/signin/?next=https://example.org/", typed).headers["Location"] == "/"

    def test_signing_out_needs_a_post(self, officer: Client) -> None:
        assert officer.get("/signout/").status_code == 405
        officer.post("/signout/")
        assert officer.get("/").status_code == 302


class TestPortal:
    def test_the_portal_is_open_and_nothing_beside_it(self, client: Client, db: None) -> None:
        settings().path("portal", "index.html").write_text("门户")
        settings().path("secrets", "key").write_text("geheim")
        assert b"".join(client.get("/portal/").streaming_content).decode() == "门户"  # type: ignore[attr-defined]
        for name in (
            "../secrets/key",
            "..%2fsecrets%2fkey",
            "%2e%2e/secrets/key",
            ".hidden",
            "none.html",
            "/etc/passwd",
            "a%00b",
        ):
            assert client.get(f"/portal/{name}").status_code == 404, name

    def test_a_link_out_of_the_portal_is_not_followed(self, client: Client, db: None) -> None:
        settings().path("secrets", "key").write_text("geheim")
        settings().path("portal", "out.html").symlink_to(settings().path("secrets", "key"))
        assert client.get("/portal/out.html").status_code == 404
