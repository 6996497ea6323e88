"""Assess: what is asserted that an officer should check, held against what officials said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from django.db import transaction

from flows.annotate import annotator
from flows.answers import put_beside_claims
from nlp.annotate import Text
from nlp.claims import ClaimInput, FoundClaim, Older, Records, SeenPicture, Statement, find_claims
from nlp.claims.recycled import shows_footage, telling
from responders.official_facts import official_facts
from store import claims
from store.models import AnnotationRow, BulletinRow, ClaimEvidence, DocumentRow, TopicMember
from store.search import matching
from store.stages import NEWSROOMS, Annotation, Cue, Place, SourceKind, TimeMention

WINDOW = timedelta(days=14)  # an assertion nobody repeated for two weeks asks for nothing new
TELLING = 4  # rarest words of a text; an older one that shares two of them is read
PICTURED = 20_000  # documents whose pictures are held against a claim's
ALIKE = 20  # older texts read for each two words


@dataclass(frozen=True, slots=True)
class Assessed:
    """How many claims stand and how many of them are new."""

    claims: int
    added: int


def assess(*, now: datetime) -> Assessed:
    """Find the claims of the last two weeks and store them whole or not at all; what people decided stays."""
    documents = _documents(now)
    records = Records(older=_older(documents, now), seen=_seen(documents), facts=official_facts(now), now=now)
    found = find_claims(documents, _statements(now), records=records)
    with transaction.atomic():
        added = sum(_store(claim) for claim in found)
        put_beside_claims()
    return Assessed(claims=len(found), added=added)


def _documents(now: datetime) -> list[ClaimInput]:
    rows = DocumentRow.objects.filter(published_at__gte=now - WINDOW, annotation__isnull=False)
    return [_input(row) for row in rows.select_related("annotation", "duplicate_of").order_by("published_at", "url")]


def _input(row: DocumentRow) -> ClaimInput:
    said = row.annotation
    return ClaimInput(
        id=row.pk,
        url=row.url,
        title=row.title,
        text=row.text,
        published_at=row.published_at,
        relevant=said.relevant,
        claim_risk=said.claim_risk,
        voice=said.voice,
        cues=tuple(Cue(name=c["name"], words=c["words"]) for c in said.cues),
        places=tuple(Place(**place) for place in said.places),
        times=_times(said),
        words=tuple(said.tokens),
        reply_to=row.reply_to,
        duplicate_of=row.duplicate_of.url if row.duplicate_of else "",
        trusted=row.official or (row.kind in NEWSROOMS and not row.reply_to),
        pictures=tuple(image["hash"] for image in row.images if image["hash"]),
    )


def _times(said: AnnotationRow) -> tuple[TimeMention, ...]:
    return tuple(
        TimeMention(text=t["text"], start=datetime.fromisoformat(t["start"]), end=datetime.fromisoformat(t["end"]))
        for t in said.times
    )


def _older(documents: Sequence[ClaimInput], now: datetime) -> list[Older]:
    """Texts from before the window that share rare words with what is shown under marks of a claim; each once."""
    ours = {document.url for document in documents}
    shown = [
        d for d in documents if d.relevant and d.cues and d.duplicate_of not in ours and shows_footage(d.text)
    ]  # fmt: skip
    before = DocumentRow.objects.filter(published_at__lt=now - WINDOW, annotation__isnull=False)
    before = before.select_related("annotation").order_by("published_at", "pk")
    found = {row.pk: row for row in before.filter(url__in=[d.duplicate_of for d in shown if d.duplicate_of])}
    for pair in dict.fromkeys(pair for document in shown for pair in combinations(_telling(document), 2)):
        found |= {row.pk: row for row in matching(before, pair)[:ALIKE]}
    return [_as_older(row) for _, row in sorted(found.items())]


def _seen(documents: Sequence[ClaimInput]) -> list[SeenPicture]:
    """The pictures of the newest `PICTURED` documents that have any; none when no text that may be a claim shows one."""
    if not any(document.pictures and not document.trusted for document in documents):
        return []
    rows = DocumentRow.objects.exclude(images=[]).order_by("-published_at", "url")
    rows = rows.only("images", "published_at", "publisher", "title", "text")[:PICTURED]
    return [
        SeenPicture(document=row.pk, hash=image["hash"], published_at=row.published_at, about=_about(row))
        for row in rows
        for image in row.images
        if image["hash"]
    ]


def _telling(document: ClaimInput) -> list[str]:
    """The rarest words of what is said, in the order of rarity."""
    terms = telling(document.text, document.places)
    return sorted(terms, key=lambda word: (-terms[word], word))[:TELLING]


def _as_older(row: DocumentRow) -> Older:
    return Older(
        id=row.pk,
        text=row.text,
        published_at=row.published_at,
        about=_about(row),
        words=tuple(row.annotation.tokens),
        places=tuple(Place(**place) for place in row.annotation.places),
    )


def _about(row: DocumentRow) -> str:
    return row.publisher or row.title or row.text[:20]


def _statements(now: datetime) -> list[Statement]:
    """Official bulletins and other official documents, each with its words and places."""
    bulletins = BulletinRow.objects.filter(issued_at__gte=now - WINDOW, status="Actual").order_by("issued_at", "pk")
    # A bulletin's own page is the bulletin; it would answer every claim twice.
    pages = DocumentRow.objects.filter(official=True, published_at__gte=now - WINDOW).exclude(kind=SourceKind.BULLETIN)
    texts = [
        Text(id=f"bulletin:{b.pk}", title=b.headline, text=b.text, published_at=b.issued_at, source=b.issuer)
        for b in bulletins
    ]
    texts += [
        Text(id=f"document:{d.pk}", title=d.title, text=d.text, published_at=d.published_at, source=d.publisher)
        for d in pages.order_by("published_at", "url")
    ]
    return [_statement(text, said) for text, said in zip(texts, annotator().annotate(texts), strict=True)]


def _statement(text: Text, said: Annotation) -> Statement:
    assert text.published_at is not None
    return Statement(
        id=str(text.id),
        title=text.title,
        text=text.text,
        published_at=text.published_at,
        issuer=text.source,
        words=said.tokens,
        places=said.places,
    )


def _store(found: FoundClaim) -> bool:
    """Store one claim with its evidence; whether it is new."""
    first = int(found.first)
    member = TopicMember.objects.filter(document_id=first).first()
    claim, is_new = claims.save(
        found.key,
        {
            "assertion": found.assertion,
            "touches": list(found.touches),
            "cues": [{"name": c.name, "words": c.words} for c in found.cues],
            "flags": list(found.flags),
            "matches": [_match(m.statement, m.score, m.why, sure=m.sure) for m in found.matches],
            "parts": [[label, list(words), missing] for label, words, missing in found.parts.rows()],
            "risk": found.risk,
            "risk_reasons": list(found.risk_reasons),
            "priority": found.priority,
            "reasons": list(found.reasons),
            "topic_id": member.topic_id if member else None,
            "first_document_id": first,
            "first_at": found.first_at,
            "spread": found.spread,
        },
    )
    evidence = [(int(pk), ClaimEvidence.ASSERTS) for pk in found.asserts]
    evidence += [(int(pk), ClaimEvidence.DOUBTS) for pk in found.doubts]
    evidence += [
        (int(m.statement.split(":")[1]), ClaimEvidence.OFFICIAL)
        for m in found.matches
        if m.statement.startswith("document:")
    ]
    claims.put_evidence(claim, evidence)
    return is_new


def _match(statement: str, score: float, why: str, *, sure: bool) -> dict[str, object]:
    kind, _, number = statement.partition(":")
    return {kind: int(number), "score": score, "why": why, "sure": sure}
