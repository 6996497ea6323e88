"""Claims in the order of work, with the official statements that may answer them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case as When_
from django.db.models import IntegerField, QuerySet, Value, When

from nlp.claims.official import Check, Said, official_checks
from responders.official_facts import WINDOW, official_facts
from store.models import BulletinRow, Claim, DocumentRow, KnownAnswer
from store.stages import Place, TimeMention


@dataclass(frozen=True, slots=True)
class Match:
    """An official statement that may answer a claim; a suggestion, a person decides."""

    title: str
    url: str
    source: str
    at: datetime
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer given before that may fit a claim; a suggestion, a person decides."""

    row: KnownAnswer
    sure: bool
    score: float
    why: str

    @property
    def link(self) -> str:
        """Its page, where it has one that can be opened: the web page or the claim it was found out for."""
        if self.row.url.startswith(("http://", "https://")):
            return self.row.url
        return f"/claims/{self.row.from_claim_id}/" if self.row.from_claim_id else ""


WITHDRAWN = "withdrawn"  # no status, which is people's: the claims that a run took off the list
WITHDRAWN_TAB = (WITHDRAWN, "已移出")


def ordered() -> QuerySet[Claim]:
    """All claims: to be checked first, then those that people judged, then the withdrawn, each by priority."""
    turns = (When(withdrawn_at__isnull=False, then=Value(2)), When(status=Claim.TO_CHECK, then=Value(0)))
    first = When_(*turns, default=Value(1), output_field=IntegerField())
    return Claim.objects.select_related("topic").annotate(rank=first).order_by("rank", "-priority", "key")


def of_status(status: str) -> QuerySet[Claim]:
    """The claims of one tab of the list; all of them for ""."""
    if status == WITHDRAWN:
        return ordered().exclude(withdrawn_at=None)
    return ordered().filter(status=status, withdrawn_at=None) if status else ordered()


def matches_of(claims: Iterable[Claim]) -> dict[int, list[Match]]:
    """The official statements of each claim, best first; two queries for all of them."""
    claims = list(claims)
    stored = [match for claim in claims for match in claim.matches]
    documents = DocumentRow.objects.in_bulk({m["document"] for m in stored if m.get("document")})
    bulletins = BulletinRow.objects.in_bulk({m["bulletin"] for m in stored if m.get("bulletin")})
    found: dict[int, list[Match]] = defaultdict(list)
    for claim in claims:
        for match in claim.matches:
            if row := documents.get(match.get("document")):
                found[claim.pk].append(_document(row, match))
            elif bulletin := bulletins.get(match.get("bulletin")):
                found[claim.pk].append(_bulletin(bulletin, match))
    return found


def answers_of(claim: Claim) -> list[Answered]:
    """The known answers that may fit a claim and are in force, best first; one query."""
    in_force = KnownAnswer.objects.filter(withdrawn_at=None).select_related("superseded_by")
    rows = in_force.in_bulk([match["answer"] for match in claim.answers])
    return [
        Answered(rows[match["answer"]], bool(match.get("sure")), *_score(match))
        for match in claim.answers
        if match["answer"] in rows
    ]


def checks_of(claim: Claim, now: datetime) -> tuple[Check, ...]:
    """What official facts say at the place and time of a claim, as of now; none when its first text is gone."""
    first = claim.first_document
    annotation = getattr(first, "annotation", None)
    if first is None or annotation is None:
        return ()
    times = [_mention(t) for t in annotation.times]
    places = tuple(Place(**place) for place in annotation.places)
    said = Said(text=first.text, places=places, times=tuple(times), first_at=claim.first_at)
    return official_checks(said, official_facts(now), now=now)


def looked_at(now: datetime) -> int:
    """How many official texts of the last two weeks a claim is held against."""
    facts = official_facts(now)
    return len(facts.notices) + sum(warning.issued_at > now - WINDOW for warning in facts.warnings)


def _mention(stored: dict[str, str]) -> TimeMention:
    start, end = (datetime.fromisoformat(stored[name]) for name in ("start", "end"))
    return TimeMention(text=stored["text"], start=start, end=end)


def _document(row: DocumentRow, match: dict[str, object]) -> Match:
    return Match(row.title or row.text[:60], f"/documents/{row.pk}/", row.source, row.published_at, *_score(match))


def _bulletin(row: BulletinRow, match: dict[str, object]) -> Match:
    return Match(row.headline, f"/bulletins/{row.pk}/", row.issuer, row.issued_at, *_score(match))


def _score(match: dict[str, object]) -> tuple[float, str]:
    return float(str(match.get("score", 0))), str(match.get("why", ""))
