"""The pages of a document and a claim open every judgement to the words behind it, and never fail for want of a model."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from dashboard.queries import spoken as queries
from dashboard.queries.spoken import behind
from nlp.annotate import judges
from nlp.department import LABELS
from nlp.relevance import of_context
from nlp.spoken import LONGEST
from store.documents import url_hash
from store.errors import ModelRefused
from store.models import AnnotationRow, Claim, DocumentRow
from tests.dashboard.factories import Room, document

CITY = "请问小区物业乱收停车费归谁管？业主委员会投诉多次没有结果"  # a matter of housing


def page_of(client: Client, row: DocumentRow) -> str:
    return client.get(f"/documents/{row.pk}/").content.decode()


def test_each_judgement_on_a_document_opens_to_words(officer: Client, room: Room) -> None:
    row = document("塘沽海边有人倒土填海，谁批的？气死人了！", voice="question", model=judges())
    page = page_of(officer, row)
    assert page.count('<details class="why">') == 6  # relevance, category, voice, emotion, stance, claim risk
    assert "填海" in page.split("<dt>类别</dt>")[1].split("</dd>")[0]
    assert "使其" in page.split("<dt>须核实的程度</dt>")[1].split("</dd>")[0]
    assert "较早的模型" not in page


def test_words_of_another_model_than_judged_are_said_to_be(officer: Client, room: Room) -> None:
    assert "标注时用的是较早的模型" in page_of(officer, room.post)


def test_of_a_long_text_only_the_beginning_is_looked_through_and_that_is_said(officer: Client, room: Room) -> None:
    page = page_of(officer, document("海" * LONGEST + "赤潮爆发", model=judges()))
    assert "只出自前 2000 字" in page
    assert "赤潮" not in page.split("<dt>类别</dt>")[1].split("</dd>")[0]
    assert "只出自前" not in page_of(officer, room.post)


def test_a_document_edited_since_waits_for_its_new_annotation(officer: Client, room: Room) -> None:
    AnnotationRow.objects.filter(document=room.post).update(text_hash="other")
    page = page_of(officer, room.post)
    assert "原文在标注之后改过" in page
    assert '<details class="why">' not in page


def test_refused_models_leave_the_page_open(officer: Client, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Path:
        raise ModelRefused("changed")

    monkeypatch.setattr(queries, "models_in_use", refuse)
    assert "模型文件没有通过校验" in page_of(officer, room.post)


def test_a_document_never_annotated_has_nothing_behind_it(room: Room) -> None:
    AnnotationRow.objects.filter(document=room.post).delete()
    assert behind(DocumentRow.objects.get(pk=room.post.pk)) == queries.NEVER_JUDGED


def test_a_message_that_is_no_matter_of_the_sea_is_shown_to_its_department(officer: Client, room: Room) -> None:
    page = page_of(officer, document(CITY, relevant=False, relevance=0.02, category="", voice="question"))
    assert LABELS[0] in page.split("<dt>看起来属于</dt>")[1].split("</dd>")[0]
    assert "停车费" in page.split("<dt>看起来属于</dt>")[1].split("</dd>")[0]


@pytest.mark.parametrize(("relevant", "voice"), [(True, "question"), (False, "chat")])
def test_no_department_is_named_for_matters_of_the_sea_and_idle_talk(
    relevant: bool, voice: str, officer: Client, room: Room
) -> None:
    assert "看起来属于" not in page_of(officer, document(CITY, relevant=relevant, voice=voice))


def test_a_reply_shows_the_words_of_what_it_answers(officer: Client, room: Room) -> None:
    above = document("南港工业区围填海审批公示", title="围填海")
    reply = document("到底谁批的？", reasons=[of_context(f"{above.title}\n{above.text}")])
    DocumentRow.objects.filter(pk=reply.pk).update(reply_to=above.url)
    DocumentRow.objects.filter(pk=above.pk).update(url_hash=url_hash(above.url))
    assert "按它所回应的帖子判断" in page_of(officer, reply)


def test_a_claim_opens_to_the_words_of_its_riskiest_text(officer: Client, room: Room) -> None:
    claim = Claim.objects.get()
    page = officer.get(f"/claims/{claim.pk}/").content.decode()
    assert "文本中使可能性升高的词" in page
    Claim.objects.update(first_document=None)
    claim.evidence.all().delete()
    assert "文本中使可能性升高的词" not in officer.get(f"/claims/{claim.pk}/").content.decode()
