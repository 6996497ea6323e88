"""The watch: official sources heard often, each new warning kept as a bulletin and drafted as a disaster update."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from flows import collect, ingest
from flows.night import night_of
from nlp.bulletins import parse
from responders.bulletins import bulletin_key
from responders.drafts import prepare_drafts, waiting_cases
from responders.portal import deliver_pending
from responders.updates import disaster_update, record_bulletin
from store import audit
from store.errors import BadInput
from store.models import AuditRow, BulletinRow, Draft, Emergency
from store.stages import Bulletin, Entry, Harvest, SourceKind

OFFICIAL_KINDS = (SourceKind.CAP, SourceKind.BULLETIN)

logger = logging.getLogger("chaoxin.watch")


@dataclass(frozen=True, slots=True)
class Refused:
    """An official entry that is no readable bulletin, with the reason."""

    source: str
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class Relayed:
    """What the official entries of some harvests came to; ids of what is new."""

    bulletins: tuple[int, ...] = ()
    drafts: tuple[int, ...] = ()
    refused: tuple[Refused, ...] = ()


def watch(now: datetime) -> Relayed:
    """Hear the sources marked `watch: true`, relay what is new, store the rest; a second call adds nothing."""
    jobs = watch_jobs()
    spool = collect.fresh_spool(f"watch-{os.getpid()}")
    try:
        harvests = collect.collect_all(jobs, now=now, spool=spool)
    finally:
        shutil.rmtree(spool, ignore_errors=True)
    return keep(harvests, now=now)


def watch_jobs() -> list[collect.Job]:
    """The sources the watch hears, each with its cursor."""
    return collect.jobs(source for source in collect.sources_in_force() if source.watch)


def keep(harvests: Sequence[Harvest], *, now: datetime) -> Relayed:
    """Relay and store the watch's harvests; a watch belongs to its day, as the nightly does."""
    run = f"watch-{night_of(now)}"
    ordered = collect.in_order(harvests)
    # The relay stands first: the cursor moves with the ingest, so a run killed between the two reads the warning again.
    relayed = relay(ordered, night=run, now=now)
    ingest.ingest_all(ordered, night=run, now=now)
    deliver_pending(now)  # a delivery that failed is tried again with every watch
    if Emergency.objects.filter(standing=True).exists():
        prepare_drafts(waiting_cases(), now=now)  # its first release is due in hours; the nightly would be too late
    return relayed


def relay(harvests: Sequence[Harvest], *, night: str, now: datetime) -> Relayed:
    """Keep each official entry of CAP or bulletin kind as a bulletin and draft its update, oldest first.

    Call before the harvests are ingested. A drill in progress changes nothing here: a real warning stays real, and only
    messages that their issuer marks as exercise or test become drills. What cannot be read is logged with its source and audited once, and stops
    nothing else. Known bulletins add nothing.
    """
    read: list[tuple[Bulletin, Entry]] = []
    refused: list[Refused] = []
    for entry in (entry for harvest in harvests for entry in harvest.entries):
        if not (entry.official and entry.kind in OFFICIAL_KINDS):
            continue
        try:
            bulletin = parse(entry.raw or entry.text, url=entry.url, published_at=entry.published_at)
        except BadInput as error:
            refused.append(_refuse(entry, str(error), night=night, now=now))
        else:
            read.append((bulletin, entry))
    # CAP before text: it names identifiers and periods that the text form leaves out.
    read.sort(key=lambda pair: (pair[0].issued_at, not pair[0].identifier, pair[1].url))
    made = [pair for bulletin, entry in read if (pair := _relay_one(bulletin, entry, refused, night=night, now=now))]
    return Relayed(
        bulletins=tuple(row.pk for row, _ in made), drafts=tuple(draft.pk for _, draft in made), refused=tuple(refused)
    )


def _relay_one(
    bulletin: Bulletin, entry: Entry, refused: list[Refused], *, night: str, now: datetime
) -> tuple[BulletinRow, Draft] | None:
    """The new bulletin and its draft, made together or not at all; None when both were there."""
    try:
        with transaction.atomic():
            row = record_bulletin(bulletin, source=entry.source, url=entry.url, now=now)
            if row is None:
                row = BulletinRow.objects.get(key=bulletin_key(bulletin))
                if Draft.objects.filter(bulletin=row, kind="update").exists():
                    return None
            draft = disaster_update(row, now=now)
    except BadInput as error:
        refused.append(_refuse(entry, str(error), night=night, now=now))
        return None
    logger.info("watch.relayed source=%s bulletin=%s type=%s", entry.source, row.pk, row.message_type)
    return row, draft


def _refuse(entry: Entry, reason: str, *, night: str, now: datetime) -> Refused:
    """Say on screen and once in the audit that an official entry could not be read."""
    logger.warning("watch.refused source=%s url=%s reason=%s", entry.source, entry.url, reason)
    wording = hashlib.sha256(f"{entry.url}\x00{entry.raw or entry.text}".encode()).hexdigest()
    with transaction.atomic():
        if not AuditRow.objects.filter(verb="refuse", object_type="entry", object_id=wording).exists():
            detail = {"source": entry.source, "url": entry.url, "reason": reason[:500], "run": night}
            audit.append(None, "refuse", "entry", wording, detail, now=now)
    return Refused(entry.source, entry.url, reason)
