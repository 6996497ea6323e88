"""The audit chain: who did what to which thing, each row sealed by the hash of the one before."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class AuditRow(models.Model):
    """One act; written in the act's own transaction by store.audit.append, never changed."""

    number = models.PositiveBigIntegerField(unique=True)  # 1, 2, 3 … without gaps
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )  # None: the system
    verb = models.CharField(max_length=30)
    object_type = models.CharField(max_length=30)
    object_id = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["-number"]
        indexes: ClassVar = [models.Index(fields=["object_type", "object_id"])]
