"""Reads the official warnings that assertions are held against, with the moment each was replaced or lifted."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min

from nlp.claims.official import OfficialWarning
from store.models import BulletinRow
from store.stages import MessageType


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
