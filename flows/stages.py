"""The stages as Prefect tasks: thin shells round the plain functions, a task a source or a batch, never a document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import close_old_connections
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.utilities.annotations import quote

from flows import annotate as annotating
from flows import assess as assessing
from flows import collect as collecting
from flows import ingest as ingesting_
from flows import prepare as preparing
from flows import track as tracking
from flows import watch as watching
from flows.annotate import batches_waiting
from flows.progress import Steps
from store.sources import Counts
from store.stages import Harvest

RUNNER = ThreadPoolTaskRunner(max_workers=4)  # spiders wait for the network most of the time

__all__ = ["RUNNER", "annotate", "assess", "batches_waiting", "collect_all", "ingesting", "prepare", "relay", "track"]
