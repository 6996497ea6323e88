"""Retry: what is in quarantine is read and stored again with today's code; what still fails says why and stays."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from flows import ingest, watch
from flows.night import night_of
from responders.source_edits import in_force
from spiders.again import Again, read_again
from spiders.sources import Source
from spiders.spool import entry_of_row
from store import quarantine
from store.errors import BadInput
from store.models import QuarantineRow
from store.settings import settings
from store.sources import Counts
from store.stages import Entry, Harvest, HarvestState, SourceKind


@dataclass(frozen=True, slots=True)
class Retried:
    """One thing in quarantine after its retry."""

    source: str
    url: str
    is_mended: bool
    said: str  # Chinese, what was stored or what is still wrong


def retry(slug: str | None, *, now: datetime) -> list[Retried]:
    """Try everything in quarantine, of one source where it is named. Raises BadInput for a source nobody knows."""
    files = {known.source.slug: known.source for known in in_force().values()}
    rows = quarantine.waiting(slug)
    if slug and slug not in files and not rows:
        raise BadInput(f"{slug}: no such source in {settings().sources_folder}; known are {', '.join(files)}")
    return [_retry(row, files.get(row.source_id), now=now) for row in rows]


def _retry(row: QuarantineRow, source: Source | None, *, now: datetime) -> Retried:
    again = _entry_again(row) if row.entry else _answer_again(row, source, now=now)
    with transaction.atomic():
        counts, trouble = _store(row, again.entries, now=now)
        trouble = again.trouble or trouble
        if trouble:
            quarantine.tried(row, trouble, now=now)
        else:
            row.delete()
    return Retried(row.source_id, row.url, not trouble, trouble or _told(counts, again.pages))


def _entry_again(row: QuarantineRow) -> Again:
    try:
        return Again((entry_of_row(json.loads(row.entry)),), "", 0)
    except (ValueError, TypeError, KeyError) as error:
        return Again((), f"保留的条目已无法读取（{type(error).__name__}）", 0)


def _answer_again(row: QuarantineRow, source: Source | None, *, now: datetime) -> Again:
    if source is None:
        return Again((), "来源文件已不在，无法重读；请恢复来源文件后再试", 0)
    if not row.kept:
        return Again((), "没有保留原始回答（过大，或 CHAOXIN_RAW_DAYS 为 0），请等下次采集重新读取", 0)
    return read_again(source, settings().path("raw") / row.kept, now=now)


def _store(row: QuarantineRow, entries: tuple[Entry, ...], *, now: datetime) -> tuple[Counts, str]:
    """Store what was read; official warnings are relayed first, as in every run."""
    if not entries:
        return Counts(), ""
    harvest = Harvest(
        source=row.source_id, state=HarvestState.OK, message="", entries=entries, started_at=now, finished_at=now
    )
    watch.relay([harvest], night=night_of(now), now=now)
    readable = [entry for entry in entries if entry.kind is not SourceKind.CAP]
    counts, refused = ingest.store_or_refuse(ingest.one_a_url(readable), now=now)
    return counts, refused[0].reason if refused else ""


def _told(counts: Counts, pages: int) -> str:
    leads = f"，其中列出的 {pages} 个页面留待下次采集" if pages else ""
    return f"已读懂：新增 {counts.added} 条，更新 {counts.changed} 条，已有 {counts.unchanged} 条{leads}"
