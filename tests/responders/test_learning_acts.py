"""Filing, judging, moving and merging: each leaves its labels, its audit row, and what no run may undo."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from responders.cases import CaseOpening, open_case
from responders.file_document import Filing, file_document
from responders.judge_claim import judge_claim
from responders.merge_topics import merge_topics
from responders.move_document import NEW, move_document
from responders.roles import Role
from store import audit, labels, placements, topics
from store.errors import NotAllowed, NotFound, StaleText
from store.models import AuditRow, DocumentRow, Draft, Label, Placement, Topic
from tests.responders.conftest import NOW, make_draft
from tests.responders.rows import make_claim, make_document, make_topic

pytestmark = pytest.mark.django_db


def filed(document: DocumentRow, actor: User, **values: str) -> list[Label]:
    return file_document(document.pk, actor, Filing(**values), document.text_hash, now=NOW)


def standing(document: DocumentRow) -> dict[str, str]:
    return {what: label.value for what, label in labels.standing_of([document.pk])[document.pk].items()}


def last_act() -> AuditRow:
    row = AuditRow.objects.order_by("number").last()
    assert row is not None
    assert audit.verify() == []
    return row


class TestFiling:
    def test_a_filing_keeps_both_words_and_leaves_an_audit_row_without_text(self, officer: User) -> None:
        document = make_document("海边有人倒土")
        given = filed(document, officer, category="海域使用", voice="report")
        assert standing(document) == {"relevance": "yes", "category": "海域使用", "voice": "report"}
        (voice,) = [label for label in given if label.what == Label.VOICE]
        assert (voice.machine_value, voice.model, voice.given_by) == ("chat", "test", officer)
        assert document.annotation.voice == "chat"  # the machine's word is never overwritten
        row = last_act()
        assert (row.verb, row.object_type, row.object_id) == ("file", "document", str(document.pk))
        assert (row.detail["voice"], row.detail["machine_voice"]) == ("report", "chat")
        assert "倒土" not in str(row.detail)

    def test_a_word_on_relevance_lets_the_next_run_place_the_document_again(self, officer: User) -> None:
        document = make_document("海边有人倒土")
        DocumentRow.objects.update(is_tracked=True)
        filed(document, officer, voice="report")
        assert DocumentRow.objects.get().is_tracked
        filed(document, officer, relevance="no")
        assert not DocumentRow.objects.get().is_tracked

    def test_the_same_value_confirms_and_a_second_time_changes_nothing(self, officer: User) -> None:
        document = make_document("海边有人倒土")
        (label,) = filed(document, officer, relevance="yes")
        assert (label.value, label.machine_value, label.machine_score) == ("yes", "yes", 0.9)
        with pytest.raises(NotAllowed, match="没有改变"):
            filed(document, officer, relevance="yes")

    def test_a_new_word_replaces_the_old_which_stays_as_history(self, officer: User) -> None:
        document = make_document("海边有人倒土")
        filed(document, officer, category="海域使用", part="围填海")
        filed(document, officer, relevance="no")
        assert standing(document) == {"relevance": "no"}
        assert document.labels.count() == 4
        assert document.labels.exclude(replaced_at=None).count() == 3

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({}, "至少选择一项"),
            ({"category": "军事"}, "不在选项之内"),
            ({"voice": "shout"}, "不在选项之内"),
            ({"relevance": "no", "category": "海域使用"}, "不涉海"),
            ({"part": "赤潮", "category": "海域使用"}, "不属于"),
            ({"part": "赤潮"}, "不属于"),
        ],
    )
    def test_what_does_not_belong_together_is_refused(self, officer: User, values: dict[str, str], words: str) -> None:
        document = make_document("海边有人倒土")
        with pytest.raises(NotAllowed, match=words):
            filed(document, officer, **values)
        assert not Label.objects.exists()
        assert not AuditRow.objects.exists()

    def test_readers_and_administrators_do_not_file(self, person: Callable[..., User]) -> None:
        document = make_document("海边有人倒土")
        for name, role in (("du", Role.READER), ("guan", Role.ADMINISTRATOR)):
            with pytest.raises(NotAllowed, match="请由经办人、审核人、签发人办理"):
                filed(document, person(name, role), relevance="no")
        assert not Label.objects.exists()

    def test_an_edited_text_must_be_read_again(self, officer: User) -> None:
        document = make_document("海边有人倒土")
        with pytest.raises(StaleText):
            file_document(document.pk, officer, Filing(relevance="no"), "f" * 64, now=NOW)
        with pytest.raises(NotFound):
            file_document(document.pk + 1, officer, Filing(relevance="no"), "f" * 64, now=NOW)


class TestJudging:
    @pytest.mark.parametrize(("finding", "value"), [("confirmed", "yes"), ("refuted", "yes"), ("set_aside", "no")])
    def test_a_finding_labels_the_first_document(self, officer: User, finding: str, value: str) -> None:
        claim = make_claim("塘沽的海鲜都有毒")
        judge_claim(claim.pk, officer, finding, "市场监管部门电话核实", now=NOW)
        assert claim.first_document
        label = claim.first_document.labels.get()
        assert (label.what, label.value, label.machine_score) == ("claim", value, 0.1)
        assert last_act().verb == "judge"

    def test_to_be_checked_again_takes_the_label_back(self, officer: User) -> None:
        claim = make_claim("塘沽的海鲜都有毒")
        judge_claim(claim.pk, officer, "set_aside", "只是抱怨", now=NOW)
        judge_claim(claim.pk, officer, "to_check", "又有人转述", now=NOW)
        assert claim.first_document
        assert standing(claim.first_document) == {}

    def test_a_claim_whose_document_was_erased_is_judged_without_a_label(self, officer: User) -> None:
        claim = make_claim("塘沽的海鲜都有毒")
        DocumentRow.objects.all().delete()
        assert judge_claim(claim.pk, officer, "refuted", "已核实", now=NOW).status == "refuted"
        assert not Label.objects.exists()


class TestMerging:
    def test_everything_goes_over_and_nothing_breaks(self, officer: User) -> None:
        gone, kept = make_topic("T1", "海边倒土", "海域使用"), make_topic("T2", "南港填海", "海域使用")
        for topic in (gone, kept):
            make_document(f"{topic.title}，有人管吗", topic=topic)
        claim = make_claim("倒的是毒土", topic=gone)
        case = open_case(_opening("T1"), now=NOW)
        assert case is not None
        draft = make_draft(case)
        assert merge_topics("T1", "T2", officer, now=NOW) == kept
        for changed in (gone, kept, claim, case):
            changed.refresh_from_db()
        assert (gone.merged_into, claim.topic, case.topic, kept.size) == (kept, kept, kept, 3)
        assert Draft.objects.get() == draft
        assert case.deadlines.exists()
        assert Placement.objects.filter(topic=kept, by_merge=True).count() == 3
        row = last_act()
        assert (row.verb, row.object_type, row.object_id, row.detail["gone"]) == ("merge", "topic", "T2", "T1")

    def test_a_topic_is_not_merged_with_itself_nor_twice(self, officer: User, person: Callable[..., User]) -> None:
        make_topic("T1", "海边倒土", "海域使用")
        make_topic("T2", "南港填海", "海域使用")
        with pytest.raises(NotAllowed, match="另一个话题"):
            merge_topics("T1", "T1", officer, now=NOW)
        with pytest.raises(NotFound):
            merge_topics("T1", "T9", officer, now=NOW)
        with pytest.raises(NotAllowed, match="您的岗位"):
            merge_topics("T1", "T2", person("du", Role.READER), now=NOW)
        merge_topics("T1", "T2", officer, now=NOW)
        with pytest.raises(NotAllowed, match="已经并入"):
            merge_topics("T1", "T2", officer, now=NOW)

    def test_a_run_that_parts_it_again_is_put_right(self, officer: User) -> None:
        gone, kept = make_topic("T1", "海边倒土", "海域使用"), make_topic("T2", "南港填海", "海域使用")
        document = make_document("有人管吗", topic=gone)
        merge_topics("T1", "T2", officer, now=NOW)
        split = make_topic("T3", "海边倒土", "海域使用")
        document.membership.topic = split
        document.membership.save()
        placements.keep()
        document.membership.refresh_from_db()
        assert document.membership.topic == kept
        assert (Topic.objects.get(code="T2").size, Topic.objects.get(code="T3").size) == (1, 0)
        assert placements.keep() == 0


class TestMoving:
    def test_a_document_takes_repeats_replies_and_claims_along(self, officer: User) -> None:
        old, new = make_topic("T1", "海边倒土", "海域使用"), make_topic("T2", "南港填海", "海域使用")
        make_document("别的话", topic=old)
        claim = make_claim("倒的是毒土", topic=old)
        document = claim.first_document
        assert document
        repeat, reply = make_document("转", topic=old), make_document("回", topic=old)
        DocumentRow.objects.filter(pk=repeat.pk).update(duplicate_of=document)
        DocumentRow.objects.filter(pk=reply.pk).update(reply_to=document.url)
        assert move_document(document.pk, "T2", officer, now=NOW) == new
        claim.refresh_from_db()
        old.refresh_from_db()
        new.refresh_from_db()
        assert (claim.topic, old.size, new.size) == (new, 1, 3)
        row = last_act()
        assert (row.verb, row.object_id) == ("move", str(document.pk))
        assert (row.detail["from_topic"], row.detail["to_topic"], row.detail["documents"]) == ("T1", "T2", 3)
        assert document.placement.machine_topic == "T1"

    def test_a_document_opens_a_topic_of_its_own_that_the_tracker_can_go_on_with(self, officer: User) -> None:
        old = make_topic("T1", "海边倒土", "海域使用")
        make_document("别的话", topic=old)
        document = make_document("汉沽海水淡化水价要开听证会，居民担心涨价。", topic=old)
        document.annotation.tokens = ["汉沽", "海水淡化", "水价", "听证会", "居民", "担心", "涨价"]
        document.annotation.save()
        topic = move_document(document.pk, NEW, officer, now=NOW)
        assert topic.code not in ("", "T1")
        assert topic.title in document.text
        assert (topic.members.get().document, topic.first_document) == (document, document)

    def test_the_last_document_takes_its_topic_along(self, officer: User) -> None:
        old = make_topic("T1", "海边倒土", "海域使用")
        make_topic("T2", "南港填海", "海域使用")
        document = make_document("有人管吗", topic=old)
        with pytest.raises(NotAllowed, match="不必另立"):
            move_document(document.pk, NEW, officer, now=NOW)
        move_document(document.pk, "T2", officer, now=NOW)
        old.refresh_from_db()
        assert old.merged_into and old.merged_into.code == "T2"
        assert placements.parted() == frozenset()

    def test_what_a_person_parted_no_run_joins(self, officer: User) -> None:
        old = make_topic("T1", "海边倒土", "海域使用")
        make_topic("T2", "南港填海", "海域使用")
        make_document("别的话", topic=old)
        document = make_document("有人管吗", topic=old)
        move_document(document.pk, "T2", officer, now=NOW)
        assert placements.parted() == {frozenset(("T1", "T2"))}
        merge_topics("T1", "T2", officer, now=NOW)  # people may change their minds
        assert placements.parted() == frozenset()
        assert document.placement.by_merge is False

    def test_a_placement_follows_a_topic_that_a_run_merged(self, officer: User) -> None:
        old, new, third = (make_topic(f"T{n}", f"话题{n}", "海域使用") for n in (1, 2, 3))
        make_document("别的话", topic=old)
        document = make_document("有人管吗", topic=old)
        move_document(document.pk, "T2", officer, now=NOW)
        new.refresh_from_db()
        topics.merge(new, third)
        placements.keep()
        document.membership.refresh_from_db()
        assert document.membership.topic == third

    def test_moving_needs_the_right_and_another_topic(self, officer: User, person: Callable[..., User]) -> None:
        old = make_topic("T1", "海边倒土", "海域使用")
        document = make_document("有人管吗", topic=old)
        with pytest.raises(NotAllowed, match="已经在"):
            move_document(document.pk, "T1", officer, now=NOW)
        with pytest.raises(NotAllowed, match="您的岗位"):
            move_document(document.pk, NEW, person("du", Role.READER), now=NOW)
        with pytest.raises(NotFound):
            move_document(2_000_000_000, NEW, officer, now=NOW)
        assert not AuditRow.objects.exists()


def _opening(code: str) -> CaseOpening:
    return CaseOpening(
        key=f"topic:{code}", title="海边倒土", rule="concern", reason="", deadlines=("first_response",), topic=code
    )
