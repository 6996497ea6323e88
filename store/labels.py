"""Labels in and out of the store: what people said of documents, beside what the models said, and what may be learned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from store.documents import own_title
from store.models import AnnotationRow, Claim, DocumentRow, Label

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Row = dict[str, Any]
WORDS = {Label.YES: True, Label.NO: False}


@dataclass(frozen=True, slots=True)
class Machine:
    """What the models say of one side of a document: value "" and score None where they say nothing."""

    value: str
    score: float | None
    model: str


def machine_says(document: DocumentRow) -> dict[str, Machine]:
    """The models' word on every side of a document, by side; empty values while it is not annotated."""
    said: AnnotationRow | None = getattr(document, "annotation", None)
    if said is None:
        return {what: Machine("", None, "") for what, _ in Label._meta.get_field("what").choices or ()}
    relevant = Label.YES if said.relevant else Label.NO
    values: dict[str, tuple[str, float | None]] = {
        Label.RELEVANCE: (relevant, said.relevance),
        Label.CATEGORY: (said.category, None),
        Label.PART: (str(getattr(said, "part", "")), None),
        Label.VOICE: (said.voice, None),
        Label.STANCE: (said.stance, None),
        Label.CLAIM: ("", said.claim_risk),
    }
    return {what: Machine(value, score, said.model) for what, (value, score) in values.items()}


def give(document: DocumentRow, values: Mapping[str, str], actor: User, *, now: datetime) -> list[Label]:
    """Let these values stand, each with the machine's word beside it; returns the new labels.

    A side whose standing label already says so of this very wording is left as it is. Call inside a transaction.
    """
    machine, standing = machine_says(document), standing_of([document.pk])[document.pk]
    changed = {
        what: value
        for what, value in values.items()
        if what not in standing or (standing[what].value, standing[what].text_hash) != (value, document.text_hash)
    }
    take_back(document, changed, now=now)
    return Label.objects.bulk_create(
        Label(
            document=document,
            what=what,
            value=value,
            text_hash=document.text_hash,
            given_by=actor,
            given_at=now,
            machine_value=machine[what].value,
            machine_score=machine[what].score,
            model=machine[what].model,
        )
        for what, value in changed.items()
    )


def take_back(document: DocumentRow, sides: Iterable[str], *, now: datetime) -> int:
    """Let nothing stand on these sides; the labels stay as history. Returns how many stood."""
    return Label.objects.filter(document=document, what__in=list(sides), replaced_at=None).update(replaced_at=now)


def standing_of(documents: Iterable[int]) -> dict[int, dict[str, Label]]:
    """The standing labels of these documents, by document id and side; one query."""
    found: dict[int, dict[str, Label]] = defaultdict(dict)
    for label in Label.objects.filter(document__in=list(documents), replaced_at=None).select_related("given_by"):
        found[label.document_id][label.what] = label
    return found


def standing(sides: Iterable[str] = ()) -> dict[int, dict[str, str]]:
    """Every standing word of a person, by document id and side, of these sides or of all; one query."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = Label.objects.filter(replaced_at=None)
    if wanted := list(sides):
        rows = rows.filter(what__in=wanted)
    for document, what, value in rows.values_list("document", "what", "value"):
        found[document][what] = value
    return found


def is_relevant(person: Mapping[str, str], machine: bool) -> bool:
    """Whether a document counts as marine: the person's word where one was given, else the models'."""
    return WORDS.get(person.get(Label.RELEVANCE, ""), machine)


def denied_claims() -> frozenset[int]:
    """Documents of which a person said that they assert nothing to check.

    The first document of a claim that a person set aside is none of them: the finding rules what is worded alike too.
    """
    denied = Label.objects.filter(what=Label.CLAIM, value=Label.NO, replaced_at=None)
    found_out = Claim.objects.exclude(status=Claim.TO_CHECK).exclude(first_document=None).values("first_document")
    return frozenset(denied.exclude(document__in=found_out).values_list("document", flat=True))


def said(what: str, value: str, column: str, machine_value: object) -> Q:
    """Documents of which people say `value`, or, where nobody said anything, whose `column` holds `machine_value`."""
    standing = Label.objects.filter(what=what, replaced_at=None)
    spoken = standing.values("document")
    return Q(pk__in=standing.filter(value=value).values("document")) | (
        Q(**{column: machine_value}) & ~Q(pk__in=spoken)
    )


def person_or(document: str, what: str, machine: str) -> Coalesce:
    """For a query: what a person said on one side of the document in a field, else the models' word in another field."""
    standing = Label.objects.filter(document=OuterRef(document), what=what, replaced_at=None)
    return Coalesce(Subquery(standing.values("value")[:1]), F(machine), output_field=CharField())


def usable() -> QuerySet[Label]:
    """Standing labels that may be learned from: of the wording their document still has, and whose text is still there."""
    standing = Label.objects.filter(replaced_at=None, text_hash=F("document__text_hash")).exclude(document__text="")
    return standing.order_by("document__url_hash", "what")


def withdraw_textless() -> int:
    """Remove the labels and their history of documents whose text is gone; returns how many. Erased rows take theirs along."""
    return Label.objects.filter(document__text="").delete()[0]


def training_rows() -> Iterator[Row]:
    """One row a labelled document: `text`, `group` and only those fields of the corpus that people spoke of.

    Documents of one topic, or repeating one another, are one group. The order is fixed.
    """
    by_document: dict[int, dict[str, str]] = defaultdict(dict)
    for label in usable():
        by_document[label.document_id][label.what] = label.value
    rows = DocumentRow.objects.select_related("membership__topic").filter(pk__in=by_document, text__gt="")
    for document in rows.order_by("url_hash"):
        yield {"text": _wording(document), "group": _group(document), **_fields(by_document[document.pk])}


def _wording(document: DocumentRow) -> str:
    title = own_title(document)
    return f"{title}\n{document.text}" if title and title not in document.text else document.text


def _group(document: DocumentRow) -> str:
    membership = getattr(document, "membership", None)
    if membership is not None:
        return f"desk-{membership.topic.code}"
    return f"desk-{document.duplicate_of_id or document.pk}"


def _fields(values: Mapping[str, str]) -> Row:
    """Labels as the corpus spells them; a category says that the text is marine."""
    fields: Row = {what: values[what] for what in (Label.VOICE, Label.STANCE) if what in values}
    if Label.CLAIM in values:
        fields["claim"] = WORDS[values[Label.CLAIM]]
    if Label.CATEGORY in values:
        fields |= {"relevant": True, "categories": [values[Label.CATEGORY]]}
    if Label.PART in values:
        fields["part"] = values[Label.PART]
    if Label.RELEVANCE in values:
        fields["relevant"] = WORDS[values[Label.RELEVANCE]]
    return fields
