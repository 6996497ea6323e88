"""Claims that a run no longer finds leave the list with a reason, come back under their number, and stay where a person acted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from hypothesis import given
from hypothesis import strategies as st

from flows.annotate import annotate, batches_waiting
from flows.assess import Assessed, assess
from flows.dedupe import dedupe
from flows.settle import Lost, why_lost
from responders.judge_claim import judge_claim
from responders.roles import Role, ensure_roles
from store import audit, claims, labels
from store.generations import work_of
from store.models import AnnotationRow, AuditRow, Case, Claim, ClaimEvidence, DocumentRow, Label
from tests.flows.test_ingest import NOW, entry, keep

FLOOD = "【现场视频】天津东疆海水倒灌了！！画面里海浪直接翻过海堤冲到马路上，汽车都漂起来了，住海边的快跑，速转！"
CALM = "东疆的风小了，海边散步的人不少。"

pytestmark = pytest.mark.django_db


def judged(*entries: object) -> None:
    keep(*entries)  # type: ignore[arg-type]
    dedupe(now=NOW)
    for ids in batches_waiting():
        annotate(ids)


@pytest.fixture
def flood() -> Claim:
    """A claim two documents assert, the second an hour after the first."""
    judged(entry(1, FLOOD, hours=2), entry(2, FLOOD, hours=1))
    assess(now=NOW - timedelta(minutes=30))
    return Claim.objects.get()


def take_down(*numbers: int, back: bool = False) -> None:
    for number in numbers:
        DocumentRow.objects.filter(url__endswith=f"/{number}").update(gone_at=None if back else NOW)


def again() -> Claim:
    assess(now=NOW)
    return Claim.objects.get()


def test_a_claim_whose_documents_were_taken_down_leaves_the_list_with_the_reason(flood: Claim) -> None:
    take_down(1, 2)
    claim = again()
    assert (claim.pk, claim.withdrawn_at, claim.status) == (flood.pk, NOW, Claim.TO_CHECK)
    assert claim.lost_why == "原有 2 条转述均已被原网站删除。"
    assert not claims.to_check().exists()
    assert claim.evidence.filter(role=ClaimEvidence.ASSERTS, left_at=None).count() == 2  # as when it was last found
    row = AuditRow.objects.get(verb="drop")
    assert (row.object_type, row.object_id, row.actor, row.detail["reason"]) == (
        "claim", str(claim.pk), None, claim.lost_why,
    )  # fmt: skip
    assert audit.verify() == []
    assert work_of("2026-01-23").withdrawn == 1


def test_the_same_run_again_withdraws_and_tells_nothing_twice(flood: Claim) -> None:
    take_down(1, 2)
    assert assess(now=NOW) == Assessed(claims=0, added=0, withdrawn=1, restored=0)
    assert assess(now=NOW + timedelta(minutes=5)) == Assessed(claims=0, added=0, withdrawn=0, restored=0)
    assert Claim.objects.get().withdrawn_at == NOW
    assert AuditRow.objects.filter(verb="drop").count() == 1


def test_a_claim_that_comes_back_is_in_the_list_again_under_its_number(flood: Claim) -> None:
    take_down(1, 2)
    again()
    take_down(1, 2, back=True)
    claim = again()
    assert (claim.pk, claim.key, claim.withdrawn_at, claim.lost_why) == (flood.pk, flood.key, None, "")
    assert list(AuditRow.objects.order_by("number").values_list("verb", flat=True)) == ["drop", "bring_back"]
    work = work_of("2026-01-23")
    assert (work.withdrawn, work.restored) == (1, 1)


def test_without_its_first_document_a_claim_goes_on_under_its_number() -> None:
    judged(*(entry(n, FLOOD, hours=4 - n) for n in (1, 2, 3)))
    assess(now=NOW)
    number, key = Claim.objects.values_list("pk", "key").get()
    take_down(1)
    claim = again()
    assert (claim.pk, claim.key, claim.spread, claim.withdrawn_at) == (number, key, 2, None)
    assert claim.first_document and claim.first_document.url.endswith("/2")
    left = claim.evidence.exclude(left_at=None).get()
    assert (left.document.url[-1], left.left_at) == ("1", NOW)
    take_down(1, back=True)
    assert again().spread == 3
    assert not claim.evidence.exclude(left_at=None).exists()


def test_a_few_documents_that_moved_over_do_not_make_it_the_same_claim() -> None:
    keep(*(entry(n, FLOOD + str(n)) for n in range(1, 5)))
    first, second, third, fourth = DocumentRow.objects.order_by("url").values_list("pk", flat=True)
    claim = Claim.objects.create(key="k", assertion="x", risk=0.9, priority=1.0, first_at=NOW)
    claims.put_evidence(claim, [(pk, ClaimEvidence.ASSERTS) for pk in (first, second, third)], now=NOW)
    assert claims.held_by([first, fourth], but=[]) is None
    assert claims.held_by([first, second, fourth], but=[]) == claim
    assert claims.held_by([first, second, fourth], but=["k"]) is None
    take_down(2, 3)
    assert claims.held_by([first, fourth], but=[]) == claim


def test_an_edit_that_takes_the_assertion_back_is_named(flood: Claim) -> None:
    judged(entry(1, CALM, hours=2), entry(2, CALM + "！", hours=1))
    claim = again()
    assert claim.withdrawn_at == NOW
    assert "均已修改内容" in claim.lost_why


def test_a_new_judgement_that_finds_nothing_to_check_is_named(flood: Claim) -> None:
    Claim.objects.update(model="older")
    AnnotationRow.objects.update(relevant=False)
    claim = again()
    assert claim.lost_why == "原有 2 条转述均已按现在的模型和词表重新判断；现在已不符合列入待核实的条件。"


def test_different_fates_of_its_documents_are_counted_apart(flood: Claim) -> None:
    take_down(1)
    Claim.objects.update(model="older")
    AnnotationRow.objects.filter(document__url__endswith="/2").update(relevant=False)
    assert again().lost_why == (
        "原有 2 条转述，其中 1 条已被原网站删除、1 条已按现在的模型和词表重新判断；现在已不符合列入待核实的条件。"
    )


def test_erased_documents_are_named(flood: Claim) -> None:
    DocumentRow.objects.all().delete()
    assert again().lost_why == "原有 2 条转述均已从本台删除。"


def test_what_an_office_has_said_meanwhile_is_named() -> None:
    text = "近岸海域贻贝样品检出麻痹性贝类毒素超标，误食可致口唇麻木、四肢无力，千万别吃，赶紧转发！！"
    judged(*(entry(n, text, hours=5 - n) for n in (1, 2, 3)))
    assess(now=NOW)
    assert claims.to_check().count() == 1
    notice = "近岸海域贻贝样品检出麻痹性贝类毒素超标，误食可致口唇麻木、四肢无力，请市民不要食用。"
    judged(entry(9, notice, title="贻贝消费预警", hours=0, source="office", official=True))
    claim = again()
    assert claim.lost_why == "转述的内容与官方已发布的信息相符，也没有人质疑。"


def test_a_claim_older_than_the_reach_of_a_run_stays_as_it_was(flood: Claim) -> None:
    take_down(1, 2)
    assert assess(now=NOW + timedelta(days=31)).withdrawn == 0
    assert claims.to_check().count() == 1


def test_a_claim_is_found_whole_while_its_documents_grow_older_than_the_window() -> None:
    judged(entry(1, FLOOD, hours=24 * 14 + 12), entry(2, FLOOD, hours=24 * 13))
    assess(now=NOW - timedelta(days=1))
    claim = Claim.objects.get()
    assert claim.spread == 2
    assert again().spread == 2
    assert assess(now=NOW + timedelta(days=10)) == Assessed(claims=1, added=0, withdrawn=0, restored=0)


@pytest.fixture
def officer() -> User:
    ensure_roles()
    user = User.objects.create_user("officer")
    user.groups.set(Group.objects.filter(name=Role.OFFICER.value))
    return user


@pytest.mark.parametrize("act", ["found out", "to check again", "case taken", "said to be a claim"])
def test_where_a_person_acted_a_claim_stays_with_a_note(flood: Claim, officer: User, act: str) -> None:
    if act == "found out":
        judge_claim(flood.pk, officer, Claim.REFUTED, "已核实", now=NOW)
    elif act == "to check again":
        judge_claim(flood.pk, officer, Claim.SET_ASIDE, "先放一放", now=NOW)
        judge_claim(flood.pk, officer, Claim.TO_CHECK, "还要查", now=NOW)
    elif act == "case taken":
        Case.objects.create(key="claim:x", title="x", claim=flood, opened_at=NOW, holder=officer)
    else:
        assert flood.first_document
        labels.give(flood.first_document, {Label.CLAIM: Label.YES}, officer, now=NOW)
    take_down(1, 2)
    status = Claim.objects.get().status
    claim = again()
    assert (claim.status, claim.withdrawn_at) == (status, None)
    assert claim.lost_why == "原有 2 条转述均已被原网站删除。"
    assert not AuditRow.objects.filter(verb="drop").exists()


def test_a_person_may_put_a_withdrawn_claim_back_and_no_run_takes_it_off_again(flood: Claim, officer: User) -> None:
    take_down(1, 2)
    assert again().withdrawn_at
    judge_claim(flood.pk, officer, Claim.TO_CHECK, "截图还在流传", now=NOW)
    assert claims.to_check().get().pk == flood.pk
    assert again().withdrawn_at is None


class TestWhatPeopleSaidOfDocuments:
    def test_a_document_said_to_be_no_claim_is_none_and_the_reason_says_so(self, flood: Claim, officer: User) -> None:
        for document in DocumentRow.objects.all():
            labels.give(document, {Label.CLAIM: Label.NO}, officer, now=NOW)
        assert "均经人工判断不是要核实的说法" in again().lost_why

    def test_a_document_said_to_be_a_claim_is_one_however_calm(self, officer: User) -> None:
        judged(entry(1, CALM))
        assert assess(now=NOW).claims == 0
        labels.give(DocumentRow.objects.get(), {Label.CLAIM: Label.YES}, officer, now=NOW)
        assert assess(now=NOW).claims == 1

    def test_a_document_said_to_be_none_of_the_sea_is_no_claim(self, flood: Claim, officer: User) -> None:
        for document in DocumentRow.objects.all():
            labels.give(document, {Label.RELEVANCE: Label.NO}, officer, now=NOW)
        assert again().withdrawn_at

    def test_a_claim_set_aside_still_takes_in_what_is_worded_alike(self, flood: Claim, officer: User) -> None:
        judge_claim(flood.pk, officer, Claim.SET_ASIDE, "旧视频，已说明", now=NOW)
        judged(entry(3, FLOOD.replace("快跑", "当心"), hours=0))
        claim = again()
        assert (claim.pk, claim.status, claim.spread, claim.lost_why) == (flood.pk, Claim.SET_ASIDE, 3, "")


counts = st.integers(0, 3)


@given(st.builds(Lost, asserted=st.integers(1, 9), erased=counts, gone=counts, edited=counts, denied=counts,
                 relayed=counts, rejudged=counts, elsewhere=st.none() | st.integers(1, 9)))  # fmt: skip
def test_every_reason_is_one_chinese_sentence_that_brands_nothing(lost: Lost) -> None:
    said = why_lost(lost)
    assert said.endswith("。")
    assert not {"谣", "假", "不实", "None"} & {word for word in ("谣", "假", "不实", "None") if word in said}
    if not (lost.gone or lost.elsewhere or lost.relayed):
        assert "原网站" not in said
    assert why_lost(replace(lost, elsewhere=7)) == "相同的内容现归入第 7 号说法。"
