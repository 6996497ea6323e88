"""Annotate: every new or edited document read once by the lexicons and models."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from django.db import transaction

from flows.desk_models import MEND, models_in_use
from nlp.annotate import Annotator, Text
from nlp.models import MODELS
from store import documents
from store.errors import ModelRefused
from store.models import DocumentRow

BATCH = 500  # documents a transaction: large enough for the models, small enough to lose little when killed


def annotator() -> Annotator:
    """The models in use, the desk's own or the shipped ones, loaded once a process and anew when others are put in use."""
    return _loaded(models_in_use())


@lru_cache(maxsize=1)
def _loaded(folder: Path) -> Annotator:
    try:
        return Annotator.load(folder=folder)
    except ModelRefused as error:
        if folder == MODELS:
            raise
        raise ModelRefused(f"the desk's own models are refused: {error}; {MEND}") from error


def batches_waiting() -> list[list[int]]:
    """Ids of documents whose newest wording no model has judged, in batches."""
    ids = list(documents.unannotated().values_list("pk", flat=True))
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]


def annotate(ids: Sequence[int]) -> int:
    """Judge one batch and store it whole or not at all; returns how many."""
    rows = list(DocumentRow.objects.filter(pk__in=ids).order_by("published_at", "url"))
    answered = documents.rows_by_url(row.reply_to for row in rows if row.reply_to)
    annotations = annotator().annotate([text_of(row, answered.get(row.reply_to)) for row in rows])
    with transaction.atomic():
        documents.save_annotations(list(zip(rows, annotations, strict=True)))
    return len(rows)


def text_of(row: DocumentRow, answered: DocumentRow | None) -> Text:
    """A document as the annotator reads it, with the one it answers."""
    return Text(
        id=str(row.pk),
        title=row.title,
        text=row.text,
        published_at=row.published_at,
        source=row.source,
        context=f"{answered.title}\n{answered.text}" if answered else "",
    )
