"""The emergency switch from the command line: declare, stand down, status; the cadence moves at once where Prefect runs."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flows.collect import sources_in_force
from flows.prefect_home import environment, is_up, server_url
from responders.declare import declare as declare_emergency
from responders.stand_down import stand_down as stand_down_emergency
from store.errors import BadInput, NotFound
from store.models import Emergency
from store.settings import settings

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

LATER = "Prefect 没有运行：应急状态已经生效，频次会在 `chaoxin serve` 运行后几秒内调整。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What is declared; `sources` are slugs of sources heard every few minutes while it stands."""

    title: str
    reason: str
    drill: bool
    sources: tuple[str, ...] = ()


def declare(wish: Declaration, *, now: datetime) -> tuple[Emergency, str]:
    """Declare an emergency and move the cadence; the sentence says whether it has moved.

    Raises BadInput for an unknown source, NotAllowed while another emergency stands.
    """
    _known(wish.sources)
    emergency = declare_emergency(
        wish.title, wish.reason, drill=wish.drill, sources=list(wish.sources), actor=None, now=now
    )
    return emergency, move_cadence(now=now)


def stand_down(*, now: datetime) -> tuple[Emergency, str]:
    """End the standing emergency and put the cadence back; raises NotFound when none stands."""
    emergency = standing()
    if emergency is None:
        raise NotFound("现在没有处于应急状态，无需解除。")
    return stand_down_emergency(emergency.pk, None, now=now), move_cadence(now=now)


def standing() -> Emergency | None:
    """The emergency that stands, None in calm times."""
    return Emergency.objects.filter(standing=True).first()


def move_cadence(*, now: datetime) -> str:
    """Bring Prefect's schedules in line with the switch where its server runs; Chinese, what holds now."""
    if not is_up(server_url()):
        return LATER
    with _client() as client:
        from flows.cadence import reconcile

        moved = reconcile(client, now=now)
    return moved or "\n".join(["频次已随之调整：", *cadence_lines()])


def cadence_lines() -> list[str]:
    """The schedules Prefect shows, one line each; says so where its server does not run."""
    if not is_up(server_url()):
        return ["Prefect 没有运行（用 `chaoxin serve` 启动），看不到当前频次。"]
    with _client() as client:
        from flows.cadence import shown

        return [
            f"{name}：{_often(each['schedule'])}{'' if each['active'] else '（停用）'}"
            for name, schedules in shown(client).items()
            for each in schedules
        ]


def _often(when: Mapping[str, Any]) -> str:
    return f"每 {when['interval']:.0f} 秒一次" if "interval" in when else f"按 {when.get('cron') or when.get('rrule')}"


def _client() -> SyncPrefectClient:
    os.environ.update(environment(server=server_url()))  # before Prefect is imported, which is when it reads them
    from prefect.client.orchestration import SyncPrefectClient

    return SyncPrefectClient(server_url())


def _known(slugs: Sequence[str]) -> None:
    known = {source.slug for source in sources_in_force()}
    unknown = [slug for slug in slugs if slug not in known]
    if unknown:
        raise BadInput(
            f"--source {unknown[0]}: no such source is switched on in {settings().sources_folder}; "
            f"known are {', '.join(sorted(known))}"
        )
