"""Documents are found, shown with their edits, exported safely; looking and exporting leave a trace."""

from __future__ import annotations

import pytest
from django.test import Client

from dashboard.reports.export import safe
from store.models import AuditRow, DocumentVersion, EngagementPoint
from tests.dashboard.factories import NOW, Room, document


def texts(client: Client, query: str) -> str:
    return client.get(f"/documents/{query}").content.decode()


def test_a_search_finds_a_word_of_two_characters(officer: Client) -> None:
    document("渤海湾发现赤潮", words="渤海湾 发现 赤潮")  # red tide
    found = texts(officer, "?q=赤潮&relevant=all")
    assert "渤海湾发现赤潮" in found
    assert "共 <strong>1</strong> 条" in found


@pytest.mark.parametrize("query", ['"', "a OR b", "NEAR(", "*", "(", "words:x", "%00", "';--", "-赤潮", "赤 & 潮 !"])
def test_no_query_breaks_the_page(officer: Client, query: str) -> None:
    assert officer.get("/documents/", {"q": query}).status_code == 200


def test_the_list_shows_relevant_originals_first_of_all(officer: Client, room: Room) -> None:
    assert "共 <strong>13</strong> 条" in texts(officer, "")
    assert "共 <strong>16</strong> 条" in texts(officer, "?relevant=yes&duplicates=on")
    assert "大港油田新闻" in texts(officer, "?relevant=no")


def test_the_filters_narrow_the_list(officer: Client) -> None:
    document("微博一条", source="news", kind="news", category="海水利用", stance="favour", at=NOW)
    for query in (
        "source=news",
        "kind=news",
        "category=海水利用",
        "stance=favour",
        "start=2026-01-23",
        "start=2026-01-23&end=2026-01-23",
    ):
        assert "共 <strong>1</strong> 条" in texts(officer, f"?{query}"), query
    assert "共 <strong>0</strong> 条" in texts(officer, "?end=2026-01-01")


def test_a_value_that_cannot_be_read_is_named_and_left_out(officer: Client) -> None:
    page = texts(officer, "?start=gestern")
    assert "errorlist" in page
    assert "共 <strong>13</strong> 条" in page


def test_looking_at_a_document_is_in_the_audit_log(officer: Client, room: Room) -> None:
    officer.get(f"/documents/{room.post.pk}/")
    row = AuditRow.objects.get()
    assert (row.actor, row.verb, row.object_type, row.object_id) == (
        room.officer,
        "view",
        "document",
        str(room.post.pk),
    )


def test_an_edit_shows_what_went_and_what_came(officer: Client, room: Room) -> None:
    new = room.post.text.replace("三宿", "四宿")
    DocumentVersion.objects.create(
        document=room.post, number=2, title=room.post.title, text=new, text_hash="b" * 64, seen_at=NOW
    )
    page = officer.get(f"/documents/{room.post.pk}/").content.decode()
    assert "<del>三</del><ins>四</ins>" in page


def test_counts_over_time_and_a_text_that_was_taken_away_are_shown(officer: Client, room: Room) -> None:
    page = officer.get(f"/documents/{room.post.pk}/").content.decode()
    assert "互动变化" not in page
    assert "已不在原处" not in page
    EngagementPoint.objects.create(document=room.post, seen_at=NOW, likes=4071, replies=12)
    room.post.gone_at = NOW
    room.post.save()
    page = officer.get(f"/documents/{room.post.pk}/").content.decode()
    assert "互动变化" in page
    assert "4071" in page
    assert "已不在原处" in page


def test_a_text_of_markup_is_shown_and_not_run(officer: Client) -> None:
    bad = document("<script>alert(1)</script>", title="<img src=x onerror=alert(1)>")
    bad.url = "javascript:alert(1)"
    bad.save()
    page = officer.get(f"/documents/{bad.pk}/").content.decode()
    assert "<script>" not in page
    assert "<img" not in page
    assert 'href="javascript:' not in page


def test_an_export_holds_the_filtered_list_and_leaves_a_trace(officer: Client, room: Room) -> None:
    document("=HYPERLINK(1)", title="+1", source="news", kind="news")
    answer = officer.post("/documents/export/", {"source": "news", "relevant": "yes"})
    body = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert body.startswith("\ufeff编号,来源")
    assert "'=HYPERLINK(1)" in body
    assert ",'+1," in body
    assert body.count("\r\n") == 2
    row = AuditRow.objects.get()
    assert (row.verb, row.object_type, row.detail["rows"], row.detail["source"]) == ("export", "documents", 1, "news")


def test_a_reader_cannot_export(client: Client, room: Room) -> None:
    client.force_login(room.reader)
    assert "导出这" not in texts(client, "")
    assert client.post("/documents/export/", {}).status_code == 403
    assert client.get("/documents/export/").status_code == 405
    assert not AuditRow.objects.exists()


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", " =1", "＝1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe(cell).startswith("'")


def test_plain_cells_stay_as_they_are() -> None:
    assert [safe(cell) for cell in ("赤潮", 3, None)] == ["赤潮", "3", ""]


def test_a_tag_is_shown_with_its_reason_and_finds_its_documents(officer: Client) -> None:
    tagged = document(
        "海堤没人管",
        tags=[{"key": "trust", "reason": "对部门作为有质疑：没人管"}],
        tag_keys=" trust ",
        parts=["海岸带与海岛/岸线"],
        keywords=["海堤", "岸线"],
    )
    document("另一条", tags=[], tag_keys=" emergency  order ")
    page = officer.get(f"/documents/{tagged.pk}/").content.decode()
    for shown in (
        "政府形象",
        "对部门作为有质疑：没人管",
        "海岸带与海岛/岸线",
        "海堤、岸线",
        "?relevant=yes&amp;tag=trust",
    ):
        assert shown in page
    assert "共 <strong>1</strong> 条" in texts(officer, "?tag=trust")
    assert "共 <strong>1</strong> 条" in texts(officer, "?tag=order")
    assert "errorlist" in texts(officer, "?tag=nothing")
