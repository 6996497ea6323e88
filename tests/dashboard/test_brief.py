"""The daily brief says what was heard and what was not, each figure with its time; it stands alone as one file."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import User
from django.test import Client

from dashboard.reports.brief import brief_html, brief_of
from store import labels
from store.models import Label
from tests.dashboard.factories import NOW, Room, document

DAY = date(2026, 1, 22)
SECTIONS = (
    "一、总体情况", "二、覆盖与未听到的来源", "三、热点话题", "四、待核实信息",
    "五、预警与灾害", "六、须回应事项与时限", "七、近两日已回应", "八、数据来源与时间",
)  # fmt: skip


def test_the_brief_is_one_file_with_every_section(room: Room) -> None:
    page = brief_html(DAY, NOW)
    assert all(section in page for section in SECTIONS)
    assert "<style>" in page
    assert 'rel="stylesheet"' not in page
    assert room.topic.title in page
    assert "津海预警〔2026〕第6号" in page
    assert "某社区" in page


def test_below_enough_data_it_says_so(room: Room) -> None:
    assert "不足以判断走势" in brief_html(DAY, NOW)
    for i in range(20):
        document(f"围填海{i}")
    assert brief_of(DAY, NOW).is_enough
    assert "不足以判断走势" not in brief_html(DAY, NOW)


def test_a_day_without_anything_is_no_calm_day(db: None) -> None:
    page = brief_html(DAY, NOW)
    assert "不能据此认为没有舆情" in page
    assert "没有来源运行过" in page


def test_a_past_day_holds_its_own_warnings(room: Room) -> None:
    before_the_update = brief_of(date(2026, 1, 21), NOW)
    assert before_the_update.warnings == []
    assert [w.number for w in brief_of(DAY, NOW).warnings] == ["津海预警〔2026〕第6号"]


def test_the_desk_shows_the_day_that_was_asked_for(officer: Client) -> None:
    assert "2026年1月22日" in officer.get("/brief/?date=2026-01-22").content.decode()
    assert "2026年1月23日" in officer.get("/brief/?date=nonsense").content.decode()
    assert "2026年1月23日" in officer.get("/brief/?date=2030-01-01").content.decode()


def test_the_number_of_marine_documents_follows_what_people_said(room: Room) -> None:
    before = brief_of(DAY, NOW).relevant
    called_none, called_marine = document("围填海"), document("火锅", relevant=False)
    assert brief_of(DAY, NOW).relevant == before + 1
    officer = User.objects.create(username="filing")
    labels.give(called_none, {Label.RELEVANCE: Label.NO}, officer, now=NOW)
    assert brief_of(DAY, NOW).relevant == before
    labels.give(called_marine, {Label.RELEVANCE: Label.YES}, officer, now=NOW)
    assert brief_of(DAY, NOW).relevant == before + 1
