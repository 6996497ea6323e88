"""The sample institution's warnings as bulletins: each relayed as published, each taking the place of the last."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from nlp.bulletins import parse
from responders.approve import approve
from responders.release import release
from responders.screening import screen
from responders.submit import submit
from responders.updates import disaster_update, record_bulletin
from store.errors import BadInput
from store.models import AuditRow, BulletinRow, Case, Draft, Incident, Release
from store.models.drafts import DraftStatus
from store.settings import DATA
from store.stages import Bulletin, Hazard, Level, MessageType
from tests.responders.conftest import NOW

pytestmark = pytest.mark.django_db
FOLDER = DATA / "sample" / "institution"
CHAIN = ["2026-01-20-1000-surge-blue", "2026-01-21-0930-surge-yellow", "2026-01-21-2000-surge-orange"]
ENDED = [*CHAIN, "2026-01-22-0800-surge-blue", "2026-01-22-1630-surge-cancel"]


def bulletin(name: str, form: str = "xml") -> Bulletin:
    return parse(Path(FOLDER / f"{name}.{form}").read_text(encoding="utf-8"))


def arrive(message: Bulletin) -> Draft | None:
    row = record_bulletin(message, source="institution", url="https://example.invalid/b", now=NOW)
    return disaster_update(row, now=NOW) if row else None


def made(message: Bulletin) -> Draft:
    draft = arrive(message)
    assert draft is not None
    return draft


def released(draft: Draft, officer: User, approver: User) -> Release:
    submit(draft.pk, officer, now=NOW)
    approve(draft.pk, approver, draft.text_hash, now=NOW)
    return release(draft.pk, officer, now=NOW)


@pytest.mark.parametrize("form", ["xml", "txt"])
@pytest.mark.parametrize("name", [*ENDED, "2026-01-21-1000-wave-yellow"])
def test_an_update_says_issuer_number_time_and_levels_as_published_and_stands_the_screening(
    name: str, form: str
) -> None:
    message = bulletin(name, form)
    draft = made(message)
    assert message.issuer in draft.body
    assert message.number in draft.body
    assert message.headline in draft.title
    for area, level in message.areas:
        assert level is None or f"{area}：{level.value}[E1]" in draft.body
    assert draft.enough
    assert screen(draft.title, draft.body, list(draft.evidence.all())) == []
    assert AuditRow.objects.filter(object_type="draft", verb="prepare").count() == 1


def test_a_message_below_a_warning_is_not_called_one() -> None:
    draft = made(bulletin("2026-01-20-1600-ice", "txt"))
    assert draft.title == "海冰消息（天津市海洋环境监测预报中心1月20日16时发布）"
    assert "海冰警报" not in draft.body.replace("尚未达到发布海冰警报的条件", "")


def test_the_two_forms_of_one_message_are_one_bulletin_and_complete_each_other() -> None:
    assert arrive(bulletin(CHAIN[1], "txt"))
    assert arrive(bulletin(CHAIN[1], "xml")) is None
    row = BulletinRow.objects.get()
    assert row.identifier == "12000041600000_20260121093000_0"
    assert row.headline == "风暴潮黄色警报"
    assert disaster_update(row, now=NOW) == Draft.objects.get()


@pytest.mark.parametrize("form", ["xml", "txt"])
def test_a_chain_is_one_incident_with_one_case_in_which_the_last_update_stands(form: str) -> None:
    drafts = [made(bulletin(name, form)) for name in ENDED]
    incident, case = Incident.objects.get(), Case.objects.get()
    assert (case.rule, case.incident) == ("incident", incident)
    assert incident.closed_at == datetime(2026, 1, 22, 8, 30, tzinfo=UTC)
    states = [Draft.objects.get(pk=draft.pk).status for draft in drafts]
    assert states == [DraftStatus.SUPERSEDED] * 4 + [DraftStatus.DRAFT]
    assert [draft.supersedes for draft in drafts] == [None, *drafts[:-1]]
    assert "解除" in drafts[-1].title
    assert "本信息更新1月22日8时发布的信息（津海预警〔2026〕第7号）的内容[E1]。" in drafts[-1].body


def test_a_released_update_is_replaced_when_the_next_one_is_released(
    officer: User, approver: User, state: Path
) -> None:
    blue = made(bulletin(CHAIN[0]))
    first = released(blue, officer, approver)
    yellow = made(bulletin(CHAIN[1]))
    orange = made(bulletin(CHAIN[2]))
    blue.refresh_from_db()
    assert blue.status == DraftStatus.RELEASED
    assert Draft.objects.get(pk=yellow.pk).status == DraftStatus.SUPERSEDED
    assert orange.supersedes == blue
    assert Case.objects.get().status == Case.OPEN
    assert released(orange, officer, approver).replaces == first
    blue.refresh_from_db()
    assert blue.status == DraftStatus.SUPERSEDED


def test_a_warning_that_arrives_late_does_not_take_the_place_of_a_newer_one() -> None:
    newer = made(bulletin(CHAIN[1]))
    late = made(bulletin(CHAIN[0]))
    assert late.status == DraftStatus.SUPERSEDED
    assert Draft.objects.get(pk=newer.pk).status == DraftStatus.DRAFT
    assert Incident.objects.count() == 1


def test_another_issuers_warning_stands_beside_and_keeps_the_incident_open() -> None:
    own = made(bulletin(CHAIN[0]))
    assert "本信息更新" not in own.body
    national = replace(bulletin(CHAIN[0]), issuer="国家海洋预报台", number="国海预〔2026〕9号", identifier="n1")
    made(national)
    made(replace(bulletin(ENDED[-1]), references=()))
    assert Draft.objects.get(bulletin__issuer="国家海洋预报台").status == DraftStatus.DRAFT
    assert Draft.objects.get(pk=own.pk).status == DraftStatus.SUPERSEDED
    assert Incident.objects.get().closed_at is None


def test_a_new_warning_after_the_end_or_a_long_quiet_is_a_new_incident() -> None:
    for name in ENDED:
        arrive(bulletin(name))
    again = replace(bulletin(CHAIN[0]), number="津海预警〔2026〕第9号", issued_at=datetime(2026, 1, 23, 1, tzinfo=UTC))
    made(again)
    made(replace(again, number="第20号", issued_at=again.issued_at + timedelta(days=10)))
    assert Incident.objects.count() == 3


@pytest.mark.parametrize("status", ["Exercise", "Test"])
def test_an_exercise_is_a_drill_from_bulletin_to_draft_and_never_meets_the_real_chain(
    status: str, officer: User, approver: User, state: Path
) -> None:
    real = made(bulletin(CHAIN[0]))
    drill = made(replace(bulletin(CHAIN[1]), status=status))
    assert (drill.drill, drill.case.drill, drill.title[:4]) == (True, True, "【演练】")
    assert drill.bulletin is not None
    assert drill.bulletin.incident is not None
    assert drill.bulletin.incident.drill
    assert Draft.objects.get(pk=real.pk).status == DraftStatus.DRAFT
    assert released(drill, officer, approver).channel == "drill"


def test_a_warning_without_a_number_is_drafted_and_says_what_it_lacks() -> None:
    draft = made(replace(bulletin(CHAIN[0]), number=""))
    assert not draft.enough
    assert draft.lacking == ["警报没有写明编号，请核对原文后补充"]


def test_levels_are_copied_even_where_figures_would_say_otherwise() -> None:
    message = Bulletin(
        issuer="某预报台",
        number="1号",
        hazard=Hazard.WAVE,
        message_type=MessageType.ALERT,
        level=Level.BLUE,
        areas=(("近海", Level.BLUE), ("近岸", None)),
        issued_at=NOW,
        onset=None,
        expires=None,
        headline="海浪蓝色警报",
        text="预计近海将出现9到12米的狂涛。",
    )
    body = made(message).body
    assert "近海：蓝色[E1]" in body
    assert "近岸：未注明级别[E1]" in body
    assert "橙色" not in body


def test_a_bulletin_without_an_incident_is_refused() -> None:
    arrive(bulletin(CHAIN[0]))
    row = BulletinRow.objects.get()
    row.incident = None
    with pytest.raises(BadInput, match="record_bulletin"):
        disaster_update(row, now=NOW)
