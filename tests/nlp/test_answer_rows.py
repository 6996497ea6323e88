"""Known answers and claims are read liberally in what is given and strictly in what is wrong."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.answer_rows import match_row, read_answers, read_claims
from nlp.answer_types import Match
from store.errors import BadInput


def one(row: object) -> list[str]:
    return [json.dumps(row, ensure_ascii=False)]


def test_an_answer_needs_an_id_and_one_text_of_any_name() -> None:
    for key in ("claim", "title", "text", "debunk"):
        assert next(iter(read_answers(one({"id": 7, key: " 海水倒灌 "}), name="kb"))).answer().wording() == "海水倒灌"


def test_null_counts_as_left_out_and_unknown_keys_and_blank_lines_are_passed_over() -> None:
    lines = ["\n", "\ufeff", *one({"id": "a", "claim": None, "debunk": "未检出", "tags": ["x"], "date": None})]
    (row,) = read_answers(lines, name="kb")
    assert (row.claim, row.debunk, row.at, row.where) == ("", "未检出", None, "kb line 3")


def test_a_day_is_read_in_beijing_time_and_valid_from_counts_before_date() -> None:
    (row,) = read_answers(one({"id": 1, "text": "x", "date": "2020-01-01", "valid_from": "2020-11-01"}), name="kb")
    assert row.at is not None
    assert row.at.astimezone(UTC) == datetime(2020, 10, 31, 16, tzinfo=UTC)
    (row,) = read_answers(one({"id": 1, "text": "x", "date": "2021-04-10 15:46:22"}), name="kb")
    assert row.at is not None


@pytest.mark.parametrize("written", ["2021-4-1", "2021/04/01", "2021年4月1日", "2021.4.1", "2021-04-01T00:00:00+08:00"])
def test_a_day_may_be_written_as_people_write_it(written: str) -> None:
    (row,) = read_answers(one({"id": 1, "text": "x", "date": written}), name="kb")
    assert row.at is not None
    assert row.at.astimezone(UTC) == datetime(2021, 3, 31, 16, tzinfo=UTC)


KEYS = ("id", "claim", "title", "text", "debunk", "verdict", "source", "url", "date", "superseded_by")
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(alphabet="潮a7-/:年月 \x00", max_size=12),
    st.lists(st.integers(), max_size=2),
    st.datetimes().map(str),
)


@given(st.dictionaries(st.sampled_from(KEYS), ANYTHING))
def test_whatever_a_row_holds_it_is_read_or_named(row: dict[str, object]) -> None:
    for read in (read_answers, read_claims):
        with contextlib.suppress(BadInput):
            assert list(read([json.dumps(row)], name="kb.jsonl"))


def test_an_answer_that_another_took_over_is_superseded() -> None:
    (row,) = read_answers(one({"id": 1, "text": "x", "superseded_by": "2"}), name="kb")
    assert row.answer().superseded


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('{"text": "x"}', "'id' is missing"),
        ('{"id": "", "text": "x"}', "'id'"),
        ('{"id": true, "text": "x"}', "'id' is True"),
        ('{"id": 1.5, "text": "x"}', "'id' is 1.5"),
        ('{"id": 1}', "none of claim, title, text, debunk"),
        ('{"id": 1, "text": "  "}', "none of claim"),
        ('{"id": 1, "text": ["x"]}', "'text'"),
        ('{"id": 1, "text": "x", "verdict": 5}', "'verdict' is 5"),
        ('{"id": 1, "text": "x", "date": "yesterday"}', "'date' is 'yesterday'"),
        ('{"id": 1, "text": "x", "date": 20200101}', "'date' is 20200101"),
        ('{"id": 1, "text": "x", "date": "0001-01-01"}', "'date' is '0001-01-01'"),
        ("[1]", "expected an object"),
        ("nonsense", "no JSON"),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_a_bad_answer_is_named_with_file_line_and_key(line: str, named: str) -> None:
    with pytest.raises(BadInput, match=named) as caught:
        list(read_answers(['{"id": 0, "text": "good"}', line], name="kb.jsonl"))
    assert str(caught.value).startswith("kb.jsonl line 2:")


def test_a_claim_is_read_from_text_or_claim_and_may_be_empty() -> None:
    lines = [
        *one({"id": 1, "text": "甲"}),
        *one({"id": "b", "claim": "乙", "title": "丙"}),
        *one({"id": 3, "text": ""}),
    ]
    assert [(identity, heard.text) for identity, heard in read_claims(lines, name="in")] == [
        (1, "甲"),
        ("b", "丙\n乙"),
        (3, ""),
    ]


@pytest.mark.parametrize(
    ("line", "named"),
    [('{"id": 1}', "'text' is missing"), ('{"text": "x"}', "'id'"), ('{"id": 1, "text": 5}', "'text' is 5")],
)
def test_a_bad_claim_is_named_with_file_line_and_key(line: str, named: str) -> None:
    with pytest.raises(BadInput, match=named):
        list(read_claims([line], name="in.jsonl"))


def test_half_an_emoji_and_a_nul_are_no_reason_to_stop() -> None:
    (row,) = read_answers(['{"id": "a\\u0000", "text": "潮\\ud83c水\\u0000"}'], name="kb")
    assert json.dumps(match_row(row.id, []), ensure_ascii=False).encode()
    assert row.text == "潮\ufffd水"


def test_a_match_is_written_with_its_reasons() -> None:
    assert match_row(5, [Match("a", 0.7, True, False, False, "共同的词：海盐")]) == {
        "id": 5,
        "matches": [{"id": "a", "score": 0.7, "suggest": True, "sure": False, "why": "共同的词：海盐"}],
    }
