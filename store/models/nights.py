"""What a night did beside hearing sources: documents judged anew, claims withdrawn and restored."""

from __future__ import annotations

from django.db import models


class NightWork(models.Model):
    """The counts of one night; they grow with every run of that night, so that what was killed goes on where it stopped."""

    night = models.CharField(max_length=40, unique=True)  # "2026-01-23"
    rejudged = models.PositiveIntegerField(default=0)  # documents judged anew because models or word lists changed
    changed = models.PositiveIntegerField(default=0)  # of them, those whose judgement came out otherwise
    waiting = models.PositiveIntegerField(default=0)  # documents still judged by other models when the night ended
    withdrawn = models.PositiveIntegerField(default=0)  # claims that its runs no longer found
    restored = models.PositiveIntegerField(default=0)  # withdrawn claims that its runs found again
