"""Topics keep their codes over nights; edits and replies follow; words and heat come from their documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from dashboard.queries.topics import living
from flows.dedupe import dedupe
from flows.track import track
from nlp.rhythm import CHINA
from store import labels
from store.documents import document, posts_by_hour_of_week, save_annotations
from store.models import Case, DocumentRow, SourceRun, SourceState, Topic, TopicChange, TopicMember, TopicPoint
from store.sources import heard_since, listening_since
from store.stages import Annotation, HarvestState
from tests.flows.test_ingest import NOW, entry, keep

OIL = (
    "高沙岭附近海面漂着一条油污带，柴油味很重，临港那边也能看见油膜。",  # an oil sheen off Gaoshaling
    "临港高沙岭的油污带还在，油膜往南漂，海事的船来看过了。",
    "有人知道高沙岭海面的油污带是哪里漏的油吗，油膜有几百米长。",
)
WATER = "北疆电厂海水淡化水价要听证，汉沽居民担心淡化水涨价。"  # the price of desalinated water

pytestmark = pytest.mark.django_db


def read(*entries: object, relevant: bool = True) -> None:
    """Take entries through ingest, dedupe and a fixed annotation."""
    keep(*entries)  # type: ignore[arg-type]
    dedupe(now=NOW)
    rows = list(DocumentRow.objects.filter(annotation=None).order_by("pk"))
    save_annotations([(row, annotation(row.text.split("，"), relevant=relevant)) for row in rows])


def annotation(tokens: Sequence[str], *, relevant: bool) -> Annotation:
    category = "海洋环境污染" if relevant else ""
    return Annotation(relevant=relevant, relevance=float(relevant), category=category, tokens=tuple(tokens))


def one_night(now: datetime = NOW, night: str = "2026-01-23") -> None:
    track(night=night, now=now)


def test_texts_of_one_matter_become_one_topic_with_words_from_them() -> None:
    read(*(entry(n, text, hours=n) for n, text in enumerate(OIL, 1)), entry(9, WATER))
    one_night()
    topic = Topic.objects.get(size=3)
    assert topic.summary in "".join(OIL)
    assert topic.title in "".join(OIL)
    assert (topic.category, topic.members.count()) == ("海洋环境污染", 3)
    assert topic.first_document and topic.first_document.text == OIL[2]
    assert 0 < topic.heat <= 100
    assert {part["name"] for part in topic.heat_parts} >= {"声量", "增速", "广度", "互动", "新近"}


def test_a_topic_keeps_its_code_when_more_is_said_the_next_night() -> None:
    read(entry(1, OIL[0], hours=5))
    one_night()
    code = Topic.objects.get().code
    read(entry(2, OIL[1], hours=-20))
    one_night(NOW + timedelta(days=1), "2026-01-24")
    topic = Topic.objects.get()
    assert (topic.code, topic.size) == (code, 2)
    assert list(topic.points.values_list("night", "size")) == [("2026-01-23", 1), ("2026-01-24", 2)]


def test_a_second_run_of_the_same_night_changes_no_count() -> None:
    read(*(entry(n, text) for n, text in enumerate(OIL, 1)))
    one_night()
    before = (Topic.objects.count(), TopicMember.objects.count(), TopicPoint.objects.count())
    one_night()
    assert (Topic.objects.count(), TopicMember.objects.count(), TopicPoint.objects.count()) == before
    assert Topic.objects.get().size == 3


ICE = (
    "北塘渔港的海冰一夜之间堆到口门，十几条渔船被困在冰区。",
    "海冰把渔船夹住了，北塘渔港口门外还有十来条船回不来。",
    "拖轮破冰，把被海冰围困的渔船领回北塘渔港。",
)


def force(code: str, texts: Sequence[str]) -> Topic:
    """Put documents into one topic, as an earlier night might have."""
    rows = list(DocumentRow.objects.filter(text__in=texts))
    topic = Topic.objects.create(
        code=code, title=code, first_at=min(r.published_at for r in rows), last_at=NOW, size=len(rows)
    )
    TopicMember.objects.bulk_create([TopicMember(topic=topic, document=row) for row in rows])
    DocumentRow.objects.filter(pk__in=[row.pk for row in rows]).update(is_tracked=True)
    return topic


def test_topics_that_turn_out_to_be_one_are_merged_with_their_case_and_remember_it() -> None:
    read(*(entry(n, text, hours=9 - n) for n, text in enumerate(OIL, 1)))
    old, late = force("T-old", OIL[:1]), force("T-late", OIL[1:2])
    case = Case.objects.create(key="topic:T-late", title="油污", topic=late, opened_at=NOW)
    one_night()
    old.refresh_from_db()
    late.refresh_from_db()
    case.refresh_from_db()
    assert (old.size, old.members.count(), late.merged_into, case.topic) == (3, 3, old, old)
    (change,) = TopicChange.objects.all()
    assert (change.kind, change.topic, change.other, change.count, change.at) == ("merged", old, late, 1, NOW)
    assert 0.0 < change.alike <= 1.0


def test_a_topic_of_two_matters_is_split_and_its_core_keeps_code_and_case() -> None:
    read(*(entry(n, text, hours=30 - n) for n, text in enumerate([*OIL, *ICE[:2]], 1)))
    read(entry(7, "快去看", hours=1, reply_to="http://127.0.0.1/4"), relevant=False)
    both = force("T-both", [*OIL, *ICE[:2], "快去看"])
    case = Case.objects.create(key="topic:T-both", title="油污", topic=both, opened_at=NOW)
    read(entry(9, ICE[2], hours=1))
    one_night()
    both.refresh_from_db()
    case.refresh_from_db()
    part = Topic.objects.exclude(pk=both.pk).get()
    assert (both.size, part.size, case.topic) == (3, 4, both)
    assert {member.document.text for member in part.members.all()} == {*ICE, "快去看"}
    (change,) = TopicChange.objects.all()
    assert (change.kind, change.topic, change.other, change.count) == ("split", part, both, 2)


def test_an_edited_document_stays_in_its_topic() -> None:
    read(entry(1, OIL[0]), entry(2, OIL[1]))
    one_night()
    read(entry(1, OIL[0] + "更新：已清理。"))
    one_night()
    topic = Topic.objects.get()
    assert (topic.size, topic.members.count()) == (2, 2)


def test_replies_and_reposts_follow_what_they_answer_or_repeat() -> None:
    read(entry(1, OIL[0], hours=6))
    read(entry(2, "谢谢提醒！", reply_to="http://127.0.0.1/1"), relevant=False)
    read(entry(3, "转发//@某某：" + OIL[0], hours=2))
    one_night()
    topic = Topic.objects.get()
    assert topic.members.count() == 3


def test_unrelated_talk_opens_no_topic() -> None:
    read(entry(1, "食堂的包子涨价了。"), relevant=False)
    one_night()
    assert not Topic.objects.exists()


def run_of(slug: str, state: HarvestState, hours_ago: float) -> None:
    source, _ = SourceState.objects.get_or_create(slug=slug, defaults={"title": slug, "kind": "feed"})
    at = NOW - timedelta(hours=hours_ago)
    SourceRun.objects.create(source=source, night="n", started_at=at, finished_at=at, state=state.value)


def test_a_source_that_came_back_is_known_since_its_first_good_run_after_the_failure() -> None:
    run_of("steady", HarvestState.OK, 72)
    run_of("steady", HarvestState.NOT_MODIFIED, 24)
    for state, hours in (
        (HarvestState.OK, 72),
        (HarvestState.BLOCKED, 48),
        (HarvestState.OK, 24),
        (HarvestState.OK, 1),
    ):
        run_of("returned", state, hours)
    run_of("silent", HarvestState.TIMED_OUT, 24)
    assert heard_since() == {"returned": NOW - timedelta(hours=24)}
    assert listening_since() == NOW - timedelta(hours=72)


def test_listening_has_not_begun_before_the_first_good_run() -> None:
    run_of("silent", HarvestState.UNREACHABLE, 24)
    assert listening_since() is None


def test_a_stored_document_reads_back_as_the_stages_see_it() -> None:
    keep(entry(1, OIL[0], published_at=datetime(2026, 1, 20, 1, tzinfo=UTC)))
    value = document(DocumentRow.objects.get())
    assert (value.text, value.published_at, value.duplicate_of) == (OIL[0], datetime(2026, 1, 20, 1, tzinfo=UTC), None)


def test_a_topic_rising_above_its_own_past_is_marked_and_gets_a_band_of_the_next_hours() -> None:
    run_of("board", HarvestState.OK, 24 * 20)
    read(entry(1, OIL[0], hours=24 * 5))
    read(*(entry(n, OIL[n % 3] + f"第{n}天了。", hours=n) for n in range(2, 12)))
    one_night()
    topic = Topic.objects.get()
    assert topic.burst["heard"] >= 5
    assert topic.burst["deviations"] >= 3
    assert topic.forecast["low"] <= topic.forecast["middle"] <= topic.forecast["high"]
    assert topic.forecast["hours"] == 6


def test_posts_are_counted_by_the_hour_of_the_week_in_china() -> None:
    keep(entry(1, OIL[0], published_at=datetime(2026, 1, 18, 16, 30, tzinfo=UTC)))  # Monday, half past midnight
    keep(entry(2, OIL[1], published_at=datetime(2026, 1, 18, 15, 59, tzinfo=UTC)))  # Sunday, the last hour
    (counts,) = posts_by_hour_of_week(NOW - timedelta(days=30), CHINA).values()
    assert (counts[0], counts[167], sum(counts)) == (1, 1, 2)


def say(document: DocumentRow, **values: str) -> None:
    """A person's word on a document, as filed on the desk."""
    officer, _ = User.objects.get_or_create(username="officer")
    labels.give(document, values, officer, now=NOW)
    DocumentRow.objects.filter(pk=document.pk).update(is_tracked=False)


def test_what_a_person_calls_marine_is_placed_and_what_a_person_calls_none_of_the_sea_leaves() -> None:
    read(entry(1, OIL[0], hours=3), entry(2, OIL[1], hours=2))
    read(entry(3, OIL[2], hours=1), relevant=False)
    one_night()
    assert TopicMember.objects.count() == 2
    say(DocumentRow.objects.get(text=OIL[2]), relevance="yes")
    say(DocumentRow.objects.get(text=OIL[1]), relevance="no")
    one_night()
    topic = Topic.objects.get()
    assert {member.document.text for member in topic.members.all()} == {OIL[0], OIL[2]}
    assert topic.size == 2


def test_a_topic_whose_only_document_left_is_shown_nowhere_and_keeps_its_code() -> None:
    read(entry(1, OIL[0]))
    one_night()
    say(DocumentRow.objects.get(), relevance="no")
    one_night()
    topic = Topic.objects.get()
    assert (topic.size, topic.heat) == (0, 0.0)
    assert not living().exists()


def test_a_topics_category_follows_what_people_filed_its_documents_under() -> None:
    read(entry(1, OIL[0], hours=2), entry(2, OIL[1], hours=1))
    one_night()
    assert Topic.objects.get().category == "海洋环境污染"
    for row in DocumentRow.objects.all():
        say(row, category="海洋执法")
    one_night()
    assert Topic.objects.get().category == "海洋执法"
