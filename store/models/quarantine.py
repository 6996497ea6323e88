"""What could not be read or stored, kept until it can be or its retention is over."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from store.models.sources import SourceState


class QuarantineRow(models.Model):
    """One answer or entry that was set aside; the answer itself lies in a file of mode 0600 among the raw ones."""

    source = models.ForeignKey(SourceState, on_delete=models.CASCADE, related_name="quarantined")
    key = models.CharField(max_length=64)  # SHA-256 of its URL and of whether it is an answer or an entry
    url = models.TextField()
    reason = models.TextField()  # Chinese, of the last try
    kept = models.TextField(blank=True)  # path under the folder of raw answers, "" where none is kept
    entry = models.TextField(blank=True)  # JSON (ASCII) of an entry past the privacy gate that could not be stored
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # when it was last met so
    tries = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["source", "found_at", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "key"], name="one_row_set_aside")]
