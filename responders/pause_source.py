"""Pause a source, or let it run again: the nightly leaves a paused source alone and says so."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from responders.roles import Role, roles_of
from store import audit
from store.errors import NotAllowed, NotFound
from store.models import SourceState


def pause_source(slug: str, actor: User, *, paused: bool, now: datetime) -> SourceState:
    """Set or lift the pause; raises NotAllowed for anyone but an administrator and when nothing changes, NotFound."""
    if Role.ADMINISTRATOR not in roles_of(actor):
        raise NotAllowed(f"暂停或恢复来源请由{Role.ADMINISTRATOR.word}办理。")
    with transaction.atomic():
        source = SourceState.objects.select_for_update().filter(pk=slug).first()
        if source is None:
            raise NotFound(f"没有名为 {slug} 的来源。")
        if source.is_paused == paused:
            raise NotAllowed("这个来源已经是这个状态。")
        source.is_paused = paused
        source.save(update_fields=["is_paused"])
        audit.append(actor, "pause" if paused else "resume", "source", slug, {}, now=now)
        return source
