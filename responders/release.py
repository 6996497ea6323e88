"""Release an approved draft: an outbox row for its channel in the same transaction, delivery right after it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from responders import portal
from responders.deadlines import meet_by_release
from responders.record import locked, record
from responders.roles import Verb
from responders.supersede import supersede
from responders.transitions import guard
from responders.wording import local, text_hash
from store.errors import StaleText
from store.models import Case, Draft, Release
from store.models.drafts import DraftStatus

PORTAL, DRILL = "portal", "drill"


def release(draft_id: int, actor: User, *, now: datetime) -> Release:
    """Send the signed text on its way, once.

    A drill goes to the drill channel and nowhere else. A released text that this one replaces is superseded in the
    same transaction. Delivery follows the commit; what fails is tried again by `portal.deliver_pending`. Raises
    NotAllowed, and StaleText when the stored text is not the one that was signed.
    """
    with transaction.atomic():
        draft = locked(draft_id)
        to = guard(draft, Verb.RELEASE, actor)
        if text_hash(draft.title, draft.body) != draft.approved_hash:
            raise StaleText("库中的文字与签发的文字不一致，不能发布；请退回后重新提交签发。")
        row = _outbox_row(draft, actor, now=now)
        record(draft, Verb.RELEASE, actor, {"channel": row.channel, "slug": row.slug}, to=to, now=now)
        replaced = _replace_the_last(draft, now=now)
        _answer(draft, now=now)
        for each in (draft, *replaced):
            transaction.on_commit(lambda each=each: portal.deliver_draft(each, now=now))  # type: ignore[misc]
        return row


def _outbox_row(draft: Draft, actor: User, *, now: datetime) -> Release:
    channel = DRILL if draft.drill or draft.case.drill else PORTAL
    older = draft.supersedes.releases.filter(channel=channel).first() if draft.supersedes else None
    return Release.objects.create(
        draft=draft,
        channel=channel,
        text_hash=draft.approved_hash,
        title=draft.title,
        body=draft.body,
        slug=f"{local(now):%Y%m%d}-{draft.pk:04d}",
        released_by=actor,
        released_at=now,
        replaces=older,
    )


def _replace_the_last(draft: Draft, *, now: datetime) -> list[Draft]:
    older = draft.supersedes
    if older is None or older.status != DraftStatus.RELEASED:
        return []
    return [supersede(older.pk, draft, None, now=now)]


def _answer(draft: Draft, *, now: datetime) -> None:
    """The case is answered and the clocks that a release stops are stopped, in a drill as in earnest."""
    Case.objects.filter(pk=draft.case_id, status=Case.OPEN).update(status=Case.ANSWERED)
    meet_by_release(draft.case, now=now)
