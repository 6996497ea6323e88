"""Documents in and out of the store: saving entries with their versions, reading them for the language stages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo

from django.db.models import Avg, Count, F, Q, QuerySet
from django.db.models.functions import Coalesce, ExtractHour, ExtractIsoWeekDay

from store import engagement
from store.models import AnnotationRow, DocumentRow, DocumentVersion
from store.stages import Annotation, Document, Engagement, Entry, Image, SourceKind

IN_CHUNK = 500  # SQLite allows 999 variables a statement in old builds


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """An entry to be stored, with the key of its wording and its search words."""

    entry: Entry
    text_key: str
    words: str


def url_hash(url: str) -> str:
    """Identity of a document: SHA-256 hex of its canonical URL."""
    return hashlib.sha256(url.encode()).hexdigest()


def rows_by_url(urls: Iterable[str]) -> dict[str, DocumentRow]:
    """The stored rows of these URLs, by URL."""
    wanted = sorted({url_hash(url) for url in urls})
    found: dict[str, DocumentRow] = {}
    for start in range(0, len(wanted), IN_CHUNK):
        for row in DocumentRow.objects.filter(url_hash__in=wanted[start : start + IN_CHUNK]):
            found[row.url] = row
    return found


def add(new: Sequence[NewDocument], *, now: datetime) -> int:
    """Store new documents with their first version; returns how many. Call inside a transaction.

    A URL that another run stored meanwhile is left as it is: uniqueness is the database's.
    """
    DocumentRow.objects.bulk_create([_row(n, now=now) for n in new], batch_size=IN_CHUNK, ignore_conflicts=True)
    stored = rows_by_url(n.entry.url for n in new)
    DocumentVersion.objects.bulk_create(
        [_version(row, now=now) for row in stored.values()], batch_size=IN_CHUNK, ignore_conflicts=True
    )
    engagement.begin((row for row in stored.values() if row.first_seen_at == now), now=now)
    return len(stored)


def _row(new: NewDocument, *, now: datetime) -> DocumentRow:
    entry = new.entry
    return DocumentRow(
        url=entry.url,
        url_hash=url_hash(entry.url),
        source=entry.source,
        kind=entry.kind.value,
        title=entry.title,
        text=entry.text,
        text_hash=new.text_key,
        author_key=entry.author_key,
        publisher=entry.publisher,
        reply_to=entry.reply_to,
        official=entry.official,
        published_at=entry.published_at or now,
        time_is_stated=entry.published_at is not None,
        first_seen_at=now,
        last_seen_at=now,
        reposts=entry.engagement.reposts,
        replies=entry.engagement.replies,
        likes=entry.engagement.likes,
        views=entry.engagement.views,
        images=_images(entry),
        words=new.words,
    )


def _version(row: DocumentRow, *, now: datetime) -> DocumentVersion:
    return DocumentVersion(
        document=row, number=row.version, title=row.title, text=row.text, text_hash=row.text_hash, seen_at=now
    )


def change(row: DocumentRow, entry: Entry, *, text_key: str, words: str, now: datetime) -> None:
    """Keep an edit as the next version and let the later stages read the document again."""
    row.title, row.text, row.text_hash, row.words = entry.title, entry.text, text_key, words
    row.images = _images(entry)
    row.version += 1
    row.last_seen_at = now
    row.is_tracked = False
    row.save(update_fields=["title", "text", "text_hash", "words", "images", "version", "last_seen_at", "is_tracked"])
    _version(row, now=now).save(force_insert=True)


def _images(entry: Entry) -> list[dict[str, str]]:
    return [asdict(image) for image in entry.images]


def see_again(rows: Sequence[tuple[DocumentRow, Engagement]], *, now: datetime) -> None:
    """Note that known documents were met again, with the public counts of today; one that was gone is back."""
    changed = []
    for row, counts in rows:
        row.last_seen_at, row.gone_at = now, None
        if engagement.follow(row, counts):
            changed.append(row)
    fields = ["last_seen_at", "gone_at", *engagement.COUNTS]
    DocumentRow.objects.bulk_update([row for row, _ in rows], fields, batch_size=100)
    engagement.grew(changed, now=now)


def document(row: DocumentRow) -> Document:
    """A row as the language stages read it."""
    return Document(
        id=row.pk,
        source=row.source,
        kind=SourceKind(row.kind),
        url=row.url,
        title=row.title,
        text=row.text,
        published_at=row.published_at,
        official=row.official,
        reply_to=row.reply_to,
        publisher=row.publisher,
        duplicate_of=row.duplicate_of_id,
        engagement=Engagement(reposts=row.reposts, replies=row.replies, likes=row.likes, views=row.views),
        images=tuple(Image(**image) for image in row.images),
    )


def originals_since(since: datetime) -> Iterator[tuple[int, str, str]]:
    """(id, title, text) of compared documents that repeat nothing, oldest first: what new texts are held against.

    A reply's title is its thread's and so no part of its own wording: it is given as "".
    """
    rows = DocumentRow.objects.filter(is_compared=True, duplicate_of__isnull=True, published_at__gte=since)
    for row in rows.order_by("published_at", "url").only("title", "text", "reply_to").iterator(chunk_size=2000):
        yield row.pk, own_title(row), row.text


def own_title(row: DocumentRow) -> str:
    """The title a document itself carries; a reply carries its thread's."""
    return "" if row.reply_to else row.title


def uncompared() -> QuerySet[DocumentRow]:
    """Documents not yet held against the others, oldest publication first: an original comes before its reposts."""
    return DocumentRow.objects.filter(is_compared=False).order_by("published_at", "url")


def unannotated() -> QuerySet[DocumentRow]:
    """Documents whose newest wording no model has judged, in a fixed order."""
    stale = Q(annotation__isnull=True) | ~Q(annotation__text_hash=F("text_hash"))
    return DocumentRow.objects.filter(stale).order_by("published_at", "url")


def save_annotations(pairs: Sequence[tuple[DocumentRow, Annotation]]) -> None:
    """Store one batch of annotations, in place of older ones of the same documents; call inside a transaction."""
    AnnotationRow.objects.filter(document__in=[row for row, _ in pairs]).delete()
    AnnotationRow.objects.bulk_create([_annotation_row(row, a) for row, a in pairs], batch_size=IN_CHUNK)


def _annotation_row(row: DocumentRow, annotation: Annotation) -> AnnotationRow:
    return AnnotationRow(
        document=row,
        text_hash=row.text_hash,
        relevant=annotation.relevant,
        relevance=annotation.relevance,
        category=annotation.category,
        categories=list(annotation.categories),
        parts=list(annotation.parts),
        keywords=list(annotation.keywords),
        tags=[{"key": tag.key, "reason": tag.reason} for tag in annotation.tags],
        tag_keys="".join(f" {tag.key} " for tag in annotation.tags),
        stance=annotation.stance,
        emotion=annotation.emotion,
        voice=annotation.voice,
        claim_risk=annotation.claim_risk,
        cues=[{"name": c.name, "words": c.words} for c in annotation.cues],
        places=[
            {"name": p.name, "within": p.within, "longitude": p.longitude, "latitude": p.latitude}
            for p in annotation.places
        ],
        times=[{"text": t.text, "start": t.start.isoformat(), "end": t.end.isoformat()} for t in annotation.times],
        tokens=list(annotation.tokens),
        reasons=list(annotation.reasons),
        model=annotation.model,
    )


def usual_interactions(since: datetime) -> dict[str, float]:
    """Mean of reposts, replies and likes of one document, by kind of source; kinds that show no counts are absent."""
    rows = DocumentRow.objects.filter(published_at__gte=since).exclude(reposts=None, replies=None, likes=None)
    counts = Coalesce(F("reposts"), 0) + Coalesce(F("replies"), 0) + Coalesce(F("likes"), 0)
    return {kind: float(mean) for kind, mean in rows.order_by().values_list("kind").annotate(mean=Avg(counts))}


def posts_by_hour_of_week(since: datetime, zone: tzinfo) -> dict[str, list[int]]:
    """How many documents each kind of source published in each hour of the week, shape (168,), Monday's first hour first."""
    counts: dict[str, list[int]] = {}
    rows = DocumentRow.objects.filter(published_at__gte=since).order_by()
    named = rows.annotate(
        weekday=ExtractIsoWeekDay("published_at", tzinfo=zone), hour=ExtractHour("published_at", tzinfo=zone)
    )
    for kind, weekday, hour, count in named.values_list("kind", "weekday", "hour").annotate(count=Count("pk")):
        counts.setdefault(kind, [0] * 168)[(weekday - 1) * 24 + hour] = count
    return counts
