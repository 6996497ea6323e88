"""Which topics and claims become cases, for which stated reason, and that a matter becomes one only once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from responders.case_rules import case_rules
from responders.cases import CaseOpening, ClaimFacts, TopicFacts, decide_cases, open_cases, shortened
from responders.facts import claim_facts, topic_facts
from store import labels
from store.models import AuditRow, Case, Claim, Incident, Label, Topic
from tests.responders.conftest import NOW
from tests.responders.rows import make_claim, make_document, make_topic

OIL = TopicFacts(
    code="T1", title="高沙岭海面油污", category="海洋环境污染", heat=60, size=35, voices={"report": 9, "chat": 20}
)
FISH = ClaimFacts(key="c1", assertion="汉沽的海鲜有毒", priority=70, spread=20, official=1, topic="T2")


def decide(topics: list[TopicFacts], claims: list[ClaimFacts]) -> list[CaseOpening]:
    return decide_cases(topics, claims, rules=case_rules())


def test_a_matter_of_public_interest_opens_with_its_figures_in_the_reason() -> None:
    (opening,) = decide([OIL], [])
    assert (opening.key, opening.rule, opening.deadlines) == ("topic:T1", "public_interest", ("first_response",))
    assert "热度60" in opening.reason
    assert "相关信息35条" in opening.reason
    assert "反映9条" in opening.reason


@pytest.mark.parametrize(
    "change",
    [
        {"heat": 5.0},
        {"size": 2},
        {"voices": {"chat": 35}},
        {"category": "观测预报与科研"},
        {"has_case": True},
    ],
)
def test_a_topic_that_misses_a_condition_opens_nothing(change: dict[str, object]) -> None:
    assert decide([replace(OIL, **change)], []) == []  # type: ignore[arg-type]


def test_voices_against_count_as_concern() -> None:
    (opening,) = decide([replace(OIL, category="海水利用", voices={"chat": 20}, against=12)], [])
    assert opening.rule == "policy"


def test_an_unanswered_service_complaint_needs_little_to_open() -> None:
    topic = TopicFacts(
        code="T3", title="续期材料被退", category="行政许可与政务服务", heat=0, size=4, voices={"complaint": 2}
    )
    (opening,) = decide([topic], [])
    assert (opening.rule, opening.deadlines) == ("service", ("message_reply",))
    assert decide([replace(topic, official=1)], []) == []


def test_a_disaster_that_official_updates_answer_needs_no_second_case() -> None:
    surge = replace(OIL, category="海洋灾害")
    assert decide([surge], [])[0].rule == "disaster"
    assert decide([replace(surge, has_incident=True)], []) == []


def test_a_claim_opens_without_a_verdict_and_carries_the_topic_that_repeats_it() -> None:
    topic = replace(OIL, code="T2", size=50)
    (opening,) = decide([topic], [FISH])
    assert (opening.key, opening.claim, opening.topic) == ("claim:c1", "c1", "T2")
    assert "不作属实与否的判断" in opening.reason
    assert [o.key for o in decide([topic], [replace(FISH, spread=2)])] == ["claim:c1", "topic:T2"]
    assert decide([topic], [replace(FISH, has_case=True, topic_has_claim_case=True)]) == []


def test_a_topic_gets_one_claim_case_the_one_of_highest_priority() -> None:
    other = replace(FISH, key="c2", priority=90)
    assert [o.key for o in decide([], [FISH, other])] == ["claim:c2"]
    assert decide([], [replace(FISH, topic_has_claim_case=True)]) == []
    assert decide([], [replace(FISH, is_open=False)]) == []
    assert decide([], [replace(FISH, priority=10)]) == []
    assert len(decide([], [replace(FISH, topic=""), replace(other, topic="")])) == 2


def test_deciding_does_not_depend_on_the_order_of_what_is_seen() -> None:
    topics = [replace(OIL, code=f"T{n}", heat=40.0 + n % 3) for n in range(6)]
    assert decide(topics, [FISH]) == decide(topics[::-1], [FISH])


@pytest.mark.django_db
def test_a_second_run_opens_nothing_and_each_opening_leaves_its_audit_row() -> None:
    topic = make_topic("T1", "高沙岭海面油污", "海洋环境污染", heat=60)
    for number in range(12):
        make_document(f"海面有油 {number}", topic=topic, voice="report" if number < 5 else "chat")
    openings = decide(topic_facts(NOW), claim_facts())
    (case,) = open_cases(openings, now=NOW)
    assert (case.topic, case.deadlines.get().rule) == (topic, "first_response")
    assert open_cases(openings, now=NOW) == []
    assert decide(topic_facts(NOW), claim_facts()) == []
    row = AuditRow.objects.get()
    assert (row.verb, row.object_type, row.detail["rule"]) == ("open", "case", "public_interest")


@pytest.mark.django_db
def test_facts_count_voices_official_answers_and_stances_apart() -> None:
    topic = make_topic("T1", "风暴潮影响塘沽", "海洋灾害", heat=60)
    make_document("风暴潮什么时候到？", topic=topic, voice="question", stance="against")
    make_document("风暴潮预报不准", topic=topic, voice="chat", stance="against")
    make_document("风暴潮警报", topic=topic, voice="official", official=True)
    Topic.objects.create(code="T9", title="并入的", first_at=NOW, last_at=NOW, merged_into=topic)
    (facts,) = topic_facts(NOW)
    assert (facts.concern, facts.against, facts.official, facts.has_incident) == (2, 1, 1, False)
    Incident.objects.create(code="I1", hazard="风暴潮", title="过程", opened_at=NOW)
    assert topic_facts(NOW)[0].has_incident


@pytest.mark.django_db
def test_a_claim_under_check_is_found_with_its_topics_case() -> None:
    topic = make_topic("T2", "海鲜有毒", "渔业与海鲜安全", heat=60)
    claim, other = make_claim("海鲜有毒", topic=topic), make_claim("海鲜别吃", topic=topic)
    open_cases(decide([], claim_facts()), now=NOW)
    assert Case.objects.get().claim in (claim, other)
    assert all(facts.topic_has_claim_case for facts in claim_facts())
    assert decide([], claim_facts()) == []
    Claim.objects.update(status=Claim.REFUTED)
    assert not any(facts.is_open for facts in claim_facts())


def test_a_title_is_one_line_of_limited_length() -> None:
    assert shortened("甲\n乙", 10) == "甲 乙"
    assert shortened("甲" * 20, 10) == "甲" * 9 + "…"


@pytest.mark.django_db
def test_voices_and_stances_are_those_that_people_gave_where_they_spoke(officer: User) -> None:
    topic = make_topic("T1", "海边倒土", "海域使用", heat=60)
    documents = [make_document(f"海边倒土{n}", topic=topic, voice="chat") for n in range(3)]
    (facts,) = topic_facts(NOW)
    assert (facts.voices, facts.against) == ({"chat": 3}, 0)
    labels.give(documents[0], {Label.VOICE: "complaint"}, officer, now=NOW)
    labels.give(documents[1], {Label.STANCE: "against"}, officer, now=NOW)
    (facts,) = topic_facts(NOW)
    assert (facts.voices, facts.against) == ({"chat": 1, "complaint": 1}, 1)


@pytest.mark.django_db
def test_a_withdrawn_claim_asks_for_no_case() -> None:
    claim = make_claim("毛蚶有毒")
    assert claim_facts()[0].is_open
    claim.withdrawn_at = NOW
    claim.save()
    assert not claim_facts()[0].is_open
