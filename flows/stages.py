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
    """Hear all sources, batches side by side; harvests come in the order of their sources' names."""
    spool = collect.fresh_spool(run)
    waiting = submit_all(jobs, now=now, spool=spool)
    heard = steps.each("听取来源", waiting, _heard)
    return collect.in_order([harvest for batch in heard for harvest in batch])


def submit_all(jobs: Sequence[Job], *, now: datetime, spool: Path) -> list[PrefectFuture[list[Harvest]]]:
    """A task for each batch of jobs that shares a spider process."""
    batches = collect.in_batches(jobs)
    return [collect_batch.submit(opaque(batch), now=now, spool=spool) for batch in batches]


def _heard(future: PrefectFuture[list[Harvest]]) -> list[Harvest]:
    return future.result()


@task(name="collect", cache_policy=NO_CACHE)
def collect_batch(jobs: Sequence[Job], *, now: datetime, spool: Path) -> list[Harvest]:
    """Hear a batch of sources in one process. No retry here: the spider retries politely, per request."""
    return collect.collect_batch(jobs, now=now, spool=spool)


def ingest_all(steps: Steps, harvests: Sequence[Harvest], *, night: str, now: datetime) -> None:
    """Store the harvests in their order: those that brought nothing together, each other one whole or not at all."""
    ingest_quiet(opaque(harvests), night=night, now=now)
    loud = [harvest for harvest in harvests if not harvest.is_quiet]
    steps.each("入库", loud, lambda one: ingest_harvest(opaque(one), night=night, now=now))


@task(name="ingest", cache_policy=NO_CACHE)
def ingest_harvest(harvest: Harvest, *, night: str, now: datetime) -> Counts:
    """Store one source's harvest with its cursor."""
    return ingest.ingest(harvest, night=night, now=now)


@task(name="ingest-quiet", cache_policy=NO_CACHE)
def ingest_quiet(harvests: Sequence[Harvest], *, night: str, now: datetime) -> None:
    """Store how the runs ended that brought nothing."""
    ingest.ingest_quiet(harvests, night=night, now=now)


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
