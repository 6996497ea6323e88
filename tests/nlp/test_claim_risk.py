"""The risk of an assertion: text, marks and doubts multiply within their caps, none is counted twice, each has its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given as having
from hypothesis import strategies as st

from nlp.claims.parameters import ClaimParameters
from nlp.claims.risk import Signs, cue_evidence, doubt_evidence, risk, text_evidence
from nlp.cues import cue_rules
from store.stages import Cue

GIVEN = ClaimParameters.load()
CALM = Signs(text=GIVEN.text_even, cues=(), doubters=0, replies=0)
some_cues = st.lists(st.sampled_from([Cue(name=rule.name, words=rule.name) for rule in cue_rules()]), max_size=8)
some_signs = st.builds(
    Signs, text=st.floats(0, 1), cues=some_cues, doubters=st.integers(0, 30), replies=st.integers(0, 200)
)


def test_without_any_evidence_the_risk_is_the_prior() -> None:
    assert risk(CALM, GIVEN).value == pytest.approx(GIVEN.prior)
    assert len(risk(CALM, GIVEN).reasons) == 1


@having(some_signs)
def test_a_risk_is_a_probability_and_no_reason_brands(signs: Signs) -> None:
    found = risk(signs, GIVEN)
    assert 0 < found.value < 1
    assert not any(word in " ".join(found.reasons) for word in ("谣", "不实", "虚假"))


@having(some_signs)
def test_removing_all_marks_never_raises_the_risk(signs: Signs) -> None:
    assert risk(replace(signs, cues=()), GIVEN).value <= risk(signs, GIVEN).value


@having(some_signs)
def test_no_kind_of_evidence_outgrows_its_cap(signs: Signs) -> None:
    assert abs(text_evidence(signs, GIVEN)) <= GIVEN.text_cap
    assert 0 <= cue_evidence(signs, GIVEN) <= GIVEN.cue_cap
    assert 0 <= doubt_evidence(signs, GIVEN) <= GIVEN.doubt_cap


def test_one_doubter_counts_less_than_two_and_few_among_many_replies_count_nothing() -> None:
    evidence = [doubt_evidence(replace(CALM, doubters=n, replies=10), GIVEN) for n in (0, 1, 2)]
    assert evidence[0] == 0 < evidence[1] < evidence[2]
    assert doubt_evidence(replace(CALM, doubters=2, replies=100), GIVEN) == 0


def test_the_reasons_say_in_words_how_the_risk_came_about() -> None:
    signs = Signs(text=0.98, cues=(Cue(name="spread", words="速转"),), doubters=3, replies=9)
    reasons = risk(signs, GIVEN).reasons
    assert reasons[0].startswith("起点：")
    assert "文本的写法像以往需要核实的说法" in reasons[1]
    assert "请求扩散“速转”" in reasons[2]
    assert reasons[3].startswith("9条回复和转述中3条质疑，可能性由")
