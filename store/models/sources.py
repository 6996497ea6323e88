"""What each source last said of itself, and every run of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from store.stages import HarvestState


def choices(values: type) -> list[tuple[str, str]]:
    """A closed set as Django choices; labels live in the templates."""
    return [(v.value, v.value) for v in values]  # type: ignore[attr-defined]


class SourceState(models.Model):
    """One row a source file: its durable cursor and last state."""

    slug = models.CharField(max_length=80, primary_key=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    cursor = models.JSONField(default=dict)  # committed with the entries it covers
    state = models.CharField(max_length=20, choices=choices(HarvestState), blank=True)
    message = models.TextField(blank=True)
    last_run_at = models.DateTimeField(null=True)
    last_good_at = models.DateTimeField(null=True)  # last run whose state is good
    last_entry_at = models.DateTimeField(null=True)  # newest publication time seen
    cadence_seconds = models.PositiveIntegerField(default=86400)
    is_paused = models.BooleanField(default=False)
    interval_seconds = models.PositiveIntegerField(null=True)  # as its rhythm moved it; null before the first run
    gap_seconds = models.PositiveIntegerField(null=True)  # usual time between two publications, null while unknown
    next_due_at = models.DateTimeField(null=True)  # when the schedule hears it next; the nightly asks nobody


class SourceRun(models.Model):
    """One run of one source, ended in one named state."""

    source = models.ForeignKey(SourceState, on_delete=models.CASCADE, related_name="runs")
    night = models.CharField(max_length=40)  # id of the flow's run: "2026-01-23" or "watch-…"
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=choices(HarvestState))
    message = models.TextField(blank=True)
    entries = models.PositiveIntegerField(default=0)
    listed = models.PositiveIntegerField(default=0)  # things it showed, known ones included
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    unreadable = models.PositiveIntegerField(default=0)  # pages that answered well and held nothing readable
    requests = models.PositiveIntegerField(default=0)
    bytes_received = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["source", "-finished_at"])]


class SourceOutage(models.Model):
    """A time in which a source was not heard, or silent against its rhythm; told once when it begins and once when it ends."""

    source = models.ForeignKey(SourceState, on_delete=models.CASCADE, related_name="outages")
    matter = models.CharField(max_length=20)  # unheard | silent
    reason = models.TextField()  # Chinese, as it was when it was noticed
    began_at = models.DateTimeField()  # when it was noticed
    heard_until = models.DateTimeField(null=True)  # last good run, or last new entry, before it
    told_at = models.DateTimeField(null=True)  # when its beginning was told; None: not yet, or nowhere to tell it
    ended_at = models.DateTimeField(null=True)
    told_end_at = models.DateTimeField(null=True)
    is_open = models.BooleanField(null=True, default=True)  # None once it ended: one open outage a source and matter

    class Meta:
        ordering: ClassVar = ["-began_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "matter", "is_open"], name="one_open_outage")
        ]


class SourceEdit(models.Model):
    """What was changed on the desk of a source's file: it wins over the file key by key, until it is taken back."""

    slug = models.CharField(max_length=80, primary_key=True)
    values = models.JSONField(default=dict)  # as the file would hold them; null takes a key back to its default
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
