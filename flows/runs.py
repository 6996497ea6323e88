"""Carries out the runs that Prefect schedules, in one process with everything imported, and keeps the cadence in line.

Prefect's own runner starts a process for every run, 5 to 8 seconds of imports each time on two cores; here a watch starts
within a second of being due. Schedules, runs and their states are Prefect's as usual.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Any, cast
from uuid import UUID

import httpx
from django.db import DatabaseError, close_old_connections
from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId, FlowRunFilter
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.flow_engine import run_flow_sync
from prefect.schedules import Cron, Interval, Schedule
from prefect.states import Cancelled, Completed, Crashed

from flows.cadence import ANCHOR, adopt, reconcile
from flows.scheduled import poll_flow, poll_jobs, sweep_flow, watch_flow
from store.clock import clock
from store.errors import ChaoxinError
from store.models import DocumentRow
from store.settings import settings
from store.stages import SourceKind

POLL_SECONDS = 1.0
RECONCILE_SECONDS = 2.0
NIGHTLY = "flows/nightly.py:nightly"  # carried out in a process of its own: long and heavy, must not slow a watch down
WATCH, SWEEP = "flows/scheduled.py:watch_flow", "flows/scheduled.py:sweep_flow"
POLL = (
    "flows/scheduled.py:poll_flow"  # as the nightly in a process of its own, which is started only when a source is due
)
HERE: dict[str, Flow[Any, Any]] = {"watch": watch_flow, "sweep": sweep_flow}

logger = logging.getLogger("chaoxin.serve")


def register() -> dict[UUID, str]:
    """Put the four deployments into Prefect with their calm schedules; flow names by deployment id."""
    zone = settings().time_zone
    every = timedelta(seconds=settings().watch_seconds)
    minute = timedelta(seconds=settings().emergency_seconds)
    deployments = [
        _deployment("nightly", NIGHTLY, Cron(settings().nightly_cron, timezone=zone, slug="clock")),
        _deployment(
            "watch", WATCH, Interval(every, anchor_date=datetime.fromisoformat(ANCHOR), timezone=zone, slug="clock")
        ),
        _deployment(
            "sweep",
            SWEEP,
            Interval(minute, anchor_date=datetime.fromisoformat(ANCHOR), timezone=zone, slug="clock", active=False),
        ),
        _deployment(
            "poll",
            POLL,
            Interval(
                timedelta(seconds=settings().poll_seconds or 600),
                anchor_date=datetime.fromisoformat(ANCHOR),
                timezone=zone,
                slug="clock",
                active=bool(settings().poll_seconds),
            ),
        ),
    ]
    return {cast(UUID, deployment.apply()): deployment.name for deployment in deployments}


def _deployment(name: str, entrypoint: str, schedule: Schedule) -> RunnerDeployment:
    """By name, so that the nightly's models are not loaded into this process."""
    return RunnerDeployment.model_validate(
        {"name": name, "flow_name": name, "entrypoint": entrypoint, "schedules": [schedule]}
    )


def choose(runs: Sequence[FlowRun], *, busy: bool) -> tuple[FlowRun | None, list[FlowRun]]:
    """Of one deployment's due runs the newest to carry out, None while one runs, and those to skip."""
    ordered = sorted(runs, key=lambda run: run.next_scheduled_start_time or datetime.min.replace(tzinfo=UTC))
    if busy or not ordered:
        return None, ordered
    return ordered[-1], ordered[:-1]


class Runs:
    """The runs under way, at most one a deployment."""

    def __init__(self, client: SyncPrefectClient, flows: dict[UUID, str]) -> None:
        self.client, self.flows = client, flows
        self.threads: dict[UUID, threading.Thread] = {}

    def turn(self) -> None:
        """Start what is due; runs that came due while one was under way are skipped and marked so in Prefect."""
        now = datetime.now(UTC)
        due = cast(
            list[FlowRun],  # what it returns, whatever its annotation says
            self.client.get_scheduled_flow_runs_for_deployments(list(self.flows), scheduled_before=now),
        )
        by_deployment: dict[UUID, list[FlowRun]] = defaultdict(list)
        for run in due:
            if run.deployment_id:
                by_deployment[run.deployment_id].append(run)
        for deployment, runs in by_deployment.items():
            chosen, skipped = choose(runs, busy=self._is_busy(self.flows[deployment]))
            for run in skipped:
                self.client.set_flow_run_state(
                    run.id, Cancelled(message="跳过：同一流程的另一次运行正在进行"), force=True
                )
            if chosen is not None:
                self.start(deployment, chosen)

    def _is_busy(self, name: str) -> bool:
        """Whether a run of this flow is under way; a poll also leaves the sources to a nightly that is hearing them all."""
        in_the_way = {name, "nightly"} if name == "poll" else {name}
        return any(self.flows[key] in in_the_way and thread.is_alive() for key, thread in self.threads.items())

    def start(self, deployment: UUID, run: FlowRun) -> None:
        """Carry out one run in a thread of its own."""
        thread = threading.Thread(target=carry_out, args=(self.flows[deployment], run), daemon=True, name=run.name)
        self.threads[deployment] = thread
        thread.start()

    def ask_for(self, name: str) -> None:
        """Let Prefect run a deployment now, beside its schedule."""
        for deployment, known in self.flows.items():
            if known == name:
                self.client.create_flow_run_from_deployment(deployment)

    def bury_the_dead(self) -> None:
        """Runs that a killed process left as running are marked as crashed."""
        mine = DeploymentFilter(id=DeploymentFilterId(any_=list(self.flows)))
        under_way = FlowRunFilter.model_validate({"state": {"type": {"any_": [StateType.RUNNING, StateType.PENDING]}}})
        for run in self.client.read_flow_runs(deployment_filter=mine, flow_run_filter=under_way):
            self.client.set_flow_run_state(run.id, Crashed(message="上次运行时进程中断"), force=True)


def carry_out(name: str, run: FlowRun) -> None:
    """One run from start to its named end in Prefect; a failed run is said on screen and stops nothing else."""
    started = time.monotonic()
    if name in HERE:
        state = carry_out_here(HERE[name], run)
    elif name == "poll" and not poll_jobs(now=clock()):
        state = leave(run)
    else:
        command = [sys.executable, "-m", "flows.runs_process", name, str(run.id)]
        state = "Completed" if subprocess.run(command, check=False).returncode == 0 else "Failed"  # noqa: S603 - our own
    took = time.monotonic() - started
    if state != "Completed":
        print(f"{name} 运行未成功（{state}），原因见 Prefect 页面与日志。", file=sys.stderr, flush=True)
    logger.info("run.done flow=%s state=%s seconds=%.1f", name, state, took)


def leave(run: FlowRun) -> str:
    """End a poll that has nothing to do without starting a process for it."""
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(run.id, Completed(message="没有到期的来源"), force=True)
    close_old_connections()
    return "Completed"


def carry_out_here(flow: Flow[Any, Any], run: FlowRun) -> str:
    """Run in this thread; the name of the state it ended in."""
    close_old_connections()
    try:
        state = run_flow_sync(flow, flow_run=run, parameters=run.parameters, return_type="state")
        return str(getattr(state, "name", state))
    finally:
        close_old_connections()


def follow(client: SyncPrefectClient) -> None:
    """Keep Prefect's schedules in line with the emergency switch; says what moved."""
    if moved := reconcile(client, now=clock()):
        print(moved, file=sys.stderr, flush=True)
    close_old_connections()


def wants_first_night() -> bool:
    """Whether the sample day lies unread, so that the desk's first screen would be empty until 02:00."""
    return settings().sample and not DocumentRow.objects.exclude(kind=SourceKind.BULLETIN).exists()


def serve_runs(stop: threading.Event) -> None:
    """Register, then start what is due until told to stop; an outage of Prefect or the database is waited out."""
    with get_client(sync_client=True) as client:
        runs = Runs(client, register())
        adopt(client)
        runs.bury_the_dead()
        print("定时任务已登记：nightly、poll、watch、sweep。", file=sys.stderr, flush=True)
        if wants_first_night():
            print("示例数据还没有读过：现在先运行一次夜间流程，约半分钟后工作台就有内容。", file=sys.stderr, flush=True)
            runs.ask_for("nightly")
        looked_at = 0.0
        while not stop.wait(POLL_SECONDS):
            try:
                if time.monotonic() - looked_at >= RECONCILE_SECONDS:
                    follow(client)
                    looked_at = time.monotonic()
                runs.turn()
            except (httpx.HTTPError, DatabaseError, ChaoxinError) as error:
                print(f"定时任务暂时中断，稍后重试：{error}", file=sys.stderr, flush=True)
                stop.wait(3.0)


def run_one(name: str, run_id: str) -> int:
    """Carry out one scheduled nightly or poll in this process; exit code 0 when it completed."""
    from flows.nightly import nightly

    flow: Flow[Any, Any] = poll_flow if name == "poll" else nightly
    with get_client(sync_client=True) as client:
        return 0 if carry_out_here(flow, client.read_flow_run(UUID(run_id))) == "Completed" else 1


def main(arguments: Sequence[str]) -> int:
    """Serve until SIGTERM; with a flow's name and a run's id: carry out that one."""
    if arguments:
        return run_one(*arguments)
    stop = threading.Event()

    def told(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    serve_runs(stop)
    os._exit(0)  # a run under way is left to be marked as crashed at the next start; its stored parts are whole
