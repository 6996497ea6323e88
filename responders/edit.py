"""Edit a draft: the new wording is kept beside the old ones, and whatever was submitted or signed no longer is."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from responders.record import check_read, keep_version, locked, record, void_approval
from responders.roles import Verb
from responders.transitions import guard
from responders.wording import text_hash
from store.errors import NotAllowed
from store.models import Draft

LONGEST_TITLE = 200  # characters, as the column


def edit(draft_id: int, actor: User, read_hash: str, *, title: str, body: str, now: datetime) -> Draft:
    """Save a new wording over the one that was read.

    Raises NotAllowed (also when nothing changed, or title or body is empty) and StaleText when somebody else saved
    meanwhile.
    """
    title, body = " ".join(title.split()), body.replace("\r\n", "\n").replace("\x00", "").strip()
    if not title or not body or len(title) > LONGEST_TITLE:
        raise NotAllowed(f"标题和正文都不能为空，标题不超过{LONGEST_TITLE}字。")
    with transaction.atomic():
        draft = locked(draft_id)
        to = guard(draft, Verb.EDIT, actor)
        check_read(draft, read_hash)
        if (title, body) == (draft.title, draft.body):
            raise NotAllowed("文字没有改动，未保存。")
        voided = void_approval(draft)
        draft.title, draft.body, draft.text_hash = title, body, text_hash(title, body)
        draft.last_editor = actor
        version = keep_version(draft, actor, now=now)
        return record(draft, Verb.EDIT, actor, {"version": version.number, **voided}, to=to, now=now)
