"""The flows that run by the minute: the watch, and in an emergency the sweep of the chosen sources."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.utilities.annotations import quote

from flows import collect, watch
from flows.cadence import is_due
from flows.collect import Job
from flows.night import night_of
from flows.watch import Relayed
from store.clock import clock
from store.models import Emergency, SourceState
from store.settings import settings
from store.stages import Harvest

Value = TypeVar("Value")
SIDE_BY_SIDE = cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=4))


@flow(name="watch", task_runner=SIDE_BY_SIDE, validate_parameters=False)
def watch_flow(now: datetime | None = None) -> Relayed:
    """Hear the official sources and draft an update for each new warning."""
    now = now or clock()
    return watch.keep(_hear(watch.watch_jobs(), run="watch", now=now), now=now)


@flow(name="sweep", task_runner=SIDE_BY_SIDE, validate_parameters=False)
def sweep_flow(now: datetime | None = None) -> int:
    """Hear the sources chosen for the standing emergency and take them through the nightly's stages; returns documents judged."""
    from flows import stages  # models and all: an emergency's weight, not the watch's
    from flows.annotate import batches_waiting

    now = now or clock()
    night = night_of(now)
    harvests = collect.in_order(_hear(sweep_jobs(now=now), run="sweep", now=now))
    stages.relay_bulletins(_whole(harvests), night=night, now=now)
    for harvest in harvests:
        stages.ingest_harvest(_whole(harvest), night=f"sweep-{night}", now=now)
    stages.dedupe_documents(now=now)
    judged = sum(stages.annotate_batch(ids) for ids in batches_waiting())
    if judged:
        stages.track_topics(night=night, now=now)
        stages.assess_claims(now=now)
        stages.prepare_answers(now=now)
    return judged


def sweep_jobs(*, now: datetime) -> list[Job]:
    """The chosen sources whose own emergency cadence has passed; none in calm times."""
    standing = Emergency.objects.filter(standing=True).first()
    chosen = set(standing.sources) if standing else set()
    slack = timedelta(seconds=settings().emergency_seconds / 2)
    heard = dict(SourceState.objects.filter(slug__in=chosen).values_list("slug", "last_run_at"))
    return collect.jobs(
        source
        for source in collect.sources_in_force()
        if source.slug in chosen and is_due(heard.get(source.slug), source.emergency, now=now, slack=slack)
    )


@task(name="collect", cache_policy=NO_CACHE, task_run_name="collect {job.source.slug}")
def hear(job: Job, *, now: datetime, spool: Path) -> Harvest:
    """One source in its own process; its failure is its result."""
    return collect.collect(job, now=now, spool=spool)


def _whole(value: Value) -> Value:
    """Keep Prefect from searching the value for futures, which would cost more than the task."""
    return cast(Value, quote(value))


def _hear(jobs: Sequence[Job], *, run: str, now: datetime) -> list[Harvest]:
    """A task a source, side by side."""
    spool = collect.fresh_spool(f"{run}-{os.getpid()}")
    try:
        waiting = [hear.submit(_whole(job), now=now, spool=spool) for job in jobs]
        return [future.result() for future in waiting]
    finally:
        shutil.rmtree(spool, ignore_errors=True)
