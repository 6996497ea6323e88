"""Official warnings as received, the incidents they form, and the emergency switch."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from store.stages import Hazard


class Incident(models.Model):
    """One hazard's course: a chain of bulletins from first warning to its end."""

    code = models.CharField(max_length=40, unique=True)  # e.g. "I20260120-风暴潮-3f9a"
    hazard = models.CharField(max_length=10, choices=[(h.value, h.value) for h in Hazard])
    title = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    drill = models.BooleanField(default=False)  # fixed at creation


class BulletinRow(models.Model):
    """One official message, exactly as published."""

    key = models.CharField(max_length=64, unique=True)  # SHA-256 of issuer, number, hazard and issue time
    issuer = models.CharField(max_length=200)
    number = models.CharField(max_length=120, blank=True)
    identifier = models.CharField(max_length=200, blank=True)
    hazard = models.CharField(max_length=10)
    message_type = models.CharField(max_length=10)
    level = models.CharField(max_length=4, blank=True)
    areas = models.JSONField(default=list)  # [[area, level]]
    issued_at = models.DateTimeField()
    onset = models.DateTimeField(null=True)
    expires = models.DateTimeField(null=True)
    headline = models.TextField()
    text = models.TextField()
    instruction = models.TextField(blank=True)
    references = models.JSONField(default=list)
    status = models.CharField(max_length=10, default="Actual")
    url = models.TextField(blank=True)
    source = models.CharField(max_length=80)
    received_at = models.DateTimeField()
    supersedes = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="superseded_by")
    incident = models.ForeignKey(Incident, null=True, on_delete=models.SET_NULL, related_name="bulletins")

    class Meta:
        db_table = "store_bulletin"
        ordering: ClassVar = ["-issued_at", "-id"]


class Emergency(models.Model):
    """One declared emergency; at most one stands at a time."""

    title = models.CharField(max_length=200)
    reason = models.TextField()
    drill = models.BooleanField()  # fixed at creation: nothing sets it later
    sources = models.JSONField(default=list)  # slugs moved to minutes
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    stood_down_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    stood_down_at = models.DateTimeField(null=True)
    before = models.JSONField(default=dict)  # cadences and schedules to restore, as they were
    standing = models.BooleanField(
        null=True, unique=True, default=True
    )  # True while it stands, NULL after: at most one
