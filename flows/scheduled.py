"""The flows that run by the minute: the watch, and in an emergency the sweep of the chosen sources."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from prefect import flow

from flows import collect, stages, watch
from flows.annotate import batches_waiting
from flows.cadence import is_due
from flows.collect import Job
from flows.night import night_of
from flows.watch import Relayed
from store.clock import clock
from store.models import Emergency, SourceState
from store.settings import settings
from store.stages import Harvest


@flow(name="watch", task_runner=cast(Any, stages.RUNNER), validate_parameters=False)
def watch_flow(now: datetime | None = None) -> Relayed:
    """Hear the official sources and draft an update for each new warning."""
    now = now or clock()
    relayed = watch.keep(_hear(watch.watch_jobs(), run="watch", now=now), now=now)
    stages.look_after_sources(now=now)
    return relayed


@flow(name="sweep", task_runner=cast(Any, stages.RUNNER), validate_parameters=False)
def sweep_flow(now: datetime | None = None) -> int:
    """Hear the sources chosen for the standing emergency and take them through the nightly's stages.

    Returns how many documents were judged; without any, topics, claims and cases are left as they are.
    """
    now = now or clock()
    night = night_of(now)
    harvests = collect.in_order(_hear(sweep_jobs(now=now), run="sweep", now=now))
    stages.relay_bulletins(stages.opaque(harvests), night=night, now=now)
    for harvest in harvests:
        stages.ingest_harvest(stages.opaque(harvest), night=f"sweep-{night}", now=now)
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


def _hear(jobs: Sequence[Job], *, run: str, now: datetime) -> list[Harvest]:
    """A task a source, side by side."""
    spool = collect.fresh_spool(f"{run}-{os.getpid()}")
    try:
        waiting = [stages.collect_source.submit(stages.opaque(job), now=now, spool=spool) for job in jobs]
        return [future.result() for future in waiting]
    finally:
        shutil.rmtree(spool, ignore_errors=True)
