"""Reads the official facts that assertions are held against: warnings with the moment each was replaced, and notices."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Min

from nlp.claims.official import OfficialFacts, OfficialNotice, OfficialWarning
from store.models import BulletinRow, DocumentRow
from store.stages import MessageType, SourceKind

WINDOW = timedelta(days=14)  # how far back a notice is read


def official_facts(now: datetime) -> OfficialFacts:
    """All real warnings and the notices of the last two weeks, as far as they were received by now."""
    return OfficialFacts(warnings=official_warnings(now), notices=official_notices(now))


def official_warnings(until: datetime) -> list[OfficialWarning]:
    """Every real warning issued until then, oldest first; exercises and tests are left out."""
    rows = BulletinRow.objects.filter(status="Actual", issued_at__lte=until).order_by("issued_at", "pk")
    return [
        OfficialWarning(
            id=row.pk,
            issuer=row.issuer,
            number=row.number,
            hazard=row.hazard,
            message_type=MessageType(row.message_type),
            level=row.level,
            areas=tuple((area, level) for area, level in row.areas),
            issued_at=row.issued_at,
            expires=row.expires,
            ended_at=row.ended_at,
        )
        for row in rows.annotate(ended_at=Min("superseded_by__issued_at"))
    ]


def official_notices(until: datetime) -> list[OfficialNotice]:
    """Documents of official sources in the two weeks before then, oldest first; pages of warnings are left out."""
    rows = DocumentRow.objects.filter(official=True, published_at__gt=until - WINDOW, published_at__lte=until)
    return [
        OfficialNotice(
            id=row.pk, title=row.title, text=row.text, issuer=row.publisher or row.source, at=row.published_at
        )
        for row in rows.exclude(kind__in=(SourceKind.BULLETIN, SourceKind.CAP)).order_by("published_at", "pk")
    ]
