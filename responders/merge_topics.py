"""Merge two topics on a person's word: documents, claims and cases go over, nothing is lost, no run parts them again."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from responders.roles import Act, may_act
from store import audit, placements, topics
from store.errors import NotAllowed, NotFound
from store.models import DocumentRow, Topic


def merge_topics(gone_code: str, kept_code: str, actor: User, *, now: datetime) -> Topic:
    """Let the topic `gone_code` live on in `kept_code`; returns the kept one.

    Drafts stay with their cases, and both topics' cases stay open with their clocks. Raises NotAllowed for a person
    without the right, for one and the same topic and for one already merged; NotFound.
    """
    refusal = may_act(actor, Act.ARRANGE_TOPICS)
    if refusal is not None:
        raise NotAllowed(refusal)
    if gone_code == kept_code:
        raise NotAllowed("请选择另一个话题。")
    with transaction.atomic():
        found = held(gone_code, kept_code)
        gone, kept = found[gone_code], found[kept_code]
        moved = list(DocumentRow.objects.filter(membership__topic=gone).order_by("pk"))
        staying = list(DocumentRow.objects.filter(membership__topic=kept).order_by("pk"))
        placements.place([*moved, *staying], kept, actor, by_merge=True, now=now)
        join(gone, kept)
        facts = {"gone": gone.code, "gone_title": gone.title, "documents": len(moved)}
        audit.append(actor, "merge", "topic", kept.code, facts, now=now)
        return kept


def held(*codes: str) -> dict[str, Topic]:
    """These living topics by code, their rows held until the transaction ends; raises NotFound and NotAllowed."""
    if "" in codes:
        raise NotAllowed("请先选择一个话题。")
    found = {topic.code: topic for topic in Topic.objects.select_for_update().filter(code__in=codes).order_by("code")}
    for code in codes:
        if code not in found:
            raise NotFound(f"没有代号为 {code} 的话题。")
        if found[code].merged_into_id is not None:
            raise NotAllowed(f"话题“{found[code].title}”已经并入别的话题，请刷新页面后再办理。")
    return found


def join(gone: Topic, kept: Topic) -> None:
    """Move what belongs to a topic into another; call inside a transaction."""
    topics.merge(gone, kept)
    kept.refresh_from_db()
    topics.recount(kept)
