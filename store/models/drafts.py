"""Drafts, the machine's and the people's wordings side by side, their evidence and their releases."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models

from store.models.bulletins import BulletinRow
from store.models.cases import Case
from store.models.documents import DocumentRow


class DraftStatus(StrEnum):
    """Where a draft stands; only the verbs in responders/ move it."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class Draft(models.Model):
    """A text on its way to release."""

    key = models.CharField(max_length=80, unique=True)  # "case:<key>:<n>" or "bulletin:<key>": made once
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=20)  # template: response, clarification, update
    status = models.CharField(
        max_length=12, default=DraftStatus.DRAFT, choices=[(s.value, s.value) for s in DraftStatus]
    )
    title = models.CharField(max_length=200)
    body = models.TextField()
    machine_title = models.CharField(max_length=200)  # as first filled, never overwritten
    machine_body = models.TextField()
    template = models.CharField(max_length=80)  # template name and version
    text_hash = models.CharField(max_length=64)  # SHA-256 of title and body
    enough = models.BooleanField(default=True)  # whether the evidence bears the text
    lacking = models.JSONField(default=list)  # Chinese: what evidence is missing
    drill = models.BooleanField(default=False)
    bulletin = models.ForeignKey(BulletinRow, null=True, on_delete=models.SET_NULL, related_name="drafts")
    supersedes = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="superseded_by")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )  # None: the machine
    last_editor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_hash = models.CharField(max_length=64, blank=True)
    return_reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-changed_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(status=DraftStatus.RELEASED.value)
                | (models.Q(approved_by__isnull=False) & models.Q(approved_hash=models.F("text_hash"))),
                name="released_only_as_approved",
            )
        ]


class DraftVersion(models.Model):
    """One saved wording of a draft."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField()
    text_hash = models.CharField(max_length=64)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )  # None: the machine
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["draft", "number"], name="one_wording_a_number")]


class DraftEvidence(models.Model):
    """A dated record that a sentence of the draft points to as [E1], [E2] and so on."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="evidence")
    mark = models.CharField(max_length=8)  # "E1"
    document = models.ForeignKey(DocumentRow, null=True, on_delete=models.PROTECT, related_name="+")
    bulletin = models.ForeignKey(BulletinRow, null=True, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=200)  # who said it, when
    quote = models.TextField()
    url = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["draft", "mark"], name="one_record_a_mark")]


class Release(models.Model):
    """The outbox: one row a wording and channel, delivered once."""

    PENDING, SENT, FAILED, WITHDRAWN = "pending", "sent", "failed", "withdrawn"

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="releases")
    channel = models.CharField(max_length=20)  # portal; drill for drills
    text_hash = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    body = models.TextField()
    slug = models.CharField(max_length=80)  # page name on the channel
    status = models.CharField(max_length=10, default=PENDING)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    receipt = models.JSONField(default=dict)  # url, SHA-256 of what was written
    replaces = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "channel", "text_hash"], name="one_delivery_a_wording")
        ]
