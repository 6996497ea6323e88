"""Ingest: entries become documents: same URL, same text and near-duplicate told apart, edits kept as versions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from nlp.duplicates import Candidate, NearDuplicates, text_key
from nlp.segment import search_words

from store import documents
from store.documents import NewDocument
from store.models import DocumentRow
from store.sources import Counts, record_harvest
from store.stages import Engagement, Entry, Harvest, SourceKind

WINDOW = timedelta(days=30)  # how far back a repost is recognised


def known_texts(*, now: datetime) -> NearDuplicates:
    """The originals of the last thirty days, ready to be held against."""
    index = NearDuplicates()
    for url, title, text in documents.originals_since(now - WINDOW):
        index.add(_candidate(url, title, text))
    return index


def ingest(harvests: Sequence[Harvest], *, night: str, now: datetime) -> Counts:
    """Store what the sources brought, one transaction a source, with the cursor it covers."""
    index = known_texts(now=now)
    total = Counts()
    for harvest in harvests:
        total += ingest_one(harvest, index, night=night, now=now)
    return total


def ingest_one(harvest: Harvest, index: NearDuplicates, *, night: str, now: datetime) -> Counts:
    """Store one source's harvest whole or not at all."""
    with transaction.atomic():
        # CAP messages become bulletins (flows/watch.py); the institution's page is the document people read.
        readable = [entry for entry in harvest.entries if entry.kind is not SourceKind.CAP]
        counts = store_entries(_one_a_url(readable), index, now=now)
        record_harvest(harvest, counts, night=night)
    return counts


def _one_a_url(entries: Iterable[Entry]) -> list[Entry]:
    """The last entry of each URL, oldest publication first, so that the original comes before its reposts."""
    newest = {entry.url: entry for entry in entries}
    return sorted(newest.values(), key=lambda e: (e.published_at or e.fetched_at, e.url))


def store_entries(entries: Sequence[Entry], index: NearDuplicates, *, now: datetime) -> Counts:
    """Add new documents, version changed ones, and note the rest as seen again."""
    known = documents.rows_by_url(entry.url for entry in entries)
    fresh = [_decided(entry, index) for entry in entries if entry.url not in known]
    added = documents.add(fresh, now=now)
    changed = 0
    again: list[tuple[DocumentRow, Engagement]] = []
    for entry in entries:
        row = known.get(entry.url)
        if row is None:
            continue
        key = text_key(entry.title, entry.text)
        if key != row.text_hash and speaks_for(entry, row):
            documents.change(row, entry, text_key=key, words=_words(entry), now=now)
            changed += 1
        else:
            again.append((row, entry.engagement))
    documents.see_again(again, now=now)
    return Counts(added=added, changed=changed, unchanged=len(again))


def speaks_for(entry: Entry, row: DocumentRow) -> bool:
    """Whether an entry may change a document: its first source may, another only with a fuller text that contains it."""
    return entry.source == row.source or (len(entry.text) > len(row.text) and row.text.rstrip("….") in entry.text)


def _decided(entry: Entry, index: NearDuplicates) -> NewDocument:
    match = index.add(_candidate(entry.url, entry.title if not entry.reply_to else "", entry.text))
    return NewDocument(
        entry=entry,
        text_key=text_key(entry.title, entry.text),
        words=_words(entry),
        original_url=str(match.original) if match else "",
        similarity=match.similarity if match else None,
    )


def _candidate(url: str, title: str, text: str) -> Candidate:
    return Candidate(id=url, text=f"{title}\n{text}" if title else text)


def _words(entry: Entry) -> str:
    return " ".join(dict.fromkeys(search_words(f"{entry.title}\n{entry.text}")))
