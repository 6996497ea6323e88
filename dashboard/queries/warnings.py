"""Official warnings in force, chosen from what was received; levels are copied, never computed."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from store.models import BulletinRow
from store.stages import MessageType


def in_force(now: datetime) -> QuerySet[BulletinRow]:
    """Real warnings that no later bulletin replaced or lifted and that have not run out, newest first."""
    lifted = Q(message_type=MessageType.CANCEL.value)
    over = Q(expires__lt=now)
    real = BulletinRow.objects.filter(status="Actual", issued_at__lte=now)
    return real.exclude(lifted).exclude(over).exclude(superseded_by__issued_at__lte=now)
