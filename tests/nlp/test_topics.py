"""Documents of one matter share one topic whose code is stable across runs, orders and batches."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nlp.features import TrackingParameters
from nlp.normalise import normalise
from nlp.segment import words
from nlp.topics import Known, Tracking, TrackItem, successor, topic_code, track
from store.stages import ChangeKind

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
NOTHING = Known.nothing()


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


def placed(rows: Sequence[TrackItem], found: Mapping[str, str]) -> list[TrackItem]:
    """The documents as the next run reads them, each with its topic."""
    return [replace(row, topic=found.get(row.url, "")) for row in rows]


def known(rows: Sequence[TrackItem]) -> Known:
    """What stands of these placed documents."""
    began: dict[str, datetime] = {}
    for row in rows:
        if row.topic:
            began[row.topic] = min(row.published_at, began.get(row.topic, row.published_at))
    return Known(began, frozenset(began))


def test_two_matters_make_two_topics() -> None:
    found = codes(track(stories(), NOTHING))
    ice, oil = ({found[f"u{n}"] for n in range(first, 8, 2)} for first in (0, 1))
    assert len(ice) == len(oil) == 1
    assert ice != oil


def test_a_topic_is_named_by_its_first_document_and_its_date_in_china() -> None:
    late = datetime(2026, 1, 20, 17, 0, tzinfo=UTC)  # 01:00 of the 21st in Beijing
    assert topic_code("https://a.example/1", late).startswith("T20260121-")
    assert codes(track(stories(), NOTHING))["u0"] == topic_code("u0", START)


def test_the_order_of_the_input_changes_nothing() -> None:
    rows = stories()
    shuffled = rows[:]
    random.Random(7).shuffle(shuffled)
    assert track(rows, NOTHING) == track(shuffled, NOTHING)


def test_the_next_run_continues_the_topic() -> None:
    rows = stories()
    first = codes(track(rows[:6], NOTHING))
    before = placed(rows[:6], first)
    second = codes(track([*before, *rows[6:]], known(before)))
    assert second == {"u6": first["u0"], "u7": first["u1"]}


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_documents_handed_over_in_batches_end_where_one_batch_puts_them(size: int) -> None:
    rows = stories()
    for start in range(0, len(rows), size):
        seen = rows[: start + size]
        found = codes(track(seen, known(seen)))
        rows = [replace(row, topic=found.get(row.url, row.topic)) for row in rows]
    assert {row.url: row.topic for row in rows} == codes(track(stories(), NOTHING))


def test_a_document_already_placed_stays_where_nothing_new_is_said() -> None:
    rows = placed(stories(), codes(track(stories(), NOTHING)))
    assert track(rows, known(rows)) == Tracking((), ())


def test_only_relevant_documents_open_topics() -> None:
    assert track([replace(row, relevant=False) for row in stories()], NOTHING) == Tracking((), ())


def test_replies_and_repeats_follow_what_they_answer_or_repeat() -> None:
    parent, other = stories()[:2]
    rows = [
        parent,
        other,
        item("r1", "真的假的", 3, reply_to=parent.url, relevant=False),
        item("r2", "高沙岭油污也没人管", 4, reply_to="r1"),
        item("d1", OIL[0], 5, duplicate_of=other.url),
    ]
    found = codes(track(rows, NOTHING))
    assert found["r1"] == found["r2"] == found[parent.url]
    assert found["d1"] == found[other.url]


def test_a_reply_to_a_document_no_longer_looked_at_goes_into_its_topic() -> None:
    rows = placed(stories(), codes(track(stories(), NOTHING)))
    reply = item("late", "后来呢", 40, reply_to="old", relevant=False)
    found = track([*rows, reply], known(rows), memberships={"old": rows[0].topic})
    assert codes(found) == {"late": rows[0].topic}


def test_a_reply_into_a_topic_long_silent_has_no_place() -> None:
    reply = item("late", "后来呢", 40, reply_to="old", relevant=False)
    assert track([reply], NOTHING, memberships={"old": "T-gone"}) == Tracking((), ())


def test_a_relevant_reply_to_something_irrelevant_speaks_for_itself() -> None:
    rows = [*stories(), item("chat", "今天吃什么", 1, relevant=False), item("r", ICE[2], 9, reply_to="chat")]
    found = codes(track(rows, NOTHING))
    assert "chat" not in found
    assert found["r"] == found["u0"]


def test_documents_that_answer_each_other_are_not_lost() -> None:
    found = codes(track([item("a", ICE[0], reply_to="b"), item("b", ICE[1], reply_to="a")], NOTHING))
    assert set(found) == {"a", "b"}


def test_a_chain_of_two_thousand_replies_is_walked_to_its_start() -> None:
    chain = [item(f"c{n}", "顶", 2000 - n, reply_to=f"c{n - 1}" if n else "u0", relevant=False) for n in range(2000)]
    found = codes(track([*stories(), *chain], NOTHING))
    assert {found[row.url] for row in chain} == {found["u0"]}


def test_topics_that_turn_out_to_be_one_are_merged_into_the_older() -> None:
    rows = [item(f"i{n}", text, n, topic=topic_code(f"i{n}", START)) for n, text in enumerate(ICE)]
    second = track([*rows, item("last", ICE[0] + "，" + ICE[1], 9)], known(rows))
    oldest = topic_code("i0", START)
    assert set(codes(second).values()) == {oldest}
    assert {gone for gone, _ in second.merged} == {row.topic for row in rows[1:]}
    assert {successor(gone, dict(second.merged)) for gone, _ in second.merged} == {oldest}
    assert all(0.0 < change.alike <= 1.0 and change.count == 1 for change in second.changes)


def test_a_topic_of_two_matters_is_split_and_its_core_keeps_the_code() -> None:
    rows = [item(f"i{n}", text, n, topic="T-both") for n, text in enumerate([*ICE, *OIL[:3]])]
    reply = item("r", "快去看", 9, reply_to="i5", relevant=False, topic="T-both")
    found = track([*rows, reply], known(rows))
    part = topic_code("i4", rows[4].published_at)
    assert codes(found) == {"i4": part, "i5": part, "i6": part, "r": part}
    (change,) = found.changes
    assert (change.kind, change.topic, change.other, change.count) == (ChangeKind.SPLIT, part, "T-both", 3)
    assert change.alike < 0.1


def test_topics_held_together_a_little_do_not_flicker() -> None:
    """Where the threshold would just part them, documents of one topic stay together and new ones do not join."""
    inside = TrackingParameters.load()
    bars = (replace(inside, merge=merge / 100) for merge in range(9, 100))
    bar = next(bar for bar in bars if len(set(codes(track(stories(), NOTHING, parameters=bar)).values())) > 2)
    rows = placed(stories(), codes(track(stories(), NOTHING)))
    assert track(rows, known(rows), parameters=bar) == Tracking((), ())


def test_a_code_once_given_is_not_given_again() -> None:
    rows = [item(f"i{n}", text, n, topic="T-both") for n, text in enumerate([*ICE, *OIL[:3]])]
    used = topic_code("i4", rows[4].published_at)
    found = track(rows, Known({"T-both": START}, frozenset({"T-both", used})))
    assert used not in codes(found).values()
    assert len(set(codes(found).values())) == 1


FIRES = {
    "青岛": [
        "青岛一处冷库凌晨起火，消防救援人员赶到现场，明火已扑灭",
        "青岛冷库起火原因正在核查，没有人员伤亡",
        "青岛那个冷库着火，浓烟滚滚，消防车来了十几辆",
    ],
    "湛江": [
        "湛江一处冷库凌晨起火，消防救援人员赶到现场，明火已扑灭",
        "湛江冷库起火原因正在核查，没有人员伤亡",
        "湛江那个冷库着火，浓烟滚滚，消防车来了十几辆",
    ],
}


def test_two_fires_in_two_cities_are_two_topics_however_alike_their_reports() -> None:
    rows = [item(f"{city}{n}", text) for city, texts in FIRES.items() for n, text in enumerate(texts)]
    found = codes(track([*stories(), *rows], NOTHING))
    assert not {found[f"青岛{n}"] for n in range(3)} & {found[f"湛江{n}"] for n in range(3)}


@pytest.mark.parametrize(("days", "joined"), [(1, True), (200, False)])
def test_a_matter_long_silent_does_not_draw_new_documents(days: int, joined: bool) -> None:
    rows = placed(stories(), codes(track(stories(), NOTHING)))
    found = codes(track([*rows, item("again", ICE[3], days * 24)], known(rows)))
    assert (found["again"] == rows[0].topic) is joined


def test_an_empty_run_changes_nothing() -> None:
    assert track([], NOTHING) == Tracking((), ())


def test_a_text_without_any_word_opens_a_topic_of_its_own() -> None:
    found = codes(track([*stories(), item("x", "👍👍")], NOTHING))
    assert found["x"] not in {code for url, code in found.items() if url != "x"}
