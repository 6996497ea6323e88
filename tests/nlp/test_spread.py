"""The path of a topic: first source, who followed, from where and in which words."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from nlp.spread import SpreadDocument, spread_path

START = datetime(2026, 1, 20, 1, 0, tzinfo=UTC)


def doc(number: int, source: str, hours: float, *, follows: str = "", repeats: bool = False) -> SpreadDocument:
    at = START + timedelta(hours=hours)
    return SpreadDocument(id=number, url=f"u{number}", source=source, published_at=at, follows=follows, repeats=repeats)


ROWS = [
    doc(1, "board", 0),
    doc(2, "board", 1, follows="u1"),
    doc(3, "microblog", 2, follows="u1", repeats=True),
    doc(4, "news", 5),
    doc(5, "microblog", 6),
]


def test_sources_stand_in_the_order_they_came_to_the_topic() -> None:
    path = spread_path(ROWS)
    assert [(step.source, step.first, step.documents) for step in path] == [
        ("board", 1, 2),
        ("microblog", 3, 2),
        ("news", 4, 1),
    ]


def test_a_source_that_repeats_another_names_it_and_nothing_is_guessed() -> None:
    board, microblog, news = spread_path(ROWS)
    assert (microblog.came_from, microblog.same_words) == ("board", True)
    assert (board.came_from, news.came_from, news.same_words) == ("", "", False)


def test_the_order_of_the_documents_does_not_matter() -> None:
    shuffled = list(ROWS)
    random.Random(7).shuffle(shuffled)
    assert spread_path(shuffled) == spread_path(ROWS)


def test_no_document_no_path() -> None:
    assert spread_path([]) == ()
