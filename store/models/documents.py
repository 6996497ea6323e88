"""Documents as first seen, their edits, and what each says."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class DocumentRow(models.Model):
    """One published thing, known by its canonical URL; title and text are the newest version's."""

    url = models.TextField()
    url_hash = models.CharField(max_length=64, unique=True)  # SHA-256 of the canonical URL
    source = models.CharField(max_length=80, db_index=True)
    kind = models.CharField(max_length=20)
    title = models.TextField(blank=True)
    text = models.TextField()
    text_hash = models.CharField(max_length=64, db_index=True)  # SHA-256 of the normal form of title + text
    version = models.PositiveIntegerField(default=1)
    author_key = models.CharField(max_length=64, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    reply_to = models.TextField(blank=True)
    official = models.BooleanField(default=False)
    published_at = models.DateTimeField(db_index=True)  # first seen where the page states no time
    time_is_stated = models.BooleanField(default=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)  # when the site was found to have taken it away; its text stays
    reposts = models.PositiveIntegerField(null=True)
    replies = models.PositiveIntegerField(null=True)
    likes = models.PositiveIntegerField(null=True)
    views = models.PositiveIntegerField(null=True)
    images = models.JSONField(default=list)  # [{url, alt, hash}]
    duplicate_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="duplicates")
    is_compared = models.BooleanField(default=False, db_index=True)  # has been held against the others
    similarity = models.FloatField(null=True)  # Jaccard to the original, 1.0 for exact text
    words = models.TextField(blank=True)  # search words, space-separated
    is_tracked = models.BooleanField(default=False, db_index=True)  # has been through track with this version

    class Meta:
        db_table = "store_document"
        ordering: ClassVar = ["-published_at", "id"]


class DocumentVersion(models.Model):
    """One wording of a document; number 1 is the first seen."""

    document = models.ForeignKey(DocumentRow, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.TextField(blank=True)
    text = models.TextField()
    text_hash = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["document", "number"], name="one_version_a_number")]


class EngagementPoint(models.Model):
    """The public counts of a document at one time; written only when one of them had changed."""

    document = models.ForeignKey(DocumentRow, on_delete=models.CASCADE, related_name="points")
    seen_at = models.DateTimeField()
    reposts = models.PositiveIntegerField(null=True)
    replies = models.PositiveIntegerField(null=True)
    likes = models.PositiveIntegerField(null=True)
    views = models.PositiveIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["seen_at", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["document", "seen_at"], name="one_point_a_time")]


class AnnotationRow(models.Model):
    """What the models and lexicons say of the newest version of a document."""

    document = models.OneToOneField(DocumentRow, on_delete=models.CASCADE, related_name="annotation")
    text_hash = models.CharField(max_length=64)  # the wording that was judged
    relevant = models.BooleanField(db_index=True)
    relevance = models.FloatField()
    category = models.CharField(max_length=40, blank=True, db_index=True)
    categories = models.JSONField(default=list)
    parts = models.JSONField(default=list)  # ["海洋灾害/风暴潮"]
    keywords = models.JSONField(default=list)
    tags = models.JSONField(default=list)  # [{key, reason}]
    tag_keys = models.CharField(max_length=80, blank=True)  # " trust order ", to filter by on any database
    stance = models.CharField(max_length=10)
    emotion = models.CharField(max_length=10)
    voice = models.CharField(max_length=12)
    claim_risk = models.FloatField()
    cues = models.JSONField(default=list)  # [{name, words}]
    places = models.JSONField(default=list)  # [{name, within, longitude, latitude}]
    times = models.JSONField(default=list)  # [{text, start, end}]
    tokens = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    model = models.CharField(max_length=80)

    class Meta:
        db_table = "store_annotation"
