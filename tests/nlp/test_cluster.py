"""Rows of a file are grouped into matters and repeats, relevant or not."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from nlp.annotate import Text
from nlp.cluster import Clustered, cluster, cluster_row
from store.errors import BadInput
from tests.nlp.test_topics import ICE, OIL


def text(identity: str | int, body: str, *, at: datetime | None = None, title: str = "") -> Text:
    return Text(id=identity, title=title, text=body, published_at=at, source="")


def rows() -> list[Text]:
    bodies = [*ICE, *OIL, f"转发微博//@某某：{OIL[0]}"]
    return [text(f"r{n}", body) for n, body in enumerate(bodies)]


def test_every_row_gets_a_topic_in_the_order_given() -> None:
    found = cluster(rows())
    assert [row.id for row in found] == [f"r{n}" for n in range(9)]
    assert len({row.topic for row in found[:4]}) == 1
    assert len({row.topic for row in found[4:]}) == 1
    assert found[0].topic != found[4].topic


def test_a_repeat_names_its_original_and_shares_its_topic() -> None:
    found = cluster(rows())
    assert found[8].duplicate_of == "r4"
    assert found[8].topic == found[4].topic
    assert all(row.duplicate_of is None for row in found[:8])


def test_the_order_of_rows_changes_nothing() -> None:
    shuffled = rows()
    random.Random(3).shuffle(shuffled)
    assert {row.id: row for row in cluster(shuffled)} == {row.id: row for row in cluster(rows())}


def test_the_earliest_published_is_the_original() -> None:
    day = datetime(2026, 1, 21, tzinfo=UTC)
    found = cluster([text("late", OIL[0], at=day.replace(hour=5)), text("early", OIL[0], at=day)])
    assert [row.duplicate_of for row in found] == ["early", None]


def test_a_row_is_written_without_empty_fields() -> None:
    assert cluster_row(Clustered("a", "T1")) == {"id": "a", "topic": "T1"}
    assert cluster_row(Clustered("b", "T1", "a")) == {"id": "b", "topic": "T1", "duplicate_of": "a"}


def test_ids_keep_their_kind_and_may_not_repeat() -> None:
    found = cluster([text(1, OIL[0]), text("1", OIL[0])])
    assert [row.id for row in found] == [1, "1"]
    assert found[1].duplicate_of == 1
    with pytest.raises(BadInput, match="'a' appears twice"):
        cluster([text("a", OIL[0]), text("a", ICE[0])])


def test_no_rows_give_no_rows() -> None:
    assert cluster([]) == []
