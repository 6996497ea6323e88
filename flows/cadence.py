"""The emergency's cadence in Prefect: the schedules of watch and sweep moved to minutes, and put back exactly as they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.objects import DeploymentSchedule
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import SCHEDULE_TYPES
from pydantic import TypeAdapter

from store import audit
from store.models import Emergency, SourceState
from store.settings import settings

MOVED = ("watch", "sweep")
ROW_COLUMNS = {"id", "created", "updated", "deployment_id"}  # Prefect's own; not part of what a schedule says
ANCHOR = "2026-01-01T00:00:00Z"  # fixed, so that the same settings always give the same schedule
SCHEDULE: TypeAdapter[Any] = TypeAdapter(SCHEDULE_TYPES)

Schedule = Mapping[str, Any]  # a DeploymentSchedule without Prefect's row columns, as JSON
Schedules = Mapping[str, Sequence[Schedule]]  # by deployment name


def shown(client: SyncPrefectClient) -> dict[str, list[Schedule]]:
    """The schedules of the moved deployments as Prefect shows them now, in the order of their slugs."""
    return {name: [as_json(each) for each in _ordered(row)] for name, row in _deployments(client).items()}


def as_json(schedule: DeploymentSchedule) -> Schedule:
    """Everything a schedule says, as JSON."""
    return schedule.model_dump(mode="json", exclude=ROW_COLUMNS)


def quickened(before: Schedules, *, seconds: float, sweeps: bool) -> dict[str, list[Schedule]]:
    """The schedules of an emergency: each interval at most `seconds`; the sweep is on when sources were chosen."""
    return {
        name: [{**_quick(each, seconds), "active": each["active"] if name == "watch" else sweeps} for each in schedules]
        for name, schedules in before.items()
    }


def _quick(each: Schedule, seconds: float) -> Schedule:
    """With an interval of at most `seconds`; one that an operator made a cron schedule becomes an interval for the time."""
    when = each["schedule"]
    if "interval" not in when:
        return {
            **each,
            "schedule": {"interval": float(seconds), "anchor_date": ANCHOR, "timezone": settings().time_zone},
        }
    return {**each, "schedule": {**when, "interval": min(float(when["interval"]), float(seconds))}}


def reconcile(client: SyncPrefectClient, *, now: datetime) -> str | None:
    """Make Prefect's schedules agree with the emergency switch; returns what was moved, in Chinese, None when nothing was.

    Safe to call at any time and from several processes: what was before is kept, in its own transaction, ahead of the
    first change.
    """
    standing = Emergency.objects.filter(standing=True).first()
    if standing is not None:
        before = _keep_before(standing, client)
        wanted = quickened(before["schedules"], seconds=settings().emergency_seconds, sweeps=bool(standing.sources))
        if not put(client, wanted):
            return None
        _note(standing, "move_cadence", wanted, now=now)
        return f"应急“{standing.title}”：监视与重点来源改为每 {_seconds(wanted)} 秒一次。"
    ended = _not_restored()
    if ended is None:
        return None
    wanted = dict(ended.before["schedules"])
    put(client, wanted)
    _restored(ended, wanted, now=now)
    return f"应急“{ended.title}”已解除：各项频次已恢复原样。"


def adopt(client: SyncPrefectClient) -> None:
    """Take the schedules as just registered for what a standing emergency goes back to.

    They are made from the settings in force, which may have changed while it stood. Call right after registering.
    """
    row = Emergency.objects.filter(standing=True).first() or _not_restored()
    if row is not None and row.before.get("schedules"):
        row.before = {**row.before, "schedules": shown(client)}
        row.save(update_fields=["before"])


def put(client: SyncPrefectClient, wanted: Schedules) -> bool:
    """Write the schedules that differ from what Prefect shows; whether any did."""
    changed = False
    for name, row in _deployments(client).items():
        present = {each.slug: each for each in row.schedules}
        for schedule in wanted.get(name, ()):
            there = present.get(schedule["slug"])
            if there is None:
                client.create_deployment_schedules(row.id, [DeploymentScheduleCreate.model_validate(dict(schedule))])
            elif as_json(there) == schedule:
                continue
            else:
                client.update_deployment_schedule(
                    row.id,
                    there.id,
                    active=bool(schedule["active"]),
                    schedule=SCHEDULE.validate_python(schedule["schedule"]),
                )
            changed = True
    return changed


def _deployments(client: SyncPrefectClient) -> dict[str, DeploymentResponse]:
    return {row.name: row for row in client.read_deployments() if row.name in MOVED}


def _ordered(row: DeploymentResponse) -> list[DeploymentSchedule]:
    return sorted(row.schedules, key=lambda each: each.slug or "")


def _keep_before(emergency: Emergency, client: SyncPrefectClient) -> Mapping[str, Any]:
    """What was before this emergency, read once; an earlier one not yet put back passes on what was before it."""
    with transaction.atomic():
        row = Emergency.objects.select_for_update().get(pk=emergency.pk)
        if not row.before.get("schedules"):
            earlier = _not_restored()
            row.before = {
                "schedules": earlier.before["schedules"] if earlier else shown(client),
                "cadences": earlier.before["cadences"] if earlier else _cadences(row.sources),
            }
            row.save(update_fields=["before"])
            if earlier:
                earlier.before = {**earlier.before, "passed_on_to": row.pk}
                earlier.save(update_fields=["before"])
            _set_cadences(
                {slug: min(had, settings().emergency_seconds) for slug, had in row.before["cadences"].items()}
            )
        before: Mapping[str, Any] = row.before
        return before


def _not_restored() -> Emergency | None:
    """The last ended emergency whose schedules were moved and neither put back nor passed on."""
    for row in Emergency.objects.filter(standing=None).order_by("-pk")[:20]:
        if row.before.get("schedules") and not {"restored_at", "passed_on_to"} & set(row.before):
            return row
    return None


def _restored(ended: Emergency, wanted: Schedules, *, now: datetime) -> None:
    with transaction.atomic():
        row = Emergency.objects.select_for_update().get(pk=ended.pk)
        if "restored_at" in row.before:
            return
        _set_cadences(row.before["cadences"])
        row.before = {**row.before, "restored_at": now.isoformat()}
        row.save(update_fields=["before"])
    _note(ended, "restore_cadence", wanted, now=now)


def _cadences(slugs: Sequence[str]) -> dict[str, int]:
    return dict(SourceState.objects.filter(slug__in=slugs).values_list("slug", "cadence_seconds"))


def _set_cadences(cadences: Mapping[str, int]) -> None:
    for slug, seconds in cadences.items():
        SourceState.objects.filter(slug=slug).update(cadence_seconds=seconds)


def _seconds(wanted: Schedules) -> int:
    return int(min(each["schedule"]["interval"] for each in wanted["watch"]))


def _note(emergency: Emergency, verb: str, wanted: Schedules, *, now: datetime) -> None:
    detail = {name: [[each["schedule"], each["active"]] for each in rows] for name, rows in wanted.items()}
    with transaction.atomic():
        audit.append(None, verb, "emergency", emergency.pk, detail, now=now)


def is_due(last_run_at: datetime | None, every: timedelta, *, now: datetime, slack: timedelta) -> bool:
    """Whether a source may be heard again: its own emergency cadence has passed, give or take half a sweep."""
    return last_run_at is None or now - last_run_at >= every - slack
