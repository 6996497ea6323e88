"""Ingest: entries become documents; the same URL is the same document, an edit is its next version."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DataError, IntegrityError, transaction

from flows.pacing import pace
from nlp.duplicates import text_key
from nlp.segment import search_words
from spiders.spool import entry_as_row
from store import documents, engagement, quarantine
from store.documents import NewDocument
from store.models import DocumentRow
from store.sources import Counts, record_harvest, record_quiet
from store.stages import Engagement, Entry, Harvest, SourceKind

# What one odd entry can do. A database that is locked, full or gone is another matter: then the whole harvest waits.
ODD_ENTRY = (DataError, IntegrityError, ValueError, TypeError, LookupError, ArithmeticError, RecursionError)

logger = logging.getLogger("chaoxin.ingest")


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that could not be stored, and why, in Chinese."""

    entry: Entry
    reason: str


def ingest(harvest: Harvest, *, night: str, now: datetime) -> Counts:
    """Store one source's harvest with the cursor it covers, whole or not at all."""
    # CAP messages become bulletins (flows/watch.py); the institution's page is the document people read.
    readable = [entry for entry in harvest.entries if entry.kind is not SourceKind.CAP]
    with transaction.atomic():
        counts, refused = store_or_refuse(one_a_url(readable), now=now)
        _follow(harvest, now=now)
        record_harvest(harvest, counts, night=night, pacer=pace)
        for one in refused:
            quarantine.set_entry_aside(harvest.source, entry_as_row(one.entry), one.reason, now=now)
        quarantine.set_aside(harvest.source, harvest.unread, now=now)
        _mend([harvest], now=now)
    return counts


def ingest_quiet(harvests: Sequence[Harvest], *, night: str, now: datetime) -> None:
    """Store how the quiet ones of these harvests ended, all in one transaction; the others are `ingest`'s."""
    quiet = [harvest for harvest in harvests if harvest.is_quiet]
    if quiet:
        with transaction.atomic():
            record_quiet(quiet, night=night, pacer=pace)
            _mend(quiet, now=now)


def ingest_all(harvests: Sequence[Harvest], *, night: str, now: datetime) -> Counts:
    """Store many harvests, each whole or not at all, in their order; the quiet ones first and together."""
    ingest_quiet(harvests, night=night, now=now)
    loud = [ingest(harvest, night=night, now=now) for harvest in harvests if not harvest.is_quiet]
    return sum(loud, Counts())


def _follow(harvest: Harvest, *, now: datetime) -> None:
    """Public counts of known documents, and documents that are gone."""
    if harvest.sightings:
        seen = {sighting.url: sighting.engagement for sighting in harvest.sightings}
        engagement.sight(seen, documents.rows_by_url(seen), now=now)
    if harvest.vanished:
        gone = engagement.vanish(harvest.vanished, source=harvest.source, now=now)
        logger.info("ingest.gone source=%s documents=%d", harvest.source, gone)


def _mend(harvests: Sequence[Harvest], *, now: datetime) -> None:
    """Answers set aside earlier whose pages these runs have read well need no more waiting."""
    waiting = quarantine.sources_with_any(harvest.source for harvest in harvests)
    for harvest in harvests:
        if harvest.source in waiting:
            quarantine.mended(harvest.source, _read_well(harvest.cursor), before=now)


def _read_well(cursor: Mapping[str, object]) -> dict[str, int]:
    """Epoch seconds of the last good reading by URL, as a spider's cursor says (spiders/cursor.py)."""
    found: dict[str, int] = {}
    for part in ("fronts", "pages"):
        rows = cursor.get(part)
        if isinstance(rows, Mapping):
            found |= {str(url): int(row[0]) for url, row in rows.items()}
    return found


def one_a_url(entries: Iterable[Entry]) -> list[Entry]:
    """The last entry of each URL, in the order of their URLs."""
    newest = {entry.url: entry for entry in entries}
    return [newest[url] for url in sorted(newest)]


def store_or_refuse(entries: Sequence[Entry], *, now: datetime) -> tuple[Counts, list[Refused]]:
    """Store entries as `store_entries`; where one of them cannot be stored the others are, and it is named."""
    try:
        with transaction.atomic():
            return store_entries(entries, now=now), []
    except ODD_ENTRY:
        logger.warning("ingest.one_by_one entries=%d", len(entries), exc_info=True)
    counts, refused = Counts(), []
    for entry in entries:
        try:
            with transaction.atomic():
                counts += store_entries([entry], now=now)
        except ODD_ENTRY as error:
            refused.append(Refused(entry, f"不能保存：{type(error).__name__}"))
    return counts, refused


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
        again.append((row, entry.engagement))
    documents.see_again(again, now=now)
    return Counts(added=added, changed=changed, unchanged=len(again) - changed)


def speaks_for(entry: Entry, row: DocumentRow) -> bool:
    """Whether an entry may change a document: its first source may, another only with a fuller text that contains it."""
    return entry.source == row.source or (len(entry.text) > len(row.text) and row.text.rstrip("….") in entry.text)


def _new(entry: Entry) -> NewDocument:
    return NewDocument(entry=entry, text_key=text_key(entry.title, entry.text), words=_words(entry))


def _words(entry: Entry) -> str:
    return " ".join(dict.fromkeys(search_words(f"{entry.title}\n{entry.text}")))
