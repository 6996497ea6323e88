"""Rows in and out of the annotate command: strict, with the mend named."""

import json
from datetime import UTC, datetime

import pytest

from nlp.annotate import Text
from nlp.rows import annotation_row, read_rows
from store.errors import BadInput
from store.stages import Annotation, Cue, Place, TimeMention


def rows(*lines: str) -> list[Text]:
    return list(read_rows(lines, name="in.jsonl"))


def test_a_full_row_becomes_a_text() -> None:
    (text,) = rows(
        '{"id": "a", "title": "题", "text": "潮", "published_at": "2026-01-21T20:00:00+08:00", "source": "board"}'
    )
    assert (text.id, text.title, text.text, text.source) == ("a", "题", "潮", "board")
    assert text.published_at == datetime(2026, 1, 21, 12, tzinfo=UTC)


def test_optional_keys_may_be_missing_or_null_and_blank_lines_are_passed_over() -> None:
    (text,) = rows("\ufeff", "\n", '{"id": 7, "text": "潮", "title": null, "published_at": ""}\n')
    assert (text.id, text.title, text.published_at) == (7, "", None)


def test_a_time_without_offset_is_beijing_time() -> None:
    (text,) = rows('{"id": 1, "text": "", "published_at": "2026-01-21 20:00"}')
    assert text.published_at == datetime(2026, 1, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "no JSON"),
        ("[1]", "expected an object"),
        ('{"text": "x"}', "'id' is missing"),
        ('{"id": 1}', "'text' is missing"),
        ('{"id": 1, "text": 5}', "'text' is 5; write a string"),
        ('{"id": true, "text": "x"}', "'id' is True"),
        ('{"id": 1, "text": "x", "title": 3}', "'title' is 3"),
        ('{"id": 1, "text": "x", "published_at": "yesterday"}', "'published_at' is 'yesterday'; write it like"),
        ('{"id": 1, "text": "x", "published_at": 17}', "'published_at' is 17"),
    ],
)
def test_a_bad_row_is_refused_naming_file_line_and_mend(line, message):
    with pytest.raises(BadInput, match=r"in.jsonl line 2: ") as refused:
        rows('{"id": 1, "text": "good"}', line)
    assert message in str(refused.value)


def test_an_annotation_becomes_json() -> None:
    at = datetime(2026, 1, 21, 12, tzinfo=UTC)
    annotation = Annotation(
        relevant=True,
        relevance=0.9,
        category="海洋灾害",
        categories=("海洋灾害",),
        cues=(Cue(name="spread", words="求扩散"),),
        places=(Place(name="塘沽", within="天津市滨海新区", longitude=117.65, latitude=39.02),),
        times=(TimeMention(text="今天", start=at, end=at),),
        tokens=("潮",),
    )
    row = json.loads(json.dumps(annotation_row("a", annotation, tokens=True), ensure_ascii=False))
    wanted = [
        "id",
        "relevant",
        "relevance",
        "category",
        "categories",
        "stance",
        "emotion",
        "department",
        "claim_risk",
        "cues",
        "places",
        "times",
        "tokens",
    ]
    assert set(wanted) <= set(row)
    assert row["places"][0]["name"] == "塘沽"
    assert row["times"][0]["start"] == "2026-01-21T12:00:00+00:00"
    assert "tokens" not in annotation_row("a", annotation, tokens=False)
