"""The closing summary names every source's end, the topics, claims, deadlines and drafts of the night."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flows.assess import assess
from flows.prepare import prepare
from flows.report import report, show
from flows.track import track
from store.models import Case, Claim, Draft
from store.stages import Annotation, Cue, HarvestState
from tests.flows.test_ingest import NOW, entry, harvest
from tests.flows.test_track import read

POISON = "刚接到通知：塘沽的毛蚶有毒，已经有人住院，千万别吃，赶紧转发！！"  # a poisoned-shellfish message

pytestmark = pytest.mark.django_db


def a_night(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten people pass on one alarming message; the rules see a claim worth a case."""

    def alarming(tokens: object, *, relevant: bool) -> Annotation:
        cues = (
            Cue(name="repost", words="转发"),
            Cue(name="notice", words="刚接到通知"),
            Cue(name="harm", words="有毒"),
        )
        return Annotation(
            relevant=relevant,
            relevance=1.0,
            category="渔业与海鲜安全",
            claim_risk=0.95,
            cues=cues,
            tokens=("毛蚶", "有毒"),
        )

    monkeypatch.setattr("tests.flows.test_track.annotation", alarming)
    read(*(entry(n, POISON + "！" * n, hours=n) for n in range(1, 11)))
    track(night="2026-01-23", now=NOW)
    assess(now=NOW)
    prepare(now=NOW)


def test_a_claim_many_pass_on_becomes_a_case_with_a_clock_and_a_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    a_night(monkeypatch)
    claim = Claim.objects.get()
    assert (claim.spread, claim.status) == (10, Claim.TO_CHECK)
    assert claim.reasons
    case = Case.objects.get(claim=claim)
    assert case.deadlines.get().due_at == NOW + timedelta(hours=48)
    draft = Draft.objects.get(case=case)
    assert draft.enough is False
    assert "谣言" not in draft.title + draft.body


def test_the_same_night_again_adds_no_claim_case_or_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    a_night(monkeypatch)
    before = [model.objects.count() for model in (Claim, Case, Draft)]
    track(night="2026-01-23", now=NOW)
    assess(now=NOW)
    prepare(now=NOW)
    assert [model.objects.count() for model in (Claim, Case, Draft)] == before


def test_what_people_decided_of_a_claim_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    a_night(monkeypatch)
    Claim.objects.update(status=Claim.REFUTED)
    assess(now=NOW)
    assert Claim.objects.get().status == Claim.REFUTED


def test_the_summary_shows_ends_topics_claims_clocks_and_drafts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from flows.ingest import ingest

    a_night(monkeypatch)
    ingest(harvest(source="closed", state=HarvestState.BLOCKED), night="2026-01-23", now=NOW)
    night = report("2026-01-23", now=NOW)
    assert [run.source_id for run in night.unheard] == ["closed"]
    show(night)
    page = capsys.readouterr().out
    for wanted in (
        "被拒绝",
        "毛蚶",
        "待核实信息",
        "首次回应",
        "不足",
        "昨夜听到 1/2 个来源；未能听全：closed（被拒绝）",
    ):
        assert wanted in page, wanted
