"""The desk's sources: those to look at first, each with its history; an administrator switches, edits and tries them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from responders.source_edits import in_force
from spiders.sources import read_values
from store import audit
from store.models import AuditRow, SourceEdit, SourceState
from store.settings import settings
from tests.dashboard.factories import HARBOUR, Room, source, source_with_a_past


def text_of(client: Client, slug: str = "harbour") -> tuple[str, str]:
    """The text of the edit page and the mark it was read by."""
    page = client.get(f"/sources/{slug}/edit/")
    return page.context["text"], page.context["read"]


def save(client: Client, old: str, new: str) -> str:
    text, read = text_of(client)
    answer = client.post("/sources/harbour/edit/", {"text": text.replace(old, new), "read": read}, follow=True)
    return answer.content.decode()


def test_what_needs_a_look_stands_first_with_its_reason(officer: Client, harbour: Path) -> None:
    source_with_a_past()
    lines = officer.get("/sources/").context["lines"]
    assert [line.standing for line in lines] == ["watch", "watch", "heard", "heard"]
    assert lines[0].state.title == "某社区" or "没有新内容" in lines[0].reason
    body = officer.get("/sources/?show=watch").content.decode()
    assert "能连上，但已 3 天没有新内容，它平常不超过 1 天 12 小时" in body
    assert "滨海论坛" not in body


def test_a_source_shows_its_states_its_usual_day_its_silence_and_its_outages(officer: Client, harbour: Path) -> None:
    source_with_a_past()
    body = officer.get("/sources/harbour/").content.decode()
    assert "最近 36 次的状态，由早到晚：听到 33 次，听到一部分 1 次，没有听到 2 次" in body
    assert "浅绿为当天平常的范围" in body and "按此前" in body
    assert "平常不超过 1 天 12 小时" in body
    assert "连续 2 次没有听到" in body and "已恢复" in body
    assert "平均请求 14 次" in body


def test_the_front_says_who_was_heard_whole_in_part_and_not_at_all(administrator: Client, harbour: Path) -> None:
    source("cut", "断流日报", state="truncated", kind="feed")
    SourceState.objects.filter(pk="news").update(is_paused=True)
    body = administrator.get("/").content.decode()
    assert "昨夜听到 1/3 个来源；没听到：" in body
    assert "；只听到一部分：" in body and "断流日报</a>（内容被截断）" in body
    assert "；暂停 1 个；1 个还没有听过。" in body
    administrator.post("/sources/harbour/switch/", {"on": "0"})
    assert "还没有听过" not in administrator.get("/").content.decode()
    assert "昨夜听到 1/3 个来源" in administrator.get("/brief/").content.decode()


def test_too_little_history_is_said_so(officer: Client, room: Room) -> None:
    body = officer.get("/sources/board/").content.decode()
    assert "历史太少，还说不出平常每天多少条" in body


def test_a_source_that_never_ran_has_a_page(officer: Client, harbour: Path) -> None:
    body = officer.get("/sources/harbour/").content.decode()
    assert "还没有听过" in body and "港口论坛" in body
    assert officer.get("/sources/nowhere/").status_code == 404


def test_an_edit_wins_over_the_file_is_shown_audited_and_taken_back(administrator: Client, harbour: Path) -> None:
    body = save(administrator, "cadence: 1d", "cadence: 2h\npages: 3")
    assert "已保存：频率（cadence）：1d → 2h；翻页数（pages）：（未写） → 3" in body
    assert in_force()["harbour"].source.pages == 3
    assert harbour.read_text(encoding="utf-8") == HARBOUR
    page = administrator.get("/sources/harbour/").content.decode()
    assert "工作台改过" in page and "频率（cadence）：1d → 2h" in page and "每 2 小时" in page
    row = AuditRow.objects.get(verb="edit", object_type="source")
    assert row.detail["changes"] == ["频率（cadence）：1d → 2h", "翻页数（pages）：（未写） → 3"]
    administrator.post("/sources/harbour/revert/")
    assert in_force()["harbour"].text == HARBOUR
    assert AuditRow.objects.filter(verb="revert", object_id="harbour").exists()
    assert audit.verify() == []


def test_the_file_s_other_keys_still_follow_the_file(administrator: Client, harbour: Path) -> None:
    save(administrator, "cadence: 1d", "cadence: 2h")
    harbour.write_text(HARBOUR.replace("max: 80", "max: 300"), encoding="utf-8")
    source = in_force()["harbour"].source
    assert (source.expect.max, source.cadence.total_seconds()) == (300, 7200)


def test_a_key_left_out_goes_back_to_its_default_and_the_file_s_text_takes_all_back(
    administrator: Client, harbour: Path
) -> None:
    save(administrator, "expect: {min: 1, max: 80}\n", "")
    assert in_force()["harbour"].source.expect.min == 0
    assert SourceEdit.objects.get().values == {"expect": None}
    _, read = text_of(administrator)
    administrator.post("/sources/harbour/edit/", {"text": HARBOUR, "read": read})
    assert not SourceEdit.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "cadence: 1d",
            "cadence: daily",
            "“频率（cadence）”写得不对，现在是“daily”：写 90s、30m、2h 或 1d 这样的时间。",
        ),
        ("terms: 论坛同意采集公开版块\n", "", "缺少“使用条款（terms）”这一项"),
        ("cadence: 1d", "cadense: 1d\ncadence: 1d", "不认识“cadense”这一项"),
        ("url: http", "url: ftp", "“网址（url）”写得不对"),
        ("verified: true", "verified: 是", "“核对过（verified）”写得不对，现在是“是”：只能写 true 或 false。"),
        ("title: 港口论坛", "title: [港口", "第 3 行或上一行的格式读不懂"),
        (HARBOUR, "港口", "内容读不懂"),
        ("title: 港口论坛", "title: &a 港口论坛\nnote: *a", "内容读不懂"),
    ],
)
def test_a_text_that_would_not_be_read_is_refused_with_its_key_in_chinese(
    administrator: Client, harbour: Path, old: str, new: str, said: str
) -> None:
    body = save(administrator, old, new)
    assert said in body, body[body.find("没有保存") : body.find("没有保存") + 200]
    assert not SourceEdit.objects.exists()
    assert not AuditRow.objects.filter(verb="edit").exists()


def test_two_people_do_not_overwrite_each_other(administrator: Client, harbour: Path) -> None:
    text, read = text_of(administrator)
    save(administrator, "cadence: 1d", "cadence: 2h")
    answer = administrator.post("/sources/harbour/edit/", {"text": text.replace("1d", "6h"), "read": read})
    assert answer.status_code == 400 and "刚被别人改过" in answer.content.decode()
    assert SourceEdit.objects.get().values == {"cadence": "2h"}


def test_nobody_but_an_administrator_edits_or_switches(client: Client, room: Room, harbour: Path) -> None:
    for person in (room.officer, room.reviewer, room.approver, room.reader):
        client.force_login(person)
        assert client.get("/sources/harbour/edit/").status_code == 403
        assert client.post("/sources/harbour/edit/", {"text": HARBOUR, "read": ""}).status_code == 403
        for act in ("switch", "revert"):
            assert (
                "请由管理员办理" in client.post(f"/sources/harbour/{act}/", {"on": "0"}, follow=True).content.decode()
            )
    assert not SourceEdit.objects.exists()


def test_a_source_is_switched_off_and_on_again(administrator: Client, harbour: Path) -> None:
    administrator.post("/sources/harbour/switch/", {"on": "0"})
    assert not in_force()["harbour"].source.on
    assert "未启用" in administrator.get("/sources/?show=idle").content.decode()
    administrator.post("/sources/harbour/switch/", {"on": "1"})
    assert in_force()["harbour"].source.on


def test_a_trial_shows_what_came_stores_nothing_and_is_audited(officer: Client, harbour: Path) -> None:
    body = officer.post("/sources/harbour/try/").content.decode()
    assert "试听结果" in body and "连接被拒绝" in body and "没有存入任何内容" in body
    row = AuditRow.objects.get(verb="try")
    assert (row.object_id, row.detail) == ("harbour", {"state": "unreachable", "entries": 0})
    assert not list(settings().path("spool", "trial").parent.glob("trial-*"))


def test_a_reader_tries_nothing(client: Client, room: Room, harbour: Path) -> None:
    client.force_login(room.reader)
    assert client.post("/sources/harbour/try/").status_code == 403
    assert "现在试听" not in client.get("/sources/harbour/").content.decode()


def test_an_edited_text_reads_as_what_is_in_force(administrator: Client, harbour: Path) -> None:
    save(administrator, "cadence: 1d", "cadence: 2h\nnote: '冒号: 与 # 号'\nselect: {title: 'h1::text'}")
    known = in_force()["harbour"]
    values = read_values(known.text, where="x")
    assert isinstance(values, dict) and values["note"] == "冒号: 与 # 号" and values["select"] == {"title": "h1::text"}
