"""The emergency switch: at most one stands, its clocks start, its drill flag is fixed, and standing down frees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from responders.declare import declare
from responders.drafts import prepare_drafts, waiting_cases
from responders.roles import Role
from responders.stand_down import stand_down
from store.errors import NotAllowed, NotFound
from store.models import AuditRow, Case, Emergency
from tests.responders.conftest import NOW

pytestmark = pytest.mark.django_db


def start(actor: User | None, *, drill: bool = False, title: str = "风暴潮应对") -> Emergency:
    return declare(title, "橙色警报生效", drill=drill, sources=["sample-cap"], actor=actor, now=NOW)


def test_declaring_starts_the_five_and_twenty_four_hour_clocks(officer: User) -> None:
    emergency = start(officer)
    case = Case.objects.get(emergency=emergency)
    due = {clock.rule: clock.due_at - NOW for clock in case.deadlines.all()}
    assert due == {"authoritative_information": timedelta(hours=5), "press_conference": timedelta(hours=24)}
    assert (emergency.declared_by, emergency.sources, emergency.standing) == (officer, ["sample-cap"], True)
    verbs = AuditRow.objects.order_by("number").values_list("verb", "actor")
    assert list(verbs) == [("open", None), ("declare", officer.pk)]


def test_a_second_emergency_is_refused_with_what_to_do(officer: User) -> None:
    start(officer)
    with pytest.raises(NotAllowed, match=r"“风暴潮应对”自1月23日2时起正在应急中.*请先解除它"):
        start(officer, title="另一件")
    assert Emergency.objects.count() == Case.objects.count() == 1


def test_a_drill_is_marked_from_the_start(officer: User) -> None:
    emergency = start(officer, drill=True)
    assert emergency.title == "【演练】风暴潮应对"
    assert Case.objects.get().drill
    (draft,) = prepare_drafts(waiting_cases(), now=NOW)
    assert draft.drill
    assert draft.lacking == ["没有正在生效的官方警报可以引用，请补充发布单位、时间和编号"]


def test_standing_down_frees_the_switch_once(officer: User) -> None:
    emergency = start(officer)
    ended = stand_down(emergency.pk, officer, now=NOW + timedelta(hours=8))
    assert (ended.standing, ended.stood_down_by) == (None, officer)
    with pytest.raises(NotAllowed, match="已于1月23日10时解除"):
        stand_down(emergency.pk, officer, now=NOW)
    with pytest.raises(NotFound):
        stand_down(2_000_000_000, None, now=NOW)
    second = start(None)
    stand_down(second.pk, None, now=NOW)
    assert Emergency.objects.filter(standing=None).count() == 2


def test_a_reader_sets_no_switch_and_a_reason_is_needed(officer: User, person: Callable[..., User]) -> None:
    reader = person("wang", Role.READER)
    with pytest.raises(NotAllowed, match="不能启动应急"):
        start(reader)
    with pytest.raises(NotAllowed, match="写明名称和理由"):
        declare("名称", " ", drill=False, sources=[], actor=officer, now=NOW)
    emergency = start(officer)
    with pytest.raises(NotAllowed, match="不能解除应急"):
        stand_down(emergency.pk, reader, now=NOW)
