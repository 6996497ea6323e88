"""Keeps official bulletins exactly as published and finds the incident whose course each belongs to."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from responders.case_rules import case_rules
from responders.wording import local
from store import audit
from store.models import BulletinRow, Incident
from store.stages import Bulletin, MessageType

ACTUAL = "Actual"  # CAP status; everything else (Exercise, Test, System, Draft) is a drill here
COMPLETED = ("identifier", "onset", "expires", "instruction", "references")


def bulletin_key(bulletin: Bulletin) -> str:
    """Identity of a message: SHA-256 hex of issuer, number, hazard, issue time and whether it is a drill.

    A warning that comes as text and as CAP is one message.
    """
    parts = (
        bulletin.issuer,
        bulletin.number,
        bulletin.hazard.value,
        bulletin.issued_at.astimezone(UTC).isoformat(timespec="minutes"),
        "" if bulletin.status == ACTUAL else bulletin.status,
    )
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def record_bulletin(bulletin: Bulletin, *, source: str, url: str, now: datetime) -> BulletinRow | None:
    """Store a bulletin with its incident; None when it is known.

    A known one that was stored without an identifier, time span or references takes them from its other form.
    """
    key = bulletin_key(bulletin)
    known = BulletinRow.objects.filter(key=key).first()
    if known is not None:
        _complete(known, bulletin)
        return None
    try:
        with transaction.atomic():
            return _store(bulletin, key=key, source=source, url=url, now=now)
    except IntegrityError:
        return None  # another watch stored it meanwhile


def _store(bulletin: Bulletin, *, key: str, source: str, url: str, now: datetime) -> BulletinRow:
    earlier = referenced(bulletin)
    incident = _incident(bulletin, earlier, now=now)
    row = BulletinRow.objects.create(
        key=key,
        issuer=bulletin.issuer,
        number=bulletin.number,
        identifier=bulletin.identifier,
        hazard=bulletin.hazard.value,
        message_type=bulletin.message_type.value,
        level=bulletin.level.value if bulletin.level else "",
        areas=[[area, level.value if level else ""] for area, level in bulletin.areas],
        issued_at=bulletin.issued_at,
        onset=bulletin.onset,
        expires=bulletin.expires,
        headline=bulletin.headline,
        text=bulletin.text,
        instruction=bulletin.instruction,
        references=list(bulletin.references),
        status=bulletin.status,
        url=bulletin.url or url,
        source=source,
        received_at=now,
        supersedes=earlier or last_of_issuer(incident, bulletin),
        incident=incident,
    )
    detail = {"issuer": row.issuer, "number": row.number, "type": row.message_type, "drill": incident.drill}
    audit.append(None, "receive", "bulletin", row.pk, detail, now=now)
    _close_or_reopen(incident)
    return row


def referenced(bulletin: Bulletin) -> BulletinRow | None:
    """The newest stored bulletin that this one says it changes, by CAP identifier or the issuer's number."""
    names = {part for reference in bulletin.references for part in re.split(r"[,\s]+", reference) if part}
    rows = BulletinRow.objects.filter(hazard=bulletin.hazard.value).filter(
        Q(identifier__in=names) | Q(number__in=names, issuer=bulletin.issuer)
    )
    return rows.filter(status=bulletin.status).exclude(key=bulletin_key(bulletin)).order_by("-issued_at", "-pk").first()


def last_of_issuer(incident: Incident, bulletin: Bulletin) -> BulletinRow | None:
    """The issuer's newest earlier bulletin in this incident."""
    rows = incident.bulletins.filter(issuer=bulletin.issuer, issued_at__lt=bulletin.issued_at)
    return rows.order_by("-issued_at", "-pk").first()


def _incident(bulletin: Bulletin, earlier: BulletinRow | None, *, now: datetime) -> Incident:
    """The incident of the referenced bulletin, else the hazard's running one, else a new one."""
    if earlier is not None and earlier.incident is not None:
        return earlier.incident
    drill = bulletin.status != ACTUAL
    quiet = timedelta(hours=case_rules().incidents.quiet_hours)
    near = Q(bulletins__issued_at__gte=bulletin.issued_at - quiet, bulletins__issued_at__lte=bulletin.issued_at + quiet)
    running = Incident.objects.filter(near, hazard=bulletin.hazard.value, drill=drill)
    if bulletin.message_type is MessageType.ALERT:
        running = running.filter(Q(closed_at=None) | Q(closed_at__gt=bulletin.issued_at))
    found = running.order_by("-opened_at", "-pk").first()
    return found or _open_incident(bulletin, drill=drill, now=now)


def _open_incident(bulletin: Bulletin, *, drill: bool, now: datetime) -> Incident:
    there = local(bulletin.issued_at)
    incident = Incident.objects.create(
        code=f"I{there:%Y%m%d}-{bulletin.hazard.value}-{bulletin_key(bulletin)[:4]}",
        hazard=bulletin.hazard.value,
        title=f"{'【演练】' if drill else ''}{there.year}年{there.month}月{there.day}日{bulletin.hazard.value}过程",
        opened_at=bulletin.issued_at,
        drill=drill,
    )
    detail = {"code": incident.code, "hazard": incident.hazard, "drill": drill}
    audit.append(None, "open", "incident", incident.pk, detail, now=now)
    return incident


def _close_or_reopen(incident: Incident) -> None:
    """Closed once every issuer's newest word is a cancellation, at the time of the last of them."""
    newest: dict[str, BulletinRow] = {}
    for row in incident.bulletins.order_by("issued_at", "pk"):
        newest[row.issuer] = row
    is_over = all(row.message_type == MessageType.CANCEL for row in newest.values())
    incident.closed_at = max(row.issued_at for row in newest.values()) if is_over else None
    incident.save(update_fields=["closed_at"])


def _complete(row: BulletinRow, bulletin: Bulletin) -> None:
    missing = {
        name: getattr(bulletin, name) for name in COMPLETED if not getattr(row, name) and getattr(bulletin, name)
    }
    if missing:
        BulletinRow.objects.filter(pk=row.pk).update(
            **{name: list(value) if name == "references" else value for name, value in missing.items()}
        )
