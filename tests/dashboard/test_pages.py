"""Every page answers every role as it should, in a fixed number of queries, with its headers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from store.models import AnnotationRow, TopicChange
from store.settings import settings
from tests.dashboard.factories import NOW, Room, case, document, draft, topic

LISTS = [
    "/",
    "/topics/",
    "/claims/",
    "/documents/",
    "/queue/",
    "/cases/",
    "/sources/",
    "/emergency/",
    "/bulletins/",
    "/brief/",
]


def pages(room: Room) -> list[str]:
    return [
        *LISTS,
        f"/topics/{room.topic.code}/",
        f"/claims/{room.claim.pk}/",
        f"/documents/{room.post.pk}/",
        f"/drafts/{room.draft.pk}/",
        f"/cases/{room.case.pk}/",
        "/sources/board/",
        f"/bulletins/{room.warning.pk}/",
    ]


@pytest.mark.parametrize("name", ["officer", "reviewer", "approver", "administrator", "reader"])
def test_everyone_who_is_signed_in_reads_every_common_page(client: Client, room: Room, name: str) -> None:
    client.force_login(getattr(room, name))
    for page in pages(room):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "{{" not in answer.content.decode(), page


def test_a_stranger_is_sent_to_the_sign_in_page(client: Client, room: Room) -> None:
    for page in pages(room):
        answer = client.get(page)
        assert answer.status_code == 302, page
        assert answer.headers["Location"].startswith("/signin/?next="), page


def test_the_audit_list_is_for_approvers_and_administrators(client: Client, room: Room) -> None:
    seen = {}
    for name in ("officer", "reviewer", "approver", "administrator", "reader"):
        client.force_login(getattr(room, name))
        seen[name] = client.get("/audit/").status_code
    assert seen == {"officer": 403, "reviewer": 403, "approver": 200, "administrator": 200, "reader": 403}


def test_people_are_for_the_administrator_alone(client: Client, room: Room, administrator: Client) -> None:
    client.force_login(room.approver)
    assert client.get("/people/").status_code == 403
    assert client.post("/people/invite/", {"role": "officer"}).status_code == 403
    assert administrator.get("/people/").status_code == 200


def test_a_reader_has_no_button_but_signing_out(client: Client, room: Room) -> None:
    client.force_login(room.reader)
    for page in ("/", "/cases/", "/queue/", f"/claims/{room.claim.pk}/", "/sources/board/", "/emergency/"):
        body = client.get(page).content.decode()
        posts = body.count('method="post"')
        assert posts == 1, page
    body = client.get(f"/drafts/{room.draft.pk}/").content.decode()
    assert body.count("<button disabled") == body.count('class="act"') == 6


def test_the_health_page_needs_no_account(client: Client, db: None) -> None:
    assert client.get("/healthz").content == b"ok"


def test_nothing_inline_may_run_and_nothing_inline_is_there(officer: Client, room: Room) -> None:
    for page in pages(room):
        answer = officer.get(page)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        body = answer.content.decode()
        assert "style=" not in body, page
        assert "<script" not in body, page


def test_a_missing_thing_is_a_chinese_404(officer: Client) -> None:
    for page in ("/drafts/2000000000/", "/topics/none/", "/documents/2000000000/", "/nowhere/"):
        answer = officer.get(page)
        assert answer.status_code == 404
        assert "没有找到" in answer.content.decode()


def test_lists_ask_a_fixed_number_of_questions(
    officer: Client, room: Room, django_assert_max_num_queries: object
) -> None:
    for i in range(30):
        document(f"围填海{i}")
        draft(room.case, title=f"回应{i}", cites=room.post)
    for page in LISTS:
        with django_assert_max_num_queries(19):  # type: ignore[operator]
            officer.get(page)


def test_the_overview_says_what_was_not_heard(officer: Client) -> None:
    body = officer.get("/").content.decode()
    assert "昨夜听到 2/3 个来源；没听到：" in body
    assert "某社区</a>（需要登录，上次听到" in body


def test_a_merged_topic_leads_to_the_one_it_went_into(officer: Client, room: Room) -> None:
    old = topic("T-old", "旧话题", [document("旧")])
    old.merged_into = room.topic
    old.save()
    assert officer.get("/topics/T-old/").headers["Location"] == f"/topics/{room.topic.code}/"
    assert "旧话题" not in officer.get("/topics/").content.decode()


def test_the_queue_puts_the_nearest_deadline_first(officer: Client, room: Room) -> None:
    draft(case("topic:soon", "快到了", due=NOW + timedelta(hours=1)), title="急稿")
    body = officer.get("/queue/").content.decode()
    assert body.index("急稿") < body.index(room.draft.title)


def test_a_disaster_topic_leads_to_the_drafts_of_its_incident(officer: Client, room: Room) -> None:
    surge = topic("T-surge", "风暴潮来了", [document("风暴潮橙色警报，大家注意")])
    surge.category = "海洋灾害"
    surge.save()
    update = draft(case("incident:1", "风暴潮过程", incident=room.warning.incident), title="风暴潮动态稿")
    assert f'href="/drafts/{update.pk}/"' in officer.get("/topics/T-surge/").content.decode()


def test_sample_data_is_named_on_every_page(client: Client, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    assert "示例数据" not in client.get("/signin/").content.decode()
    monkeypatch.setitem(settings().__dict__, "sample", True)
    assert "示例数据" in client.get("/signin/").content.decode()


def test_a_topic_shows_who_had_it_first_who_followed_and_what_may_come(officer: Client) -> None:
    first = document("海面有油污带", source="board", at=NOW - timedelta(hours=5))
    later = document("海面有油污带", source="portal", at=NOW - timedelta(hours=2), original=first)
    found = topic("T-path", "油污", [first, later])
    found.burst = {"heard": 9, "expected": 1.2, "deviations": 4.0}
    found.forecast = {"at": NOW.isoformat(), "hours": 6, "low": 2, "middle": 5, "high": 9, "share": 0.8}
    found.save()
    page = officer.get("/topics/T-path/").content.decode()
    path = page.split("传播经过")[1]
    assert path.index(f"/documents/{first.pk}/") < path.index(f"/documents/{later.pk}/")
    assert "与滨海论坛的内容相同" in path
    assert "估计再有 2 至 9 条" in page
    assert "突增" in page


def test_a_forecast_whose_hours_are_over_is_not_shown(officer: Client) -> None:
    found = topic("T-old-band", "油污", [document("海面有油污带")])
    at = NOW - timedelta(hours=7)
    found.forecast = {"at": at.isoformat(), "hours": 6, "low": 2, "middle": 5, "high": 9, "share": 0.8}
    found.save()
    assert "估计再有" not in officer.get("/topics/T-old-band/").content.decode()


def test_a_topic_tells_what_came_to_it_and_what_left_it(officer: Client, room: Room) -> None:
    gone, part = (
        topic("T-gone", "海河口夜里倒土", [document("倒土")]),
        topic("T-part", "外滩停车难", [document("停车")]),
    )
    gone.merged_into = room.topic
    gone.save()
    TopicChange.objects.create(kind="merged", topic=room.topic, other=gone, count=4, alike=0.31, at=NOW)
    TopicChange.objects.create(kind="split", topic=part, other=room.topic, count=3, alike=0.04, at=NOW)
    body = officer.get(f"/topics/{room.topic.code}/").content.decode()
    assert "由“海河口夜里倒土”并入：4 条" in body
    assert "用词相近度 0.31" in body
    assert '分出“<a href="/topics/T-part/">外滩停车难</a>”：3 条' in body
    assert (
        f'从“<a href="/topics/{room.topic.code}/">{room.topic.title}</a>”分出：3 条'
        in officer.get("/topics/T-part/").content.decode()
    )


def test_a_topic_without_changes_shows_no_history(officer: Client, room: Room) -> None:
    assert "来龙去脉" not in officer.get(f"/topics/{room.topic.code}/").content.decode()


def test_a_topic_shows_how_many_of_its_documents_carry_a_tag(officer: Client, room: Room) -> None:
    AnnotationRow.objects.filter(document__membership__topic__code=room.topic.code).update(tag_keys=" trust ")
    page = officer.get(f"/topics/{room.topic.code}/").content.decode()
    assert "政府形象" in page
    assert "/documents/?relevant=yes&amp;tag=trust" in page
