"""Approve a submitted draft: the second pair of eyes, bound to exactly the text that was read."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from responders.record import check_read, locked, record
from responders.roles import Verb
from responders.transitions import guard
from store.models import Draft


def approve(draft_id: int, actor: User, read_hash: str, *, now: datetime) -> Draft:
    """Sign the submitted text.

    `read_hash` is the draft's `text_hash` as shown to the signer. Raises NotAllowed when the actor wrote, last edited
    or submitted it, StaleText when it changed since it was read.
    """
    with transaction.atomic():
        draft = locked(draft_id)
        to = guard(draft, Verb.APPROVE, actor)
        check_read(draft, read_hash)
        draft.approved_by, draft.approved_hash = actor, draft.text_hash
        return record(draft, Verb.APPROVE, actor, to=to, now=now)
