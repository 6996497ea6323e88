"""Assess: what is asserted that an officer should check, held against what officials said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations

from django.db import transaction

from flows.annotate import annotator
from flows.answers import put_beside_claims
from flows.night import night_of
from flows.settle import REACH, Heard, settle
from nlp.claims import ClaimInput, Older, Person, Records, SeenPicture, Statement, every_claim, relays_office
from nlp.claims.recycled import shows_footage, telling
from nlp.normalise import normalise
from nlp.places import places_named
from responders.official_facts import official_facts
from store import claims, labels
from store.generations import count
from store.models import AnnotationRow, BulletinRow, DocumentRow, Label
from store.search import matching
from store.stages import NEWSROOMS, Cue, Place, SourceKind, TimeMention

WINDOW = timedelta(days=14)  # an assertion nobody repeated for two weeks asks for nothing new
TELLING = 4  # rarest words of a text; an older one that shares two of them is read
PICTURED = 20_000  # documents whose pictures are held against a claim's
ALIKE = 20  # older texts read for each two words


@dataclass(frozen=True, slots=True)
class Assessed:
    """How many claims stand; how many of them are new, and how many left the list or came back to it."""

    claims: int
    added: int
    withdrawn: int
    restored: int


def assess(*, now: datetime) -> Assessed:
    """Find the claims of the last two weeks and store them whole or not at all; what people decided stays.

    A claim that is no longer found leaves the list with the reason, unless a person acted on it.
    """
    denied = labels.denied_claims()
    documents = _documents(now, denied)
    records = Records(older=_older(documents, now), seen=_seen(documents), facts=official_facts(now), now=now)
    everything = every_claim(documents, _statements(now), records=records)
    found = [claim for claim in everything if not relays_office(claim)]
    heard = Heard(
        found=found,
        relayed=frozenset(int(pk) for claim in everything if relays_office(claim) for pk in claim.asserts),
        denied=denied,
        model=annotator().version,
    )
    with transaction.atomic():
        settled = settle(heard, now=now)
        put_beside_claims()
        if settled.withdrawn or settled.restored:
            count(night_of(now), withdrawn=settled.withdrawn, restored=settled.restored)
    return Assessed(len(found), settled.added, settled.withdrawn, settled.restored)


def _documents(now: datetime, denied: frozenset[int]) -> list[ClaimInput]:
    """What was published lately and what the claims within reach live on; what its site took away says nothing any more."""
    there = DocumentRow.objects.filter(annotation__isnull=False, gone_at=None).exclude(text="")
    lately = there.filter(published_at__gte=now - WINDOW)
    before = there.filter(pk__in=claims.spoken_of(claims.within_reach(now - REACH)), published_at__lt=now - WINDOW)
    people = labels.standing()
    return [
        _input(row, people.get(row.pk, {}), is_denied=row.pk in denied)
        for rows in (before, lately)
        for row in rows.select_related("annotation", "duplicate_of").order_by("published_at", "url")
    ]


def _input(row: DocumentRow, person: Mapping[str, str], *, is_denied: bool) -> ClaimInput:
    """A document with what the models say of it and, where a person spoke, what the person says."""
    said = row.annotation
    return ClaimInput(
        id=row.pk,
        url=row.url,
        title=row.title,
        text=row.text,
        published_at=row.published_at,
        relevant=labels.is_relevant(person, said.relevant),
        claim_risk=said.claim_risk,
        voice=person.get(Label.VOICE, said.voice),
        cues=tuple(Cue(name=c["name"], words=c["words"]) for c in said.cues),
        places=tuple(Place(**place) for place in said.places),
        times=_times(said),
        words=tuple(said.tokens),
        reply_to=row.reply_to,
        duplicate_of=row.duplicate_of.url if row.duplicate_of else "",
        trusted=row.official or (row.kind in NEWSROOMS and not row.reply_to),
        pictures=tuple(image["hash"] for image in row.images if image["hash"]),
        person=Person.DENIES
        if is_denied
        else Person.AFFIRMS
        if person.get(Label.CLAIM) == Label.YES
        else Person.SILENT,
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
    """Official bulletins and other official documents, each with its places."""
    bulletins = BulletinRow.objects.filter(issued_at__gte=now - WINDOW, status="Actual").order_by("issued_at", "pk")
    # A bulletin's own page is the bulletin; it would answer every claim twice.
    pages = DocumentRow.objects.filter(official=True, published_at__gte=now - WINDOW).exclude(kind=SourceKind.BULLETIN)
    found = [
        Statement(id=f"bulletin:{b.pk}", title=b.headline, text=b.text, published_at=b.issued_at, issuer=b.issuer)
        for b in bulletins
    ]
    found += [
        Statement(id=f"document:{d.pk}", title=d.title, text=d.text, published_at=d.published_at, issuer=d.publisher)
        for d in pages.order_by("published_at", "url")
    ]
    return [replace(one, places=places_named(normalise(f"{one.title}\n{one.text}"))) for one in found]
