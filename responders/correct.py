"""Correct a released text: a new draft that starts from it and, once released, takes its place."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from responders.record import keep_version, locked, record
from responders.roles import Verb
from responders.transitions import guard
from store.errors import NotAllowed
from store.models import Draft
from store.models.drafts import DraftStatus

UNDER_WAY = (DraftStatus.DRAFT.value, DraftStatus.SUBMITTED.value, DraftStatus.APPROVED.value)


def correct(draft_id: int, actor: User, *, now: datetime) -> Draft:
    """Open a correction of the released draft; returns the new draft, whose author is the actor.

    The old page stays as it is until the correction is released. Raises NotAllowed, also while a correction is
    already under way.
    """
    with transaction.atomic():
        old = locked(draft_id)
        to = guard(old, Verb.CORRECT, actor)
        if old.superseded_by.filter(status__in=UNDER_WAY).exists():
            raise NotAllowed("已有一份更正稿在办，请在那份稿件上修改。")
        new = _copy(old, actor, now=now)
        record(old, Verb.CORRECT, actor, {"draft": new.pk}, to=to, now=now)
        return new


def _copy(old: Draft, actor: User, *, now: datetime) -> Draft:
    new = Draft.objects.create(
        key=f"correction:{old.pk}:{old.superseded_by.count() + 1}",
        case=old.case,
        kind=old.kind,
        title=old.title,
        body=old.body,
        machine_title=old.machine_title,
        machine_body=old.machine_body,
        template=old.template,
        text_hash=old.text_hash,
        enough=old.enough,
        lacking=old.lacking,
        drill=old.drill,
        bulletin=old.bulletin,
        supersedes=old,
        author=actor,
        last_editor=actor,
        created_at=now,
        changed_at=now,
    )
    keep_version(new, actor, now=now)
    for record_ in old.evidence.all():
        record_.pk, record_.draft = None, new
        record_.save(force_insert=True)
    return new
