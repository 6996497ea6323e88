"""Withdraw a released text: its page becomes a notice of withdrawal, its case is open again."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from responders import portal
from responders.record import locked, need_reason, record
from responders.roles import Verb
from responders.transitions import guard
from store.models import Case, Draft, Release


def withdraw(draft_id: int, actor: User, reason: str, *, now: datetime) -> Draft:
    """Take the text back everywhere it went; the reason is kept in the audit and not shown to the public.

    The address stays and answers with the notice. Raises NotAllowed, also without a reason.
    """
    with transaction.atomic():
        draft = locked(draft_id)
        to = guard(draft, Verb.WITHDRAW, actor)
        detail = {"reason": need_reason(reason, Verb.WITHDRAW)}
        draft.releases.update(status=Release.PENDING)
        record(draft, Verb.WITHDRAW, actor, detail, to=to, now=now)
        Case.objects.filter(pk=draft.case_id, status=Case.ANSWERED).update(status=Case.OPEN)
        transaction.on_commit(lambda: portal.deliver_draft(draft, now=now))
        return draft
