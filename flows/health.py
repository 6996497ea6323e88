"""The health of all sources: their histories out of the store, outages that begin and end, and the notices of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from responders.notices import outage_notice, recovery_notice, send, somewhere_to_send
from responders.source_edits import in_force
from spiders.health import Matter, Verdict, judge
from spiders.outages import TOLD, Turn, turn
from spiders.usual import History, Run, health_rules
from store.models import SourceOutage, SourceRun, SourceState
from store.stages import HarvestState

LOOK_BACK = timedelta(days=90)
MOST_RUNS = 300  # newest runs of a source that are looked at: all nights of LOOK_BACK, twelve days of hours


@dataclass(frozen=True, slots=True)
class Looked:
    """How many outages began and ended with this look, and how many notices went out."""

    began: int = 0
    ended: int = 0
    told: int = 0


def histories(*, now: datetime, slug: str = "") -> dict[str, History]:
    """Every source's history (or one's), by slug; a source that is switched off counts as paused. Three queries."""
    off = {slug for slug, known in in_force().items() if not known.source.on}
    states = SourceState.objects.defer("cursor")
    chosen = list(states.filter(pk=slug) if slug else states)
    runs = _runs(now=now, slug=slug)
    return {
        row.slug: History(
            runs=runs.get(row.slug, []),
            cadence=timedelta(seconds=row.cadence_seconds),
            last_good_at=row.last_good_at,
            is_paused=row.is_paused or row.slug in off,
            message=row.message,
        )
        for row in sorted(chosen, key=lambda row: row.slug)
    }


def verdicts(*, now: datetime) -> dict[str, Verdict]:
    """How every source stands at this moment, by slug."""
    rules = health_rules()
    return {slug: judge(history, rules, now=now) for slug, history in histories(now=now).items()}


def look_after(*, now: datetime) -> Looked:
    """Note the outages that begin and end, then tell of each once. Call after the harvests of a run are stored."""
    began, ended = _note(now=now)
    return Looked(began, ended, _tell(now=now))


def _runs(*, now: datetime, slug: str) -> Mapping[str, list[Run]]:
    newest = Window(RowNumber(), partition_by=F("source_id"), order_by=[F("finished_at").desc(), F("pk").desc()])
    rows = SourceRun.objects.filter(finished_at__gt=now - LOOK_BACK, **({"source_id": slug} if slug else {}))
    columns = ("source_id", "finished_at", "state", "entries", "skipped", "unreadable")
    found: dict[str, list[Run]] = defaultdict(list)
    for source, at, state, entries, skipped, unreadable in (
        rows.annotate(row=newest).filter(row__lte=MOST_RUNS).order_by("finished_at", "pk").values_list(*columns)
    ):
        run = Run(at=at, state=HarvestState(state), entries=entries, skipped=skipped, unreadable=unreadable)
        found[source].append(run)
    return found


@transaction.atomic
def _note(*, now: datetime) -> tuple[int, int]:
    """Store what begins and ends; two that look at once wait for each other."""
    standing: dict[str, dict[Matter, SourceOutage]] = defaultdict(dict)
    for row in SourceOutage.objects.select_for_update().filter(is_open=True):
        standing[row.source_id][Matter(row.matter)] = row
    began = ended = 0
    files = in_force()
    for slug, known in histories(now=now).items():
        history = known if slug in files else replace(known, is_paused=True)  # its file is gone: nobody listens
        mine = standing.get(slug, {})
        change = turn(history, {matter: row.heard_until for matter, row in mine.items()}, health_rules(), now=now)
        began += _begin(slug, change, now=now)
        for matter in change.ends:
            _end(mine[matter], is_paused=history.is_paused, now=now)
            ended += 1
    return began, ended


def _begin(slug: str, change: Turn, *, now: datetime) -> int:
    for one in change.begins:
        SourceOutage.objects.get_or_create(
            source_id=slug,
            matter=one.matter.value,
            is_open=True,
            defaults={"reason": one.reason, "began_at": now, "heard_until": one.heard_until},
        )
    return len(change.begins)


def _end(row: SourceOutage, *, is_paused: bool, now: datetime) -> None:
    row.is_open, row.ended_at = None, now
    if is_paused:
        row.told_end_at = now  # somebody paused it and knows
    row.save(update_fields=["is_open", "ended_at", "told_end_at"])


def _tell(*, now: datetime) -> int:
    """Send what was not told yet; without a channel nothing is marked, so that one set up later tells what still lasts."""
    if not somewhere_to_send():
        return 0
    began = _claim("told_at", now=now, is_open=True)
    ended = _claim("told_end_at", now=now, is_open=None, told_at__isnull=False)
    told = 0
    for rows, column, notice in ((began, "told_at", outage_notice), (ended, "told_end_at", recovery_notice)):
        if not rows:
            continue
        if send(notice(rows, now=now)):
            told += 1
        else:
            SourceOutage.objects.filter(pk__in=[row.pk for row in rows]).update(**{column: None})
    return told


@transaction.atomic
def _claim(column: str, *, now: datetime, **which: object) -> list[SourceOutage]:
    """The rows still to be told, marked before they are sent: two runs at once, or a restart, never tell twice."""
    waiting = SourceOutage.objects.select_for_update(of=("self",)).filter(**{f"{column}__isnull": True}, **which)
    rows = list(waiting.filter(matter__in=[matter.value for matter in TOLD]).select_related("source"))
    SourceOutage.objects.filter(pk__in=[row.pk for row in rows]).update(**{column: now})
    return sorted(rows, key=lambda row: row.source.title)
