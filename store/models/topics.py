"""Topics tracked across runs: stable ids, members, heat with its parts, and what became of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from store.models.documents import DocumentRow
from store.stages import ChangeKind


class Topic(models.Model):
    """One matter people speak of; its code never changes and is never used again."""

    code = models.CharField(max_length=40, unique=True)  # e.g. "T20260120-3f9a", from its first document
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)  # a sentence taken from one of its documents
    summary_document = models.ForeignKey(DocumentRow, null=True, on_delete=models.SET_NULL, related_name="+")
    category = models.CharField(max_length=40, blank=True)
    keywords = models.JSONField(default=list)
    first_document = models.ForeignKey(DocumentRow, null=True, on_delete=models.SET_NULL, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    size = models.PositiveIntegerField(default=0)
    heat = models.FloatField(default=0.0)  # 0..100
    heat_parts = models.JSONField(default=list)  # [{name, value, detail}]
    burst = models.JSONField(default=dict)  # {heard, expected, deviations} above its own past, {} for none
    forecast = models.JSONField(default=dict)  # {at, hours, low, middle, high, share}, {} when nothing can be said
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="merged")

    class Meta:
        ordering: ClassVar = ["-heat", "code"]


class TopicMember(models.Model):
    """A document in its topic; a document is in at most one."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="members")
    document = models.OneToOneField(DocumentRow, on_delete=models.CASCADE, related_name="membership")
    similarity = models.FloatField(default=1.0)


class TopicPoint(models.Model):
    """A topic's size and heat at the end of one run."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="points")
    night = models.CharField(max_length=40)
    at = models.DateTimeField()
    size = models.PositiveIntegerField()
    heat = models.FloatField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["topic", "night"], name="one_point_a_night")]
        ordering: ClassVar = ["at"]


class TopicChange(models.Model):
    """One change of a topic: documents that came to it from another, with the whole topic, split off, or by themselves."""

    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ChangeKind])
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="changes")
    other = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="left")
    count = models.PositiveIntegerField()  # documents that speak for themselves; replies and repeats follow them
    alike = models.FloatField()  # how like what came is to what it is held against, 0..1: the reason
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "pk"]
