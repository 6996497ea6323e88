"""Supersede a draft by a newer one: an unreleased text is set aside, a released one is marked as replaced."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from responders.record import locked, record
from responders.roles import Verb
from responders.transitions import guard
from store.errors import NotAllowed
from store.models import Draft, Release
from store.models.drafts import DraftStatus


def supersede(draft_id: int, by: Draft, actor: User | None, *, now: datetime) -> Draft:
    """Let `by` take the draft's place; None as actor is the system.

    A released text is superseded only by a released one, so that readers are never led to a page that does not exist.
    Its pages go back to the outbox to say so.
    """
    with transaction.atomic():
        draft = locked(draft_id)
        to = guard(draft, Verb.SUPERSEDE, actor)
        if by.pk == draft.pk or by.case_id != draft.case_id:
            raise NotAllowed("只能由同一事项的另一份稿件取代。")
        if draft.status == DraftStatus.RELEASED and by.status != DraftStatus.RELEASED:
            raise NotAllowed("已发布的稿件只能由已发布的新稿件取代。")
        draft.releases.update(status=Release.PENDING)
        return record(draft, Verb.SUPERSEDE, actor, {"by": by.pk}, to=to, now=now)
