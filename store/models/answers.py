"""Known answers: what an issuer already said of a claim, worded as the issuer worded it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from store.models.claims import Claim


class KnownAnswer(models.Model):
    """An answer already given to a claim; a match with it is a suggestion, a person decides."""

    key = models.CharField(max_length=64, unique=True)  # SHA-256 of url and claim, or of the claim it was found out for
    claim = models.TextField(blank=True)  # as told
    text = models.TextField(blank=True)  # the answer
    verdict = models.TextField(blank=True)  # the issuer's own word, never ours
    source = models.TextField(blank=True)  # who published it
    issuer = models.TextField(blank=True)  # who answers for it, where that is somebody else
    url = models.TextField(blank=True)
    valid_from = models.DateTimeField(null=True)  # when it was given; None: not stated
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="supersedes")
    withdrawn_at = models.DateTimeField(null=True)  # no longer matched, kept for the record
    from_claim = models.OneToOneField(Claim, null=True, on_delete=models.SET_NULL, related_name="known_answer")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )  # None: imported by command
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-added_at", "-id"]
