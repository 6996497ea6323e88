"""Ingest: entries become documents; the same URL is the same document, an edit is its next version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from nlp.duplicates import text_key
from nlp.segment import search_words
from store import documents
from store.documents import NewDocument
from store.models import DocumentRow
from store.sources import Counts, record_harvest
from store.stages import Engagement, Entry, Harvest, SourceKind


def ingest(harvest: Harvest, *, night: str, now: datetime) -> Counts:
    """Store one source's harvest with the cursor it covers, whole or not at all."""
    # CAP messages become bulletins (flows/watch.py); the institution's page is the document people read.
    readable = [entry for entry in harvest.entries if entry.kind is not SourceKind.CAP]
    with transaction.atomic():
        counts = store_entries(one_a_url(readable), now=now)
        record_harvest(harvest, counts, night=night)
    return counts


def one_a_url(entries: Iterable[Entry]) -> list[Entry]:
    """The last entry of each URL, in the order of their URLs."""
    newest = {entry.url: entry for entry in entries}
    return [newest[url] for url in sorted(newest)]


def store_entries(entries: Sequence[Entry], *, now: datetime) -> Counts:
    """Add new documents, version changed ones, and note the rest as seen again. Call inside a transaction."""
    known = documents.rows_by_url(entry.url for entry in entries)
    added = documents.add([_new(entry) for entry in entries if entry.url not in known], now=now)
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


def _new(entry: Entry) -> NewDocument:
    return NewDocument(entry=entry, text_key=text_key(entry.title, entry.text), words=_words(entry))


def _words(entry: Entry) -> str:
    return " ".join(dict.fromkeys(search_words(f"{entry.title}\n{entry.text}")))
