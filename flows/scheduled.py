"""The flows between nightlies: the watch, the poll of sources that are due, and in an emergency the sweep of chosen ones."""

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
from store.sources import due as due_sources
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
    return _take_through(sweep_jobs(now=now), run="sweep", now=now)


@flow(name="poll", task_runner=cast(Any, stages.RUNNER), validate_parameters=False)
def poll_flow(now: datetime | None = None) -> int:
    """Hear the sources that are due between nightlies and take them through the nightly's stages; how many documents were judged."""
    now = now or clock()
    return _take_through(poll_jobs(now=now), run="poll", now=now)


def _take_through(jobs: Sequence[Job], *, run: str, now: datetime) -> int:
    """From sources to the queue; where nothing new was judged, topics, claims and cases are left as they are."""
    night = night_of(now)
    harvests = collect.in_order(_hear(jobs, run=run, now=now))
    stages.relay_bulletins(stages.opaque(harvests), night=night, now=now)
    stages.ingest_quiet(stages.opaque(harvests), night=f"{run}-{night}", now=now)
    for harvest in harvests:
        if not harvest.is_quiet:
            stages.ingest_harvest(stages.opaque(harvest), night=f"{run}-{night}", now=now)
    stages.dedupe_documents(now=now)
    judged = sum(stages.annotate_batch(ids) for ids in batches_waiting())
    if judged:
        stages.track_topics(night=night, now=now)
        stages.assess_claims(now=now)
        stages.prepare_answers(now=now)
    return judged


def poll_jobs(*, now: datetime) -> list[Job]:
    """The sources whose next hearing has come or that were never heard; the watch and a standing emergency have their own."""
    standing = Emergency.objects.filter(standing=True).first()
    others = set(standing.sources) if standing else set()
    waiting = due_sources(now=now)
    heard = set(SourceState.objects.exclude(next_due_at=None).values_list("slug", flat=True))
    return collect.jobs(
        source
        for source in collect.sources_in_force()
        if not source.watch and source.slug not in others and (source.slug in waiting or source.slug not in heard)
    )


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
    """A task a batch, side by side."""
    spool = collect.fresh_spool(f"{run}-{os.getpid()}")
    try:
        waiting = stages.submit_all(jobs, now=now, spool=spool)
        return [harvest for future in waiting for harvest in future.result()]
    finally:
        shutil.rmtree(spool, ignore_errors=True)
