"""Documents that older models judged are judged anew, so many a night, the most pressing first; people's words stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from dashboard.queries.nights import work_lines
from flows import cli
from flows import rejudge as stage
from flows.annotate import annotate, annotator, batches_waiting
from flows.dedupe import dedupe
from flows.rejudge import RejudgeParameters, batches, batches_tonight, finish, rejudge, waiting
from flows.track import track
from store import generations, labels
from store.generations import work_of
from store.models import (
    AnnotationRow,
    Case,
    Claim,
    ClaimEvidence,
    DocumentRow,
    Label,
    NightWork,
    Placement,
    Topic,
    TopicMember,
)
from tests.flows.test_ingest import NOW, SURGE, entry, keep

NIGHT = "2026-01-23"
HOTPOT = "今晚的火锅真好吃，排队两小时。"

pytestmark = pytest.mark.django_db


def by_older_models(*entries: object, **said: object) -> None:
    """Entries judged by the models in use, made out to be the judgement of others, with what those said otherwise."""
    keep(*entries)  # type: ignore[arg-type]
    dedupe(now=NOW)
    for ids in batches_waiting():
        annotate(ids)
    AnnotationRow.objects.update(model="older", **said)


def at_most(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    bound = replace(RejudgeParameters.load(), documents_a_night=number)
    monkeypatch.setattr(stage.RejudgeParameters, "load", lambda: bound)


def one_night(ids_of: Iterable[list[int]] | None = None) -> int:
    """How many documents the night judged anew."""
    done = [ids for ids in (batches_tonight(now=NOW) if ids_of is None else ids_of) if rejudge(ids, now=NOW) >= 0]
    finish(now=NOW)
    return sum(map(len, done))


def numbers(ids: Iterable[list[int]]) -> list[str]:
    """The last part of the documents' URLs, in the order in which they are judged."""
    urls = dict(DocumentRow.objects.values_list("pk", "url"))
    return [urls[pk].rsplit("/", 1)[1] for batch in ids for pk in batch]


def test_what_older_models_judged_is_judged_anew_and_counted() -> None:
    by_older_models(entry(1), entry(2, HOTPOT), category="渔业与海鲜安全")
    assert one_night() == 2
    assert AnnotationRow.objects.filter(model=annotator().version).count() == 2
    assert AnnotationRow.objects.get(document__url__endswith="/1").category == "海洋灾害"
    work = work_of(NIGHT)
    assert (work.rejudged, work.changed, work.waiting) == (2, 2, 0)
    assert work_lines(work) == ["模型或词表更新后重新判断 2 篇文档，其中 2 篇结果有变。"]


def test_where_nothing_is_older_nothing_is_done_or_said() -> None:
    by_older_models(entry(1))
    AnnotationRow.objects.update(model=annotator().version)
    assert one_night() == 0
    assert not NightWork.objects.exists()
    assert work_lines(work_of(NIGHT)) == []


def test_a_night_stays_within_its_bound_over_all_its_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    at_most(monkeypatch, 3)
    by_older_models(*(entry(n, SURGE + "！" * n) for n in range(1, 6)))
    first = batches_tonight(now=NOW)
    assert one_night([first[0][:2]]) == 2  # killed after two of three
    assert one_night() == 1
    assert one_night() == 0
    assert work_of(NIGHT).waiting == 2
    assert "还有 2 篇留待以后的夜间" in work_lines(work_of(NIGHT))[0]
    later = NOW + timedelta(days=1)
    assert [len(ids) for ids in batches_tonight(now=later)] == [2]


def test_a_batch_that_fails_leaves_judgements_and_counts_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    by_older_models(entry(1))
    monkeypatch.setattr(generations, "count", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        one_night()
    assert AnnotationRow.objects.get().model == "older"
    assert not NightWork.objects.exists()


def test_living_topics_open_cases_and_claims_in_the_list_come_before_newer_documents() -> None:
    by_older_models(*(entry(n, HOTPOT + str(n), hours=n) for n in range(1, 7)))
    rows = {row.url.rsplit("/", 1)[1]: row for row in DocumentRow.objects.all()}
    living = Topic.objects.create(code="T-living", title="x", first_at=NOW, last_at=NOW)
    past = NOW - timedelta(days=90)
    silent = Topic.objects.create(code="T-silent", title="x", first_at=past, last_at=past)
    waits = Topic.objects.create(code="T-case", title="x", first_at=past, last_at=past)
    Case.objects.create(key="topic:T-case", title="x", topic=waits, opened_at=past)
    for number, topic in (("6", living), ("5", waits), ("2", silent)):
        TopicMember.objects.create(topic=topic, document=rows[number])
    claim = Claim.objects.create(key="k", assertion="x", risk=0.9, priority=1.0, first_at=NOW)
    ClaimEvidence.objects.create(claim=claim, document=rows["4"], role=ClaimEvidence.ASSERTS)
    assert numbers(batches(None, now=NOW)) == ["4", "5", "6", "1", "2", "3"]
    assert numbers(batches(2, now=NOW)) == ["4", "5"]
    claim.withdrawn_at = NOW
    claim.save()
    assert numbers(batches(2, now=NOW)) == ["5", "6"]


def test_what_was_erased_or_taken_down_is_not_judged_again() -> None:
    by_older_models(entry(1), entry(2, SURGE + "！"), entry(3, SURGE + "？"))
    DocumentRow.objects.filter(url__endswith="/1").update(text="")
    DocumentRow.objects.filter(url__endswith="/2").update(gone_at=NOW)
    assert (waiting(), one_night()) == (1, 1)
    assert AnnotationRow.objects.filter(model="older").count() == 2


def test_peoples_words_and_places_outlive_a_new_judgement() -> None:
    by_older_models(entry(1))
    document = DocumentRow.objects.get()
    person = User.objects.create(username="person")
    topic = Topic.objects.create(code="T-mine", title="x", first_at=NOW, last_at=NOW)
    labels.give(document, {Label.CATEGORY: "海域使用", Label.CLAIM: Label.NO}, person, now=NOW)
    TopicMember.objects.create(topic=topic, document=document)
    Placement.objects.create(document=document, topic=topic, placed_by=person, placed_at=NOW)
    before = list(Label.objects.order_by("pk").values())
    one_night()
    track(night=NIGHT, now=NOW)
    assert list(Label.objects.order_by("pk").values()) == before
    assert TopicMember.objects.get(document=document).topic == topic


def test_what_is_no_longer_marine_leaves_its_topic_and_what_has_become_marine_enters_one() -> None:
    by_older_models(entry(1), entry(2, HOTPOT), relevant=True)
    topic = Topic.objects.create(code="T-one", title="x", first_at=NOW, last_at=NOW, size=1)
    TopicMember.objects.create(topic=topic, document=DocumentRow.objects.get(url__endswith="/2"))
    AnnotationRow.objects.filter(document__url__endswith="/1").update(relevant=False)
    DocumentRow.objects.update(is_tracked=True)
    one_night()
    track(night=NIGHT, now=NOW)
    topic.refresh_from_db()
    assert topic.size == 0
    assert TopicMember.objects.get().document.url.endswith("/1")


def test_an_old_document_is_judged_anew_and_its_topic_left_as_it_was() -> None:
    by_older_models(entry(1, HOTPOT, hours=24 * 60), relevant=True)
    DocumentRow.objects.update(is_tracked=True)
    assert one_night() == 1
    assert DocumentRow.objects.get().is_tracked


@pytest.mark.django_db(
    transaction=True
)  # the command looks at the tables' form, which a test's open transaction forbids
def test_the_command_counts_judges_a_part_and_then_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    by_older_models(*(entry(n, SURGE + "！" * n) for n in range(1, 4)))
    for arguments, said in (
        (["--count"], "3 篇文档待重新判断"),
        (["--most", "2"], "重新判断 2 篇，其中 0 篇结果有变；还有 1 篇待重新判断"),
        ([], "重新判断 1 篇，其中 0 篇结果有变；还有 0 篇待重新判断"),
        ([], "重新判断 0 篇"),
    ):
        cli.cli(["rejudge", *arguments], standalone_mode=False)
        assert said in capsys.readouterr().out
