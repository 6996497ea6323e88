"""Drafts the disaster update that relays one official bulletin and takes the place of the one before it.

Nothing is computed: issuer, number, times, areas and levels stand as published (海洋观测预报管理条例 art. 22, 25).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from responders.bulletins import record_bulletin
from responders.case_rules import case_rules
from responders.cases import CaseOpening, open_case, shortened
from responders.drafts import Filled, Marked, Place, render, store_draft
from responders.material import Record
from responders.supersede import supersede
from responders.wording import moment, short_moment
from store.errors import BadInput
from store.models import BulletinRow, Case, Draft, Incident
from store.models.drafts import DraftStatus
from store.settings import settings
from store.stages import MessageType

__all__ = ["disaster_update", "record_bulletin"]

UNRELEASED = (DraftStatus.DRAFT.value, DraftStatus.SUBMITTED.value, DraftStatus.APPROVED.value)
HEADER = re.compile(r"^(?:编号|发布单位|发布时间|签发|发布人|标题)[：:]")
AFTER_THE_TEXT = re.compile(
    r"^(?:防御建议|防御指南|防御提示|各岸段预警级别|各海区预警级别|高潮位具体预报表|.{0,12}预报表|注)[：:]?"
)
LEVEL_LINE = re.compile(r"^.{1,20}预警级别为.{1,4}。$")
LONGEST_HEADLINE = 100  # characters
NUMBERING = re.compile(r"^\s*(?:\d+[.．、]|[（(]\d+[）)])\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateMaterial:
    """Everything the update's template may say about a bulletin."""

    title: str
    issuer: str
    number: str
    headline: str
    issued: datetime
    is_cancel: bool
    is_warning: bool  # it states a level; else it is a message below a warning
    paragraphs: tuple[str, ...]  # as published
    areas: tuple[tuple[str, str], ...]  # (area, level as published or ""), () when no level is stated
    span: str  # "1月21日14时至1月22日12时", "" when none is stated
    advice: tuple[str, ...]
    replaces: str  # the bulletin it changes, "" when it says none
    drill: bool
    bureau: str
    now: datetime


def disaster_update(row: BulletinRow, *, now: datetime) -> Draft:
    """The draft that relays this bulletin, made once; opens the incident's case when it has none.

    It takes the place of the incident's last drafts by the same issuer: unreleased ones are superseded at once, a
    released one when this is released. A bulletin that arrives after a newer one of its issuer is superseded itself.
    Raises BadInput for a bulletin without an incident.
    """
    key = f"bulletin:{row.key}"
    with transaction.atomic():
        case = _held_case(row, now=now)
        made = Draft.objects.filter(key=key).first()
        if made is not None:
            return made
        older, newer = _neighbours(row, case)
        live = next((draft for draft in older if draft.status == DraftStatus.RELEASED), None)
        place = Place(key=key, case=case, bulletin=row, supersedes=live or (older[0] if older else None))
        draft = store_draft(fill_update(row, now=now), place, now=now)
        for each in older:
            if each.status in UNRELEASED:
                supersede(each.pk, draft, None, now=now)
        if newer is not None:
            return supersede(draft.pk, newer, None, now=now)
        _reopen(case)
        return draft


def fill_update(row: BulletinRow, *, now: datetime) -> Filled:
    """The update's text, with the bulletin as its one record."""
    material = update_material(row, now=now)
    title, body, template = render("update", {"m": material})
    number = f"，{row.number}" if row.number else ""
    span = f"\n有效时段：{material.span}" if material.span else ""
    record = Record(
        label=f"{row.issuer}，{moment(row.issued_at)}{number}",
        issuer=row.issuer,
        at=row.issued_at,
        quote=f"{row.headline}\n{row.text}\n{row.instruction}{span}".strip(),
        url=row.url,
        bulletin=row.pk,
    )
    evidence = (Marked("E1", record),)
    return Filled(
        kind="update", template=template, title=title, body=body, evidence=evidence, lacking=_lacking(row, material)
    )


def update_material(row: BulletinRow, *, now: datetime) -> UpdateMaterial:
    """A bulletin's words sorted for the template."""
    return UpdateMaterial(
        title=update_title(row),
        issuer=row.issuer,
        number=row.number,
        headline=shortened(row.headline.strip("。 "), LONGEST_HEADLINE),
        issued=row.issued_at,
        is_cancel=row.message_type == MessageType.CANCEL,
        is_warning=bool(row.level),
        paragraphs=paragraphs(row.text, row.headline),
        areas=tuple((str(area), str(level)) for area, level in row.areas) if row.level else (),
        span=_span(row),
        advice=advice(row.instruction),
        replaces=_replaces(row),
        drill=row.incident is not None and row.incident.drill,
        bureau=settings().bureau,
        now=now,
    )


def update_title(row: BulletinRow) -> str:
    """What the relay is called: the issuer's own headline, the issuer and the time."""
    return f"{shortened(row.headline.strip('。 '), LONGEST_HEADLINE)}（{row.issuer}{short_moment(row.issued_at)}发布）"


def paragraphs(text: str, headline: str) -> tuple[str, ...]:
    """The bulletin's own sentences as published: without its head, level lines, table, advice and notes."""
    kept: list[str] = []
    for line in (line.strip() for line in text.splitlines()):
        if AFTER_THE_TEXT.match(line):
            if kept:
                break
            continue
        if line and line != headline.strip() and not HEADER.match(line) and not LEVEL_LINE.match(line):
            kept.append(line)
    return tuple(line for line in kept if line.endswith(("。", "！", "；", "：")))


def advice(instruction: str) -> tuple[str, ...]:
    """The published advice, one point a line, its numbering taken off."""
    lines = [line.strip() for line in instruction.splitlines() if line.strip()]
    if len(lines) == 1:
        lines = [part for part in re.split(r"(?<=。)", lines[0]) if part.strip()]
    return tuple(NUMBERING.sub("", line).strip() for line in lines)


def _span(row: BulletinRow) -> str:
    if row.onset is None or row.expires is None or row.message_type == MessageType.CANCEL:
        return ""
    return f"{short_moment(row.onset)}至{short_moment(row.expires)}"


def _replaces(row: BulletinRow) -> str:
    """The earlier bulletin by the name its issuer gave it; only when this one itself says that it changes it."""
    earlier = row.supersedes
    if earlier is None or not any(
        {earlier.number, earlier.identifier} & set(re.split(r"[,\s]+", ref)) - {""} for ref in row.references
    ):
        return ""
    number = f"（{earlier.number}）" if earlier.number else ""
    return f"{short_moment(earlier.issued_at)}发布的信息{number}"


def _lacking(row: BulletinRow, material: UpdateMaterial) -> tuple[str, ...]:
    missing = []
    if not row.issuer:
        missing.append("警报没有写明发布单位，请核对原文")
    if not row.number:
        missing.append("警报没有写明编号，请核对原文后补充")
    if not material.paragraphs and not material.areas:
        missing.append("没有读出警报的正文，请对照原文补充")
    return tuple(missing)


def _held_case(row: BulletinRow, *, now: datetime) -> Case:
    """The incident's case, its row held so that two updates do not pass each other."""
    incident = row.incident
    if incident is None:
        raise BadInput(f"bulletin {row.pk} belongs to no incident; store it with record_bulletin first")
    key = f"incident:{incident.code}"
    if not Case.objects.filter(key=key).exists():
        open_case(_opening(key, row, incident), now=now)
    return Case.objects.select_for_update().get(key=key)


def _opening(key: str, row: BulletinRow, incident: Incident) -> CaseOpening:
    rule = case_rules().incidents
    words = {"issuer": row.issuer, "issued": short_moment(row.issued_at), "headline": row.headline}
    return CaseOpening(
        key=key,
        title=incident.title,
        rule=rule.key,
        reason=rule.reason.format(number=row.number or "未注明编号", **words),
        deadlines=rule.deadlines,
        incident=incident.pk,
        drill=incident.drill,
    )


def _neighbours(row: BulletinRow, case: Case) -> tuple[list[Draft], Draft | None]:
    """The case's drafts of the issuer's earlier bulletins, newest first, and the first of a later one."""
    drafts = case.drafts.filter(bulletin__issuer=row.issuer).exclude(bulletin=row).select_related("bulletin")
    is_later = Q(bulletin__issued_at__gt=row.issued_at) | Q(bulletin__issued_at=row.issued_at, bulletin__pk__gt=row.pk)
    older = list(drafts.exclude(is_later).order_by("-bulletin__issued_at", "-bulletin__pk", "-pk"))
    return older, drafts.filter(is_later).order_by("bulletin__issued_at", "pk").first()


def _reopen(case: Case) -> None:
    """An answered incident needs an answer again when its warning changes."""
    if case.status == Case.ANSWERED:
        Case.objects.filter(pk=case.pk).update(status=Case.OPEN)
