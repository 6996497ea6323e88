"""One-time invitations: the only way an account is made."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Invitation(models.Model):
    """A link that makes one account; only its hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=20)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )  # None: first start
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
