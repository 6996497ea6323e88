"""Move a document into another topic, or into one of its own, on a person's word; no run takes it back."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from nlp.summary import TopicText, summarise
from nlp.topics import topic_code
from responders.cases import shortened
from responders.merge_topics import held, join
from responders.roles import Act, may_act
from responders.wording import clause
from store import audit, placements, topics
from store.errors import NotAllowed, NotFound
from store.models import Case, Claim, DocumentRow, Topic

NEW = "new"  # as the target's code: a topic of its own


def move_document(document_id: int, target: str, actor: User, *, now: datetime) -> Topic:
    """Put a document, with its repeats and the replies to it, into the topic of code `target`; NEW opens one.

    A topic that is left without documents lives on in the target. Raises NotAllowed for a person without the right, when
    it is there already or alone in its topic; NotFound.
    """
    refusal = may_act(actor, Act.ARRANGE_TOPICS)
    if refusal is not None:
        raise NotAllowed(refusal)
    with transaction.atomic():
        rows = DocumentRow.objects.select_for_update(of=("self",)).select_related("membership__topic")
        document = rows.filter(pk=document_id).first()
        if document is None:
            raise NotFound(f"没有编号为 {document_id} 的文档。")
        source: Topic | None = document.membership.topic if hasattr(document, "membership") else None
        moved = [document, *_following(document, source)]
        if source is not None:
            _check(source, target, moved)
        topic = held(target)[target] if target != NEW else _opened(document, moved)
        placements.place(moved, topic, actor, by_merge=False, now=now)
        topics.recount(topic)
        _take_claims_along(moved, topic)
        if source is not None:
            _leave(source, topic)
        facts = {"from_topic": source.code if source else "", "to_topic": topic.code, "documents": len(moved)}
        audit.append(actor, "move", "document", document.pk, facts, now=now)
        return topic


def _following(document: DocumentRow, source: Topic | None) -> list[DocumentRow]:
    """Repeats of the document and replies to it that stand in the same topic."""
    if source is None:
        return []
    follows = Q(duplicate_of=document) | Q(reply_to=document.url)
    return list(DocumentRow.objects.filter(follows, membership__topic=source).exclude(pk=document.pk).order_by("pk"))


def _check(source: Topic, target: str, moved: list[DocumentRow]) -> None:
    held(source.code)
    if source.code == target:
        raise NotAllowed("这篇文档已经在这个话题里。")
    if target == NEW and source.members.count() == len(moved):
        raise NotAllowed("这个话题只有这一篇文档（及其转载和回复），不必另立。")


def _opened(document: DocumentRow, moved: list[DocumentRow]) -> Topic:
    """A new topic with the words of the document; its heat comes with the next run."""
    code, number = topic_code(document.url, document.published_at), 1
    while Topic.objects.filter(code=code).exists():
        number += 1
        code = topic_code(f"{document.url}#{number}", document.published_at)
    said = getattr(document, "annotation", None)
    text = TopicText(id=document.pk, title=document.title, text=document.text, published_at=document.published_at)
    summary = summarise([text])
    return Topic.objects.create(
        code=code,
        title=summary.title if summary else shortened(document.title or clause(document.text)),
        summary=summary.sentence if summary else "",
        summary_document=document,
        category=said.category if said else "",
        keywords=list(summary.keywords) if summary else [],
        first_document=document,
        first_at=document.published_at,
        last_at=document.published_at,
        size=len(moved),
    )


def _take_claims_along(moved: list[DocumentRow], topic: Topic) -> None:
    """A claim belongs to the topic of the document that says it first; so do the cases opened for it."""
    claims = list(Claim.objects.filter(first_document__in=moved).values_list("pk", flat=True))
    Claim.objects.filter(pk__in=claims).update(topic=topic)
    Case.objects.filter(claim__in=claims).update(topic=topic)


def _leave(source: Topic, topic: Topic) -> None:
    if source.members.exists():
        topics.recount(source)
    else:
        join(source, topic)
