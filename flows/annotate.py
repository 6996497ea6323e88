"""Annotate: every new or edited document read once by the lexicons and models."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.db import transaction

from nlp.annotate import Annotator, Text
from store import documents
from store.models import DocumentRow

BATCH = 500  # documents a transaction: large enough for the models, small enough to lose little when killed


@lru_cache(maxsize=1)
def annotator() -> Annotator:
    """The models, loaded once a process (about a second)."""
    return Annotator.load()


def batches_waiting() -> list[list[int]]:
    """Ids of documents whose newest wording no model has judged, in batches."""
    ids = list(documents.unannotated().values_list("pk", flat=True))
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]


def annotate(ids: Sequence[int]) -> int:
    """Judge one batch and store it whole or not at all; returns how many."""
    rows = list(DocumentRow.objects.filter(pk__in=ids).order_by("published_at", "url"))
    answered = documents.rows_by_url(row.reply_to for row in rows if row.reply_to)
    annotations = annotator().annotate([_text(row, answered.get(row.reply_to)) for row in rows])
    with transaction.atomic():
        documents.save_annotations(list(zip(rows, annotations, strict=True)))
    return len(rows)


def _text(row: DocumentRow, answered: DocumentRow | None) -> Text:
    return Text(
        id=str(row.pk),
        title=row.title,
        text=row.text,
        published_at=row.published_at,
        source=row.source,
        context=f"{answered.title}\n{answered.text}" if answered else "",
    )
