"""Return a draft to its officer, with the reason; a signature it already had is void."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from responders.record import locked, need_reason, record, void_approval
from responders.roles import Verb
from responders.transitions import guard
from store.models import Draft


def return_(draft_id: int, actor: User, reason: str, *, now: datetime) -> Draft:
    """Send the draft back; raises NotAllowed, also without a reason."""
    with transaction.atomic():
        draft = locked(draft_id)
        to = guard(draft, Verb.RETURN, actor)
        draft.return_reason = need_reason(reason, Verb.RETURN)
        detail = {"reason": draft.return_reason, **void_approval(draft)}
        return record(draft, Verb.RETURN, actor, detail, to=to, now=now)
