"""Submit a draft for signature: the officer says that it is ready to be read by another."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from responders.record import locked, record
from responders.roles import Verb
from responders.transitions import guard
from store.models import Draft


def submit(draft_id: int, actor: User, *, now: datetime) -> Draft:
    """Hand the draft in.

    Raises NotAllowed, with the missing points, for a machine's text that its evidence does not bear and for a text
    with gaps.
    """
    with transaction.atomic():
        draft = locked(draft_id)
        to = guard(draft, Verb.SUBMIT, actor)
        draft.submitted_by, draft.return_reason = actor, ""
        return record(draft, Verb.SUBMIT, actor, to=to, now=now)
