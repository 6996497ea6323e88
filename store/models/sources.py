"""What each source last said of itself, and every run of it."""

from __future__ import annotations

from typing import ClassVar

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
    requests = models.PositiveIntegerField(default=0)
    bytes_received = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["source", "-finished_at"])]
