"""The one list of what needs you: by role, the nearest deadline first, nothing that is not yours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from dashboard.queries.tasks import tasks_of
from responders.approve import approve
from responders.return_ import return_
from responders.submit import submit
from store.models import Draft
from tests.dashboard.factories import NOW, Room, case, draft


def asked(user: User) -> list[tuple[str, str]]:
    fresh = User.objects.get(pk=user.pk)  # roles are kept on the object for one request
    return [(task.what, task.title) for task in tasks_of(fresh) if task.url.startswith("/drafts")]


def test_a_draft_goes_from_hand_to_hand(room: Room) -> None:
    title = room.draft.title
    assert asked(room.officer) == [("草稿待核对", title)]
    assert asked(room.approver) == []

    submit(room.draft.pk, room.officer, now=NOW)
    assert (asked(room.officer), asked(room.approver)) == ([], [("待签发", title)])

    return_(room.draft.pk, room.approver, "请补充时间", now=NOW)
    assert (asked(room.officer), asked(room.approver)) == ([("被退回", title)], [])

    submit(room.draft.pk, room.officer, now=NOW)
    approve(room.draft.pk, room.approver, Draft.objects.get(pk=room.draft.pk).text_hash, now=NOW)
    assert asked(room.officer) == asked(room.approver) == [("待发布", title)]


def test_nobody_is_asked_to_sign_what_they_edited(room: Room) -> None:
    Draft.objects.filter(pk=room.draft.pk).update(last_editor=room.approver)
    submit(room.draft.pk, room.officer, now=NOW)
    assert asked(room.approver) == []


def test_the_nearest_deadline_stands_first_and_claims_last(room: Room) -> None:
    case("topic:late", "已经晚了", due=NOW - timedelta(hours=1))
    case("topic:soon", "快到了", due=NOW + timedelta(hours=1))
    tasks = tasks_of(room.officer)
    assert [task.title for task in tasks] == ["已经晚了", "快到了", room.draft.title, room.claim.assertion]


def test_a_case_that_another_handles_asks_nothing_of_me(room: Room) -> None:
    case("topic:other", "别人的事", holder=room.reviewer)
    assert "别人的事" not in [task.title for task in tasks_of(room.officer)]
    assert ("我在办", "别人的事") in [(task.what, task.title) for task in tasks_of(room.reviewer)]


@pytest.mark.parametrize("name", ["reader", "administrator"])
def test_who_handles_nothing_is_asked_nothing(room: Room, name: str) -> None:
    assert tasks_of(getattr(room, name)) == []


def test_the_list_costs_the_same_for_many(room: Room, django_assert_max_num_queries: object) -> None:
    for i in range(20):
        draft(case(f"topic:{i}", f"事项{i}"), title=f"稿件{i}")
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        tasks_of(room.approver)
