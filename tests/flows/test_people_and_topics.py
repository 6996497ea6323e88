"""What people did with topics stands after every run of the tracker."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User

from responders.merge_topics import merge_topics
from responders.move_document import NEW, move_document
from responders.roles import Role, ensure_roles
from store.models import DocumentRow, Topic, TopicMember
from tests.flows.test_ingest import NOW, entry
from tests.flows.test_track import OIL, WATER, one_night, read

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def officer() -> User:
    ensure_roles()
    user = User.objects.create_user("chen")
    user.groups.add(Group.objects.get(name=Role.OFFICER.value))
    return user


def topic_of(document: DocumentRow) -> str:
    return TopicMember.objects.select_related("topic").get(document=document).topic.code


def test_a_document_moved_out_stays_out_and_its_topic_is_not_joined_again(officer: User) -> None:
    read(*(entry(n, text, hours=n) for n, text in enumerate(OIL, 1)))
    one_night()
    moved = DocumentRow.objects.get(text=OIL[1])
    old = topic_of(moved)
    own = move_document(moved.pk, NEW, officer, now=NOW)
    read(entry(7, OIL[0].replace("柴油", "汽油")), entry(8, OIL[1].replace("船", "执法船")))
    one_night(now=LATER, night="2026-01-24")
    assert topic_of(moved) == own.code != old
    assert Topic.objects.get(code=old).merged_into is None
    assert Topic.objects.get(code=own.code).merged_into is None


def test_an_edited_document_stays_where_a_person_put_it(officer: User) -> None:
    read(*(entry(n, text, hours=n) for n, text in enumerate(OIL, 1)), entry(9, WATER))
    one_night()
    moved = DocumentRow.objects.get(text=OIL[1])
    water = topic_of(DocumentRow.objects.get(text=WATER))
    move_document(moved.pk, water, officer, now=NOW)
    DocumentRow.objects.filter(pk=moved.pk).update(is_tracked=False)
    one_night(now=LATER, night="2026-01-24")
    assert topic_of(moved) == water


def test_topics_that_a_person_joined_are_one_in_the_next_run_and_grow_together(officer: User) -> None:
    read(*(entry(n, text, hours=n) for n, text in enumerate(OIL, 1)), entry(9, WATER))
    one_night()
    oil, water = (topic_of(DocumentRow.objects.get(text=text)) for text in (OIL[0], WATER))
    merge_topics(water, oil, officer, now=NOW)
    read(entry(8, WATER.replace("居民", "村民")))
    one_night(now=LATER, night="2026-01-24")
    assert {topic_of(row) for row in DocumentRow.objects.all()} == {oil}
    assert Topic.objects.get(code=oil).size == 5
