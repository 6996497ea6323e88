"""Judge anew: documents that older models or word lists judged, the most pressing first, so many a night.

What people said of a document lies beside the models' word (store/labels.py) and is not touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import transaction

from flows.annotate import BATCH, annotate, annotator
from flows.night import night_of
from nlp.parameters import load_parameters
from store import generations


@dataclass(frozen=True, slots=True)
class RejudgeParameters:
    """The values of data/rejudge.yml."""

    documents_a_night: int
    topic_days: int

    @staticmethod
    @lru_cache(maxsize=1)
    def load() -> RejudgeParameters:
        """The values in force."""
        return load_parameters(RejudgeParameters, "rejudge.yml")


def waiting() -> int:
    """How many documents were judged by other models or word lists than those in use."""
    return generations.older(annotator().version).count()


def batches_tonight(*, now: datetime) -> list[list[int]]:
    """Ids of what this night judges anew, in batches; what an earlier run of the same night did counts towards its bound."""
    bound = RejudgeParameters.load().documents_a_night
    return batches(max(0, bound - generations.work_of(night_of(now)).rejudged), now=now)


def batches(most: int | None, *, now: datetime) -> list[list[int]]:
    """Ids of documents to judge anew, the most pressing first; None for all."""
    rows = generations.older(annotator().version)
    living_since = now - timedelta(days=RejudgeParameters.load().topic_days)
    ordered = generations.most_pressing(rows, living_since=living_since).values_list("pk", flat=True)
    ids = list(ordered[:most])
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]


def rejudge(ids: Sequence[int], *, now: datetime) -> int:
    """Judge one batch anew and count it, whole or not at all; returns how many judgements came out otherwise.

    Documents that now say other words, or are marine where they were not, go through the tracker again.
    """
    since = now - timedelta(days=RejudgeParameters.load().topic_days)
    with transaction.atomic():
        before = generations.said_of(ids)
        judged = annotate(ids)
        pairs = [(pk, before[pk], said) for pk, said in generations.said_of(ids).items() if pk in before]
        changed = sum(old.differs(new) for _, old, new in pairs)
        generations.place_again([pk for pk, old, new in pairs if old.moves(new)], since=since)
        generations.count(night_of(now), rejudged=judged, changed=changed)
    return changed


def finish(*, now: datetime) -> int:
    """Note how many still wait, for the night's summary; returns the number."""
    left = waiting()
    generations.note_waiting(night_of(now), left)
    return left
