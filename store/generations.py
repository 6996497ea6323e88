"""Generations of judgements: which documents other models or word lists judged than those in use, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case as When_
from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from store import claims
from store.models import AnnotationRow, Case, ClaimEvidence, DocumentRow, NightWork, TopicMember


@dataclass(frozen=True, slots=True)
class Said:
    """What the models said of a document: the sides that the desk sorts and filters by, and the words it was cut into."""

    relevant: bool
    category: str
    voice: str
    stance: str
    words: tuple[str, ...]

    def differs(self, other: Said) -> bool:
        """Whether an officer would see another judgement."""
        return (self.relevant, self.category, self.voice, self.stance) != (
            other.relevant, other.category, other.voice, other.stance,
        )  # fmt: skip

    def moves(self, other: Said) -> bool:
        """Whether the tracker may place it elsewhere."""
        return (self.relevant, self.words) != (other.relevant, other.words)


def older(model: str) -> QuerySet[DocumentRow]:
    """Documents that are still there and whose newest wording was judged by another model than this; erased ones never are."""
    others = Q(annotation__model__lt=model) | Q(
        annotation__model__gt=model
    )  # two ranges of the index; "not equal" is none
    return DocumentRow.objects.filter(others, gone_at=None, annotation__text_hash=F("text_hash")).exclude(text="")


def most_pressing(rows: QuerySet[DocumentRow], *, living_since: datetime) -> QuerySet[DocumentRow]:
    """Those of living topics, open cases and claims in the list first, the newest first within and after them."""
    lives = Q(topic__last_at__gte=living_since, topic__merged_into=None) | Q(topic__cases__status=Case.OPEN)
    placed = TopicMember.objects.filter(lives, document=OuterRef("pk"))
    spoken_of = ClaimEvidence.objects.filter(
        Q(claim__in=claims.to_check().order_by().values("pk")) | Q(claim__cases__status=Case.OPEN),
        document=OuterRef("pk"),
    )
    first = When_(
        When(Exists(placed) | Exists(spoken_of), then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return rows.annotate(turn=first).order_by("turn", "-published_at", "url")


def said_of(documents: Sequence[int]) -> dict[int, Said]:
    """What stands of these documents, by document id."""
    rows = AnnotationRow.objects.filter(document__in=documents)
    values = rows.values_list("document", "relevant", "category", "voice", "stance", "tokens")
    return {
        pk: Said(relevant, category, voice, stance, tuple(words))
        for pk, relevant, category, voice, stance, words in values
    }


def place_again(documents: Sequence[int], *, since: datetime) -> None:
    """Let the tracker look at these documents once more, those published since a moment only."""
    DocumentRow.objects.filter(pk__in=documents, published_at__gte=since).update(is_tracked=False)


def work_of(night: str) -> NightWork:
    """The counts of a night so far; zeros where it did nothing yet."""
    return NightWork.objects.filter(night=night).first() or NightWork(night=night)


def count(night: str, **more: int) -> None:
    """Add to the counts of a night; call in the transaction of what is counted."""
    NightWork.objects.get_or_create(night=night)
    NightWork.objects.filter(night=night).update(**{name: F(name) + number for name, number in more.items()})


def note_waiting(night: str, number: int) -> None:
    """How many documents still wait to be judged anew; a night that never had any leaves no row."""
    if number or NightWork.objects.filter(night=night).exists():
        NightWork.objects.update_or_create(night=night, defaults={"waiting": number})
