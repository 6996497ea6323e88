"""The cadence: quickened while an emergency stands, put back exactly, whatever happens between."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from prefect.client.schemas.objects import DeploymentSchedule, FlowRun

from flows import cadence
from flows.runs import choose
from responders.declare import declare
from responders.stand_down import stand_down
from store.models import AuditRow, Emergency, SourceState
from store.settings import settings

NOW = datetime(2026, 1, 22, 18, 0, tzinfo=UTC)
ANCHOR = "2026-01-01T00:00:00Z"


@dataclass
class Row:
    name: str
    schedules: list[DeploymentSchedule]
    id: UUID = field(default_factory=uuid4)


def calm(watch_seconds: float = 300.0) -> Any:
    """A client that shows calm times."""
    return Prefect(watch_seconds)


class Prefect:
    """Prefect's client as far as the cadence asks it: deployments in memory."""

    def __init__(self, watch_seconds: float) -> None:
        self.writes = 0
        self.rows = [
            Row("nightly", [schedule({"cron": "0 2 * * *", "timezone": "Asia/Shanghai"}, active=True)]),
            Row("watch", [schedule(interval(watch_seconds), active=True)]),
            Row("sweep", [schedule(interval(60.0), active=False)]),
        ]

    def read_deployments(self) -> list[Row]:
        return deepcopy(self.rows)

    def update_deployment_schedule(self, deployment: UUID, schedule_id: UUID, *, active: bool, schedule: Any) -> None:
        self.writes += 1
        for row in self.rows:
            for each in row.schedules:
                if row.id == deployment and each.id == schedule_id:
                    each.active, each.schedule = active, schedule

    def create_deployment_schedules(self, deployment: UUID, schedules: list[Any]) -> None:
        self.writes += 1
        for row in self.rows:
            if row.id == deployment:
                row.schedules += [schedule_from(each) for each in schedules]

    @property
    def seconds(self) -> dict[str, tuple[float, bool]]:
        said = {name: rows[0] for name, rows in cadence.shown(cast(Any, self)).items()}
        return {name: (row["schedule"]["interval"], row["active"]) for name, row in said.items()}


def interval(seconds: float) -> dict[str, Any]:
    return {"interval": seconds, "anchor_date": ANCHOR, "timezone": "Asia/Shanghai"}


def schedule(when: dict[str, Any], *, active: bool) -> DeploymentSchedule:
    return DeploymentSchedule.model_validate({"id": uuid4(), "schedule": when, "active": active, "slug": "clock"})


def schedule_from(wish: Any) -> DeploymentSchedule:
    return DeploymentSchedule.model_validate({"id": uuid4(), **wish.model_dump(mode="json", exclude={"replaces"})})


def announce(*, drill: bool = False, sources: tuple[str, ...] = ("sample-board",)) -> Emergency:
    return declare("试验", "测试", drill=drill, sources=list(sources), actor=None, now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("drill", [False, True])
def test_declaring_quickens_and_standing_down_restores_every_part_of_the_schedules(drill):
    client = calm()
    before = cadence.shown(client)
    emergency = announce(drill=drill)
    assert cadence.reconcile(client, now=NOW)
    minute = float(settings().emergency_seconds)
    assert client.seconds == {"watch": (minute, True), "sweep": (minute, True)}
    stand_down(emergency.pk, None, now=NOW)
    assert cadence.reconcile(client, now=NOW)
    assert cadence.shown(client) == before


@pytest.mark.django_db
def test_a_second_reconcile_writes_nothing():
    client = calm()
    emergency = announce()
    cadence.reconcile(client, now=NOW)
    writes, rows = client.writes, AuditRow.objects.count()
    assert cadence.reconcile(client, now=NOW) is None
    stand_down(emergency.pk, None, now=NOW)
    cadence.reconcile(client, now=NOW)
    assert cadence.reconcile(client, now=NOW) is None
    assert client.writes == writes + 2
    assert AuditRow.objects.filter(verb__in=["move_cadence", "restore_cadence"]).count() == 2
    assert rows < AuditRow.objects.count()


@pytest.mark.django_db
def test_a_restarted_server_is_quickened_again_and_still_restored_to_the_first_state():
    first = calm()
    before = cadence.shown(first)
    emergency = announce()
    cadence.reconcile(first, now=NOW)
    restarted = calm()  # registered anew with its calm schedules
    assert cadence.reconcile(restarted, now=NOW)
    stand_down(emergency.pk, None, now=NOW)
    cadence.reconcile(restarted, now=NOW)
    assert cadence.shown(restarted) == before


@pytest.mark.django_db
def test_a_setting_changed_while_an_emergency_stands_is_what_standing_down_goes_back_to():
    emergency = announce()
    cadence.reconcile(calm(300.0), now=NOW)
    restarted = calm(600.0)
    cadence.adopt(restarted)
    cadence.reconcile(restarted, now=NOW)
    stand_down(emergency.pk, None, now=NOW)
    cadence.reconcile(restarted, now=NOW)
    assert restarted.seconds["watch"] == (600.0, True)


@pytest.mark.django_db
def test_an_emergency_that_follows_before_the_last_was_restored_goes_back_to_calm_not_to_the_last():
    client = calm()
    before = cadence.shown(client)
    one = announce()
    cadence.reconcile(client, now=NOW)
    stand_down(one.pk, None, now=NOW)
    two = announce()  # declared before anybody reconciled
    cadence.reconcile(client, now=NOW)
    stand_down(two.pk, None, now=NOW)
    cadence.reconcile(client, now=NOW)
    assert cadence.shown(client) == before
    assert cadence.reconcile(client, now=NOW) is None


@pytest.mark.django_db
def test_an_emergency_that_nobody_saw_leaves_everything_as_it_was():
    client = calm()
    stand_down(announce().pk, None, now=NOW)
    assert cadence.reconcile(client, now=NOW) is None
    assert client.writes == 0


@pytest.mark.django_db
def test_after_the_restoration_an_operator_may_change_a_schedule_and_it_stays():
    client = calm()
    emergency = announce()
    cadence.reconcile(client, now=NOW)
    stand_down(emergency.pk, None, now=NOW)
    cadence.reconcile(client, now=NOW)
    client.rows[1].schedules[0].active = False
    assert cadence.reconcile(client, now=NOW) is None
    assert client.rows[1].schedules[0].active is False


@pytest.mark.django_db
def test_a_schedule_that_was_deleted_meanwhile_is_made_again():
    client = calm()
    before = cadence.shown(client)
    emergency = announce()
    cadence.reconcile(client, now=NOW)
    client.rows[1].schedules.clear()
    stand_down(emergency.pk, None, now=NOW)
    cadence.reconcile(client, now=NOW)
    assert cadence.shown(client) == before


@pytest.mark.django_db
def test_an_emergency_is_never_slower_than_calm_times():
    client = calm(10.0)
    announce()
    cadence.reconcile(client, now=NOW)
    assert client.seconds["watch"] == (10.0, True)


@pytest.mark.django_db
def test_a_schedule_that_an_operator_made_a_cron_is_quickened_and_comes_back_as_a_cron():
    client = calm()
    client.rows[1].schedules = [schedule({"cron": "*/7 * * * *", "timezone": "Asia/Shanghai"}, active=True)]
    before = cadence.shown(client)
    emergency = announce()
    cadence.reconcile(client, now=NOW)
    assert client.seconds["watch"] == (float(settings().emergency_seconds), True)
    stand_down(emergency.pk, None, now=NOW)
    cadence.reconcile(client, now=NOW)
    assert cadence.shown(client) == before


@pytest.mark.django_db
def test_without_chosen_sources_the_sweep_stays_off():
    client = calm()
    announce(sources=())
    cadence.reconcile(client, now=NOW)
    assert client.seconds["sweep"][1] is False


@pytest.mark.django_db
def test_the_cadence_shown_for_a_chosen_source_moves_and_returns():
    SourceState.objects.create(slug="sample-board", title="海河社区", kind="discuz", cadence_seconds=86400)
    client = calm()
    emergency = announce()
    cadence.reconcile(client, now=NOW)
    assert SourceState.objects.get().cadence_seconds == settings().emergency_seconds
    stand_down(emergency.pk, None, now=NOW)
    cadence.reconcile(client, now=NOW)
    assert SourceState.objects.get().cadence_seconds == 86400


def test_a_source_is_heard_again_when_its_own_emergency_cadence_has_passed():
    every, slack = timedelta(minutes=2), timedelta(seconds=30)
    assert cadence.is_due(None, every, now=NOW, slack=slack)
    assert not cadence.is_due(NOW - timedelta(seconds=60), every, now=NOW, slack=slack)
    assert cadence.is_due(NOW - timedelta(seconds=95), every, now=NOW, slack=slack)


def test_of_several_due_runs_the_newest_is_carried_out_and_the_rest_are_skipped():
    runs = [FlowRun(flow_id=uuid4(), next_scheduled_start_time=NOW - timedelta(seconds=s)) for s in (5, 65, 35)]
    chosen, skipped = choose(runs, busy=False)
    assert chosen is runs[0]
    assert skipped == [runs[1], runs[2]]
    assert choose(runs, busy=True)[0] is None
    assert len(choose(runs, busy=True)[1]) == 3
    assert choose([], busy=False) == (None, [])
