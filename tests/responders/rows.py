"""Rows of the listening side that the answering tests need."""

from __future__ import annotations

from datetime import datetime

from store.documents import url_hash
from store.models import AnnotationRow, Claim, ClaimEvidence, DocumentRow, Topic, TopicMember
from tests.responders.conftest import NOW


def make_topic(code: str, title: str, category: str, *, heat: float = 50.0) -> Topic:
    return Topic.objects.create(
        code=code, title=title, category=category, keywords=[title[:2]], first_at=NOW, last_at=NOW, size=12, heat=heat
    )


def make_document(
    text: str,
    *,
    topic: Topic | None = None,
    voice: str = "chat",
    stance: str = "none",
    official: bool = False,
    publisher: str = "",
    kind: str = "mastodon",
    at: datetime = NOW,
) -> DocumentRow:
    number = DocumentRow.objects.count()
    url = f"https://site.example/{number}"
    row = DocumentRow.objects.create(
        url=url,
        url_hash=url_hash(url),
        source="s",
        kind=kind,
        text=text,
        text_hash=f"{number:064d}",
        publisher=publisher,
        official=official,
        published_at=at,
        first_seen_at=NOW,
        last_seen_at=NOW,
    )
    AnnotationRow.objects.create(
        document=row,
        text_hash=row.text_hash,
        relevant=True,
        relevance=0.9,
        stance=stance,
        emotion="neutral",
        voice=voice,
        claim_risk=0.1,
        model="test",
    )
    if topic is not None:
        TopicMember.objects.create(topic=topic, document=row)
    return row


def make_claim(assertion: str, *, topic: Topic | None = None, matches: list[dict[str, object]] | None = None) -> Claim:
    first = make_document(f"{assertion}，大家注意。", topic=topic)
    claim = Claim.objects.create(
        key=f"{Claim.objects.count():064d}",
        assertion=assertion,
        risk=0.8,
        priority=70.0,
        topic=topic,
        first_document=first,
        first_at=NOW,
        spread=5,
        matches=matches or [],
    )
    ClaimEvidence.objects.create(claim=claim, document=first, role=ClaimEvidence.ASSERTS)
    return claim
