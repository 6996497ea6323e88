"""The desk teaches the models: offers, filing, moving and merging, by role, with the person's word shown before the machine's."""

from __future__ import annotations

import pytest
from django.test import Client

from store.models import AuditRow, Label, Topic
from tests.dashboard.factories import Room, document, topic


def said(client: Client, address: str, **values: str) -> str:
    return client.post(address, values, follow=True).content.decode()


def test_an_offer_is_answered_with_one_click_and_goes(officer: Client, room: Room) -> None:
    unsure = document("海边新开的那家店怎么样", relevance=0.62, category="海洋经济与产业")
    body = officer.get("/offers/").content.decode()
    assert "海边新开的那家店怎么样" in body
    assert "涉海（机器倾向）" in body
    assert "另有 1 条文档机器拿不准" in officer.get("/").content.decode()
    page = said(officer, f"/offers/{unsure.pk}/", what="relevance", value="no", read=unsure.text_hash)
    assert "已记录您的判断" in page
    assert "今天没有需要您判断的文档" in page
    label = Label.objects.get()
    assert (label.what, label.value, label.machine_value, label.given_by) == ("relevance", "no", "yes", room.officer)
    assert AuditRow.objects.get().verb == "file"


def test_a_crooked_answer_is_refused_with_a_sentence(officer: Client, room: Room) -> None:
    for values in ({}, {"what": "document", "value": "x"}, {"what": "relevance", "value": "maybe"}):
        assert 'class="error"' in said(officer, f"/offers/{room.post.pk}/", read=room.post.text_hash, **values)
    assert not Label.objects.exists()


@pytest.mark.parametrize("name", ["administrator", "reader"])
def test_offers_are_for_those_who_work_on_texts(client: Client, room: Room, name: str) -> None:
    client.force_login(getattr(room, name))
    assert client.get("/offers/").status_code == 403
    assert client.post(f"/offers/{room.post.pk}/", {}).status_code == 403
    page = client.get(f"/documents/{room.post.pk}/").content.decode()
    assert "/file/" not in page and "/move/" not in page
    assert "/merge/" not in client.get(f"/topics/{room.topic.code}/").content.decode()
    for address in (f"/documents/{room.post.pk}/file/", f"/documents/{room.post.pk}/move/", "/topics/x/merge/"):
        assert 'class="error"' in said(client, address, relevance="no", topic="new") or address == "/topics/x/merge/"
    assert not Label.objects.exists()
    assert "/offers/" not in client.get("/").content.decode()


@pytest.mark.parametrize("name", ["officer", "reviewer", "approver"])
def test_those_who_work_on_texts_reach_the_offers_from_the_navigation(client: Client, room: Room, name: str) -> None:
    client.force_login(getattr(room, name))
    assert '<a href="/offers/">判断</a>' in client.get("/").content.decode()
    assert client.get("/offers/").status_code == 200


def test_a_filing_is_shown_before_the_machine_s_word_and_kept_beside_it(officer: Client, room: Room) -> None:
    values = {"matter": "海洋环境污染/溢油", "voice": "report", "read": room.post.text_hash}
    page = said(officer, f"/documents/{room.post.pk}/file/", **values)
    assert "机器的判断仍保留备查" in page
    assert "溢油" in page and "机器当时判断：海域使用" in page
    listed = officer.get("/documents/?category=海洋环境污染").content.decode()
    assert "共 <strong>1</strong> 条" in listed
    assert '海洋环境污染 <span class="tag good">人工</span>' in listed
    room.post.annotation.refresh_from_db()
    assert room.post.annotation.category == "海域使用"


def test_a_document_filed_as_not_marine_leaves_the_list_and_one_filed_as_marine_enters(
    officer: Client, room: Room
) -> None:
    said(officer, f"/documents/{room.post.pk}/file/", relevance="no", read=room.post.text_hash)
    assert "共 <strong>12</strong> 条" in officer.get("/documents/").content.decode()
    assert "共 <strong>2</strong> 条" in officer.get("/documents/?relevant=no").content.decode()


def test_one_click_confirms_all_that_the_machine_says(officer: Client, room: Room) -> None:
    assert "机器判断都对" in officer.get(f"/documents/{room.post.pk}/").content.decode()
    values = {"relevance": "yes", "matter": "海域使用", "voice": "complaint", "stance": "against"}
    said(officer, f"/documents/{room.post.pk}/file/", read=room.post.text_hash, **values)
    assert all(label.value == label.machine_value for label in Label.objects.all())
    assert Label.objects.count() == 4
    assert "机器判断都对" not in officer.get(f"/documents/{room.post.pk}/").content.decode()


def test_an_export_holds_the_person_s_word_too(officer: Client, room: Room) -> None:
    said(officer, f"/documents/{room.post.pk}/file/", relevance="yes", stance="favour", read=room.post.text_hash)
    answer = officer.post("/documents/export/", {"relevant": "yes", "kind": "discuz"})
    body = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "人工判断" in body.splitlines()[0]
    assert "涉海；支持" in body


def test_an_edited_document_says_so_beside_the_old_word_and_may_be_asked_again(officer: Client, room: Room) -> None:
    unsure = document("海边新开的那家店怎么样", relevance=0.62, category="海洋经济与产业")
    said(officer, f"/offers/{unsure.pk}/", what="relevance", value="no", read=unsure.text_hash)
    unsure.text_hash = unsure.annotation.text_hash = "e" * 64
    unsure.save()
    unsure.annotation.save()
    assert "请再看一遍" in officer.get(f"/documents/{unsure.pk}/").content.decode()
    assert "海边新开的那家店怎么样" in officer.get("/offers/").content.decode()


def test_a_document_is_moved_and_its_mark_is_shown(officer: Client, room: Room) -> None:
    other = topic("T-other", "临港填海", [document("临港也在填海")])
    page = said(officer, f"/documents/{room.post.pk}/move/", topic=other.code)
    assert "今后的运行不会再改动" in page
    assert "自动归并不再改动" in page
    assert room.post.placement.topic == other
    assert "请先选择一个话题" in said(officer, f"/documents/{room.post.pk}/move/")


def test_two_topics_are_merged_from_the_page_of_one(officer: Client, room: Room) -> None:
    other = topic("T-other", "临港填海", [document("临港也在填海")])
    page = said(officer, f"/topics/{other.code}/merge/", topic=room.topic.code)
    assert "两个话题已合并" in page
    assert Topic.objects.get(code="T-other").merged_into == room.topic
    assert "合并话题" in page  # the act in the list of what was done
    assert "请先选择一个话题" in said(officer, f"/topics/{room.topic.code}/merge/")


def test_a_link_does_nothing(officer: Client, room: Room) -> None:
    for address in (
        f"/documents/{room.post.pk}/file/",
        f"/offers/{room.post.pk}/",
        f"/topics/{room.topic.code}/merge/",
    ):
        assert officer.get(address).status_code == 405
