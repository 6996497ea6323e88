"""The stages as Prefect tasks: thin shells round the plain functions, a task a source or a batch, never a document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.utilities.annotations import quote

from flows import annotate, assess, collect, dedupe, health, ingest, prepare, tidy, track, watch
from flows.assess import Assessed
from flows.collect import Job
from flows.health import Looked
from flows.prepare import Prepared
from flows.progress import Steps
from flows.tidy import Tidied
from flows.track import Tracked
from flows.watch import Relayed
from store.sources import Counts
from store.stages import Harvest

RUNNER: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=4)  # spiders wait for the network most of the time

Value = TypeVar("Value")


def opaque(value: Value) -> Value:
    """A value handed to a task as it is: Prefect would walk through every entry of a harvest looking for futures."""
    return cast(Value, quote(value))


def collect_all(steps: Steps, jobs: Sequence[Job], *, run: str, now: datetime) -> list[Harvest]:
    """Hear all sources side by side; harvests come in the order of their sources' names."""
    spool = collect.fresh_spool(run)
    waiting = [collect_source.submit(opaque(job), now=now, spool=spool) for job in jobs]
    return collect.in_order(steps.each("听取来源", waiting, _heard))


def _heard(future: PrefectFuture[Harvest]) -> Harvest:
    return future.result()


@task(name="collect", cache_policy=NO_CACHE, task_run_name="collect {job.source.slug}")
def collect_source(job: Job, *, now: datetime, spool: Path) -> Harvest:
    """Hear one source in its own process. No retry here: the spider retries politely, per request."""
    return collect.collect(job, now=now, spool=spool)


@task(name="ingest", cache_policy=NO_CACHE)
def ingest_harvest(harvest: Harvest, *, night: str, now: datetime) -> Counts:
    """Store one source's harvest with its cursor."""
    return ingest.ingest(harvest, night=night, now=now)


@task(name="dedupe", cache_policy=NO_CACHE)
def dedupe_documents(*, now: datetime) -> int:
    """Find what repeats an earlier document."""
    return dedupe.dedupe(now=now)


@task(name="relay", cache_policy=NO_CACHE)
def relay_bulletins(harvests: Sequence[Harvest], *, night: str, now: datetime) -> Relayed:
    """Record official warnings and draft their updates."""
    return watch.relay(harvests, night=night, now=now)


@task(name="annotate", cache_policy=NO_CACHE)
def annotate_batch(ids: Sequence[int]) -> int:
    """Judge one batch of documents."""
    return annotate.annotate(ids)


@task(name="track", cache_policy=NO_CACHE)
def track_topics(*, night: str, now: datetime) -> Tracked:
    """Place documents in topics and measure heat."""
    return track.track(night=night, now=now)


@task(name="assess", cache_policy=NO_CACHE)
def assess_claims(*, now: datetime) -> Assessed:
    """Find claims to be checked."""
    return assess.assess(now=now)


@task(name="prepare", cache_policy=NO_CACHE)
def prepare_answers(*, now: datetime) -> Prepared:
    """Open cases and fill drafts."""
    return prepare.prepare(now=now)


@task(name="health", cache_policy=NO_CACHE)
def look_after_sources(*, now: datetime) -> Looked:
    """Note which sources fell out or came back, and tell of it once."""
    return health.look_after(now=now)


@task(name="tidy", cache_policy=NO_CACHE)
def tidy_up(*, now: datetime) -> Tidied:
    """Remove what is past its retention, deliver what is still waiting."""
    return tidy.tidy(now=now)
