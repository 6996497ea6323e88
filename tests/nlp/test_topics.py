"""Documents of one matter share one topic whose code is stable across runs, orders and batches."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nlp.features import TrackingParameters
from nlp.normalise import normalise
from nlp.segment import words
from nlp.topics import TopicState, Tracking, TrackItem, successor, topic_code, track

START = datetime(2026, 1, 20, 1, 0, tzinfo=UTC)
ICE = [
    "北塘渔港的海冰一夜之间堆到口门，十几条渔船被困在冰区",
    "海冰把渔船夹住了，北塘渔港口门外还有十来条船回不来",
    "拖轮破冰，把被海冰围困的渔船领回北塘渔港",
    "北塘的渔民说海冰割断了缆绳，渔船都在港里拴着",
]
OIL = [
    "高沙岭海面漂着一条油污带，柴油味呛人，鱼线都粘住了",
    "临港到高沙岭的油膜有几百米长，海事派艇取了油样",
    "高沙岭的油污是谁漏的？海面油膜还没清干净",
    "工人在高沙岭布设围油栏回收油污，海事排查过往船舶",
]


def item(url: str, text: str, hours: float = 0.0, **more: object) -> TrackItem:
    base = TrackItem(
        id=url,
        url=url,
        title="",
        text=text,
        words=tuple(words(normalise(text))),
        published_at=START + timedelta(hours=hours),
    )
    return replace(base, **more)  # type: ignore[arg-type]


def stories() -> list[TrackItem]:
    texts = [text for pair in zip(ICE, OIL, strict=True) for text in pair]
    return [item(f"u{n}", text, n) for n, text in enumerate(texts)]


def codes(tracking: Tracking) -> dict[str, str]:
    return {placed.url: placed.code for placed in tracking.assignments}


def stored(tracking: Tracking) -> list[TopicState]:
    """The states as they come back from JSON columns."""
    return [
        TopicState.restored(
            s.code, json.loads(json.dumps(s.centre())), size=s.size, first_at=s.first_at, last_at=s.last_at
        )
        for s in tracking.states
    ]


def test_two_matters_make_two_topics() -> None:
    found = codes(track([], stories()))
    ice, oil = ({found[f"u{n}"] for n in range(first, 8, 2)} for first in (0, 1))
    assert len(ice) == len(oil) == 1
    assert ice != oil


def test_a_topic_is_named_by_its_first_document_and_its_date_in_china() -> None:
    late = datetime(2026, 1, 20, 17, 0, tzinfo=UTC)  # 01:00 of the 21st in Beijing
    assert topic_code("https://a.example/1", late).startswith("T20260121-")
    assert codes(track([], stories()))["u0"] == topic_code("u0", START)


def test_the_order_of_the_input_changes_nothing() -> None:
    rows = stories()
    shuffled = rows[:]
    random.Random(7).shuffle(shuffled)
    assert track([], rows) == track([], shuffled)


def test_the_next_run_continues_the_topic() -> None:
    rows = stories()
    first = track([], rows[:6])
    second = track(stored(first), rows[6:], memberships=codes(first))
    assert set(codes(second).values()) <= set(codes(first).values())
    sizes = {s.code: s.size for s in second.states}
    assert sorted(sizes.values()) == [4, 4]


def test_a_document_already_placed_stays_and_counts_once() -> None:
    rows = stories()
    first = track([], rows)
    again = track(stored(first), rows, memberships=codes(first))
    assert again == Tracking((), (), ())


def test_only_relevant_documents_open_topics() -> None:
    assert track([], [replace(row, relevant=False) for row in stories()]) == Tracking((), (), ())


def test_replies_and_repeats_follow_what_they_answer_or_repeat() -> None:
    parent, other = stories()[:2]
    rows = [
        parent,
        other,
        item("r1", "真的假的", 3, reply_to=parent.url, relevant=False),
        item("r2", "高沙岭油污也没人管", 4, reply_to="r1"),
        item("d1", OIL[0], 5, duplicate_of=other.url),
    ]
    found = codes(track([], rows))
    assert found["r1"] == found["r2"] == found[parent.url]
    assert found["d1"] == found[other.url]


def test_a_reply_in_a_later_run_follows_its_parent() -> None:
    first = track([], stories())
    reply = item("late", "后来呢", 40, reply_to="u0", relevant=False)
    second = track(stored(first), [reply], memberships=codes(first))
    assert codes(second) == {"late": codes(first)["u0"]}


def test_a_relevant_reply_to_something_irrelevant_speaks_for_itself() -> None:
    rows = [*stories(), item("chat", "今天吃什么", 1, relevant=False), item("r", ICE[2], 9, reply_to="chat")]
    found = codes(track([], rows))
    assert "chat" not in found
    assert found["r"] == found["u0"]


def test_documents_that_answer_each_other_are_not_lost() -> None:
    found = codes(track([], [item("a", ICE[0], reply_to="b"), item("b", ICE[1], reply_to="a")]))
    assert set(found) == {"a", "b"}


def test_topics_that_turn_out_to_be_one_are_merged_into_the_older() -> None:
    lone = replace(TrackingParameters.load(), merge=2.0, join=2.0)
    first = track([], [item(f"i{n}", text, n) for n, text in enumerate(ICE)], parameters=lone)
    assert len(first.states) == len(ICE)
    second = track(stored(first), [item("last", ICE[0] + "，" + ICE[1], 9)], memberships=codes(first))
    oldest = topic_code("i0", START)
    assert second.merged
    assert {successor(code, dict(second.merged)) for code in codes(second).values()} == {oldest}
    assert all(old != oldest for old, _ in second.merged)
    kept = next(s for s in second.states if s.code == oldest)
    assert kept.size == kept.roots == len(ICE) + 1


@pytest.mark.parametrize(("days", "joined"), [(1, True), (200, False)])
def test_a_long_silent_topic_does_not_draw_new_documents(days: int, joined: bool) -> None:
    first = track([], stories())
    again = item("again", ICE[3], days * 24)
    found = codes(track(stored(first), [again], memberships=codes(first)))
    assert (found["again"] in codes(first).values()) is joined


def test_an_empty_run_changes_nothing() -> None:
    assert track([], []) == Tracking((), (), ())


def test_a_text_without_any_word_opens_a_topic_of_its_own() -> None:
    found = codes(track([], [*stories(), item("x", "👍👍")]))
    assert found["x"] not in {code for url, code in found.items() if url != "x"}
