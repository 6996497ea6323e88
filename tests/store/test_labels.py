"""Labels: one stands a side, they go with their text, and rows to learn from hold only what people said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from store import documents, labels
from store.models import DocumentRow, Label, Topic, TopicMember

NOW = datetime(2026, 1, 22, 18, 0, tzinfo=UTC)


def stored(text: str, number: int) -> DocumentRow:
    url = f"https://site.example/{number}"
    return DocumentRow.objects.create(
        url=url, url_hash=documents.url_hash(url), source="s", kind="news", title="标题", text=text,
        text_hash=documents.url_hash(text), published_at=NOW, first_seen_at=NOW, last_seen_at=NOW,
    )  # fmt: skip


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["label", "erase", "expire", "edit", "withdraw", "take back"]), st.integers(0, 2), st.booleans()
    ),
    max_size=14,
)


class LabelsAndTexts(TestCase):
    """Whatever people and retention do, in whatever order."""

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(steps=STEPS)
    def test_a_label_never_outlives_its_document_s_text(self, steps: list[tuple[str, int, bool]]) -> None:
        actor = User.objects.create_user("chen")
        pks = [stored(f"海边 {number}", number).pk for number in range(3)]
        for minute, (step, number, yes) in enumerate(steps):
            row = DocumentRow.objects.filter(pk=pks[number]).first()
            if row is not None:
                self._do(step, row, actor, yes=yes, now=NOW + timedelta(minutes=minute))
            assert all(row["text"].removeprefix("标题\n") for row in labels.training_rows())
            living = set(DocumentRow.objects.values_list("pk", flat=True))
            assert set(Label.objects.values_list("document", flat=True)) <= living
            if step == "withdraw":
                assert not Label.objects.filter(document__text="").exists()
        stale = [label for label in labels.usable() if label.text_hash != label.document.text_hash]
        assert stale == []

    def _do(self, step: str, row: DocumentRow, actor: User, *, yes: bool, now: datetime) -> None:
        match step:
            case "label":
                labels.give(row, {Label.RELEVANCE: Label.YES if yes else Label.NO}, actor, now=now)
            case "take back":
                labels.take_back(row, [Label.RELEVANCE], now=now)
            case "erase":
                row.delete()
            case "expire":
                DocumentRow.objects.filter(pk=row.pk).update(text="", title="")
            case "edit":
                DocumentRow.objects.filter(pk=row.pk).update(text_hash=f"{now.timestamp():064.0f}")
            case "withdraw":
                labels.withdraw_textless()
        sides = list(Label.objects.filter(document=row.pk, replaced_at=None).values_list("what", flat=True))
        assert len(sides) == len(set(sides))


@pytest.fixture
def actor(db: None) -> User:
    return User.objects.create_user("chen")


def test_rows_hold_only_what_people_said_in_the_corpus_s_words(actor: User) -> None:
    first, second = stored("围填海", 1), stored("大港油田", 2)
    labels.give(first, {"relevance": "yes", "category": "海域使用", "part": "围填海", "claim": "no"}, actor, now=NOW)
    labels.give(second, {"relevance": "no", "voice": "news"}, actor, now=NOW)
    rows = {row.pop("group"): row for row in labels.training_rows()}
    assert rows == {
        f"desk-{first.pk}": {
            "text": "标题\n围填海", "relevant": True, "categories": ["海域使用"], "part": "围填海", "claim": False,
        },
        f"desk-{second.pk}": {"text": "标题\n大港油田", "relevant": False, "voice": "news"},
    }  # fmt: skip


def test_documents_of_one_topic_are_one_group(actor: User) -> None:
    first, second = stored("围填海", 1), stored("填海", 2)
    topic = Topic.objects.create(code="T1", title="填海", first_at=NOW, last_at=NOW)
    for row in (first, second):
        TopicMember.objects.create(topic=topic, document=row)
        labels.give(row, {"relevance": "yes"}, actor, now=NOW)
    assert {row["group"] for row in labels.training_rows()} == {"desk-T1"}


def test_an_edited_document_teaches_nothing_until_it_is_read_again(actor: User) -> None:
    row = stored("围填海", 1)
    labels.give(row, {"relevance": "yes"}, actor, now=NOW)
    row.text_hash = "e" * 64
    row.save()
    assert list(labels.training_rows()) == []
    assert labels.give(row, {"relevance": "yes"}, actor, now=NOW)
    assert len(list(labels.training_rows())) == 1


def test_what_people_say_goes_before_what_the_column_says(actor: User) -> None:
    first, second, third = (stored(f"海 {number}", number) for number in range(3))
    DocumentRow.objects.filter(pk__in=[first.pk, second.pk]).update(publisher="yes")
    labels.give(second, {"relevance": "no"}, actor, now=NOW)
    labels.give(third, {"relevance": "yes"}, actor, now=NOW)
    found = DocumentRow.objects.filter(labels.said("relevance", "yes", "publisher", "yes"))
    assert set(found) == {first, third}
