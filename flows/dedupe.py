"""Dedupe: which new documents repeat an earlier one, over all sources, the earliest publication being the original."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from nlp.duplicates import Candidate, NearDuplicates
from store import documents
from store.models import DocumentRow

WINDOW = timedelta(days=30)  # how far back a repost is recognised


def dedupe(*, now: datetime) -> int:
    """Hold every new document against the originals of the last thirty days; returns how many repeat one."""
    waiting = list(documents.uncompared())
    index = known_texts(now=now) if waiting else NearDuplicates()
    for row in waiting:
        match = index.add(_candidate(row.pk, documents.own_title(row), row.text))
        row.is_compared = True
        if match:
            row.duplicate_of_id, row.similarity = int(match.original), match.similarity
    with transaction.atomic():
        DocumentRow.objects.bulk_update(waiting, ["is_compared", "duplicate_of", "similarity"], batch_size=200)
    return sum(row.duplicate_of_id is not None for row in waiting)


def known_texts(*, now: datetime) -> NearDuplicates:
    """The originals of the window, ready to be held against."""
    index = NearDuplicates()
    for pk, title, text in documents.originals_since(now - WINDOW):
        index.add(_candidate(pk, title, text))
    return index


def _candidate(pk: int, title: str, text: str) -> Candidate:
    return Candidate(id=pk, text=f"{title}\n{text}" if title else text)
