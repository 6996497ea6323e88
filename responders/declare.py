"""Declare an emergency: the switch is set, its case opens and the 5 h and 24 h clocks start."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from responders.case_rules import case_rules
from responders.cases import CaseOpening, open_case
from responders.roles import Act, may_act
from responders.wording import short_moment
from store import audit
from store.errors import NotAllowed
from store.models import Emergency


def declare(
    title: str, reason: str, *, drill: bool, sources: Sequence[str], actor: User | None, now: datetime
) -> Emergency:
    """Set the switch; whether it is a drill is fixed here for good. None as actor is the command line.

    Cadences are moved by flows/cadence.py, which keeps what was before. Raises NotAllowed while another stands, without
    title or reason, and for a person without the right.
    """
    refusal = may_act(actor, Act.DECLARE) if actor is not None else None
    if refusal is not None:
        raise NotAllowed(refusal)
    if not title.strip() or not reason.strip():
        raise NotAllowed("启动应急要写明名称和理由。")
    try:
        with transaction.atomic():
            return _set(title.strip(), reason.strip(), drill=drill, sources=sources, actor=actor, now=now)
    except IntegrityError as error:
        raise NotAllowed(_stands()) from error


def _set(
    title: str, reason: str, *, drill: bool, sources: Sequence[str], actor: User | None, now: datetime
) -> Emergency:
    if Emergency.objects.filter(standing=True).exists():
        raise NotAllowed(_stands())
    name = f"【演练】{title}" if drill and not title.startswith("【演练】") else title
    emergency = Emergency.objects.create(
        title=name[:200],
        reason=reason,
        drill=drill,
        sources=list(sources),
        declared_by=actor,
        declared_at=now,
        standing=True,
    )
    rule = case_rules().emergencies
    opening = CaseOpening(
        key=f"emergency:{emergency.pk}",
        title=emergency.title,
        rule=rule.key,
        reason=rule.reason.format(reason=reason),
        deadlines=rule.deadlines,
        emergency=emergency.pk,
        drill=drill,
    )
    open_case(opening, now=now)
    detail = {"title": emergency.title, "reason": reason, "drill": drill, "sources": list(sources)}
    audit.append(actor, "declare", "emergency", emergency.pk, detail, now=now)
    return emergency


def _stands() -> str:
    standing = Emergency.objects.filter(standing=True).first()
    if standing is None:
        return "另一处正在启动应急，请刷新后再看。"
    since = short_moment(standing.declared_at)
    return f"“{standing.title}”自{since}起正在应急中，同一时间只能有一个：请先解除它，再启动新的。"
