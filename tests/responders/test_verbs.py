"""Each verb: what it changes, its audit row, and what it refuses with which sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from responders.approve import approve
from responders.correct import correct
from responders.edit import edit
from responders.release import release
from responders.return_ import return_
from responders.roles import Role, Verb
from responders.submit import submit
from responders.supersede import supersede
from responders.transitions import TRANSITIONS, guard, may, may_all
from responders.withdraw import withdraw
from store import audit
from store.errors import NotAllowed, NotFound, StaleText
from store.models import AuditRow, Case, Draft
from store.models.drafts import DraftStatus
from tests.responders.conftest import NOW, make_draft

pytestmark = pytest.mark.django_db


def verbs_recorded(draft: Draft) -> list[str]:
    rows = AuditRow.objects.filter(object_type="draft", object_id=str(draft.pk)).order_by("number")
    return [row.verb for row in rows]


def signed(draft: Draft, officer: User, approver: User) -> Draft:
    submit(draft.pk, officer, now=NOW)
    return approve(draft.pk, approver, draft.text_hash, now=NOW)


def test_a_draft_walks_from_edit_to_release_with_an_audit_row_each(
    draft: Draft, officer: User, approver: User, person: Callable[..., User], state: object
) -> None:
    edited = edit(draft.pk, officer, draft.text_hash, title="新的标题", body="新的正文。", now=NOW)
    assert (edited.machine_title, edited.machine_body) == (draft.machine_title, draft.machine_body)
    assert edited.versions.get().editor == officer
    submit(draft.pk, officer, now=NOW)
    return_(draft.pk, person("sun", Role.REVIEWER), "  请补充时间 ", now=NOW)
    assert Draft.objects.get().return_reason == "请补充时间"
    submit(draft.pk, officer, now=NOW)
    approve(draft.pk, approver, edited.text_hash, now=NOW)
    row = release(draft.pk, officer, now=NOW)
    assert (row.channel, row.title, row.text_hash) == ("portal", "新的标题", edited.text_hash)
    assert verbs_recorded(draft) == ["edit", "submit", "return", "submit", "approve", "release"]
    assert Case.objects.get().status == Case.ANSWERED
    assert audit.verify() == []


def test_an_edit_after_approval_voids_it_and_the_audit_says_so(draft: Draft, officer: User, approver: User) -> None:
    before = signed(draft, officer, approver)
    after = edit(draft.pk, officer, before.text_hash, title=draft.title, body="改了一个字。", now=NOW)
    assert (after.status, after.approved_by, after.approved_hash) == (DraftStatus.DRAFT, None, "")
    detail = AuditRow.objects.latest("number").detail
    assert detail["voids_approval_by"] == approver.pk
    assert detail["voided_hash"] == before.text_hash
    with pytest.raises(NotAllowed, match="草稿的稿件不能发布"):
        release(draft.pk, officer, now=NOW)


@pytest.mark.parametrize("part", ["author", "last_editor", "submitted_by"])
def test_nobody_signs_what_they_wrote_edited_or_submitted(
    draft: Draft, officer: User, approver: User, part: str
) -> None:
    submit(draft.pk, officer, now=NOW)
    Draft.objects.filter(pk=draft.pk).update(**{part: approver})
    with pytest.raises(NotAllowed, match="须由另一人签发"):
        approve(draft.pk, approver, draft.text_hash, now=NOW)


def test_an_approval_is_bound_to_the_text_that_was_read(draft: Draft, officer: User, approver: User) -> None:
    submit(draft.pk, officer, now=NOW)
    with pytest.raises(StaleText, match="重新阅读"):
        approve(draft.pk, approver, "0" * 64, now=NOW)


def test_a_text_changed_behind_the_verbs_is_not_released(draft: Draft, officer: User, approver: User) -> None:
    signed(draft, officer, approver)
    Draft.objects.filter(pk=draft.pk).update(body="从库里改的")
    with pytest.raises(StaleText):
        release(draft.pk, officer, now=NOW)
    assert Draft.objects.get().status == DraftStatus.APPROVED


def test_two_officers_do_not_overwrite_each_other(draft: Draft, officer: User, person: Callable[..., User]) -> None:
    edit(draft.pk, officer, draft.text_hash, title="甲", body="甲的正文", now=NOW)
    with pytest.raises(StaleText):
        edit(draft.pk, person("li", Role.OFFICER), draft.text_hash, title="乙", body="乙的正文", now=NOW)


def test_a_save_without_a_change_does_not_void_a_signature(draft: Draft, officer: User, approver: User) -> None:
    signed(draft, officer, approver)
    with pytest.raises(NotAllowed, match="没有改动"):
        edit(draft.pk, officer, draft.text_hash, title=draft.title, body=draft.body + "\n", now=NOW)
    assert Draft.objects.get().status == DraftStatus.APPROVED


def test_a_machine_text_without_enough_evidence_is_not_submitted_until_a_person_worked_on_it(
    case: Case, officer: User
) -> None:
    draft = make_draft(case, enough=False, lacking=["缺少现场核查结果。"])
    with pytest.raises(NotAllowed, match="缺少现场核查结果"):
        submit(draft.pk, officer, now=NOW)
    edited = edit(draft.pk, officer, draft.text_hash, title=draft.title, body="补充了核查结果。", now=NOW)
    assert submit(edited.pk, officer, now=NOW).status == DraftStatus.SUBMITTED


def test_a_text_with_gaps_is_not_submitted(case: Case, officer: User) -> None:
    draft = make_draft(case, body="联系电话：【待填：对外联系电话】")
    assert may(draft, Verb.SUBMIT, officer) == "还有没填写的内容：对外联系电话。"


def test_return_and_withdrawal_need_a_reason(draft: Draft, officer: User, approver: User, state: object) -> None:
    signed(draft, officer, approver)
    with pytest.raises(NotAllowed, match="理由"):
        return_(draft.pk, approver, "  ", now=NOW)
    release(draft.pk, officer, now=NOW)
    with pytest.raises(NotAllowed, match="理由"):
        withdraw(draft.pk, approver, "", now=NOW)
    assert withdraw(draft.pk, approver, "数字有误", now=NOW).status == DraftStatus.WITHDRAWN
    assert AuditRow.objects.latest("number").detail["reason"] == "数字有误"
    assert Case.objects.get().status == Case.OPEN


def test_what_the_table_does_not_know_is_refused(draft: Draft, officer: User, approver: User) -> None:
    assert may(draft, "publish", officer) == "没有“publish”这种操作。"
    for status in DraftStatus:
        for verb in Verb:
            draft.status = status.value
            if (status, verb) not in TRANSITIONS:
                assert "不能" in (may(draft, verb, approver) or "")
    draft.status = DraftStatus.DRAFT.value
    with pytest.raises(NotAllowed, match="草稿的稿件不能发布"):
        guard(draft, Verb.RELEASE, approver)
    with pytest.raises(NotFound):
        submit(2_000_000_000, officer, now=NOW)


def test_a_role_without_the_verb_is_told_who_has_it(draft: Draft, person: Callable[..., User]) -> None:
    reader = person("wang", Role.READER)
    assert may(draft, Verb.EDIT, reader) == "您的岗位（查阅人）不能修改，请由经办人、审核人、签发人办理。"
    assert all(may_all(draft, reader).values())
    left = person("qian", Role.OFFICER)
    left.is_active = False
    assert may(draft, Verb.EDIT, left) == "您的账号已停用。"


def test_the_system_may_supersede_and_nothing_else(draft: Draft, case: Case) -> None:
    assert may(draft, Verb.SUBMIT, None) == "提交必须由人办理，系统不能代办。"
    newer = make_draft(case)
    assert supersede(draft.pk, newer, None, now=NOW).status == DraftStatus.SUPERSEDED
    with pytest.raises(NotAllowed, match="同一事项"):
        supersede(newer.pk, newer, None, now=NOW)


def test_a_correction_starts_from_the_released_text_and_takes_its_place_when_released(
    draft: Draft, officer: User, approver: User, state: object
) -> None:
    signed(draft, officer, approver)
    release(draft.pk, officer, now=NOW)
    new = correct(draft.pk, officer, now=NOW)
    assert (new.body, new.supersedes_id, new.author) == (draft.body, draft.pk, officer)
    with pytest.raises(NotAllowed, match="更正稿在办"):
        correct(draft.pk, officer, now=NOW)
    with pytest.raises(NotAllowed, match="已发布的新稿件"):
        supersede(draft.pk, new, officer, now=NOW)
    edit(new.pk, officer, new.text_hash, title=new.title, body="更正后的正文。", now=NOW)
    new.refresh_from_db()
    row = release(signed(new, officer, approver).pk, officer, now=NOW)
    draft.refresh_from_db()
    assert draft.status == DraftStatus.SUPERSEDED
    assert row.replaces == draft.releases.get()
