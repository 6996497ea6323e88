"""What people said a document is, beside what the models said: labels that models learn from, and places in topics.

Neither table holds any text. A row goes with its document: what is erased or past its retention teaches nothing.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from store.models.documents import DocumentRow
from store.models.topics import Topic


class Label(models.Model):
    """A person's word on one side of a document; the newest on each side stands, earlier ones are kept as history."""

    RELEVANCE, CATEGORY, PART, VOICE, STANCE, CLAIM = "relevance", "category", "part", "voice", "stance", "claim"
    YES, NO = "yes", "no"  # values of relevance and claim; the other sides carry the machine's own names

    document = models.ForeignKey(DocumentRow, on_delete=models.CASCADE, related_name="labels")
    what = models.CharField(
        max_length=12,
        choices=[
            (RELEVANCE, "是否涉海"),
            (CATEGORY, "类别"),
            (PART, "细类"),
            (VOICE, "语气"),
            (STANCE, "立场"),
            (CLAIM, "是否待核实的说法"),
        ],
    )
    value = models.CharField(max_length=40)
    text_hash = models.CharField(max_length=64)  # the wording the person read
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    machine_value = models.CharField(max_length=40, blank=True)  # what the models said then, "" for nothing
    machine_score = models.FloatField(null=True)  # 0..1, where that side has a score
    model = models.CharField(max_length=80, blank=True)  # version of the models and lexicons that said it
    replaced_at = models.DateTimeField(null=True)  # None: it stands

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document", "what"], condition=models.Q(replaced_at=None), name="one_standing_label_a_side"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["what", "value"])]


class Placement(models.Model):
    """A person put this document into this topic, or joined two topics; the tracker leaves it there."""

    document = models.OneToOneField(DocumentRow, on_delete=models.CASCADE, related_name="placement")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="placements")
    machine_topic = models.CharField(max_length=40, blank=True)  # code of the topic it was taken from, "" for none
    by_merge = models.BooleanField(default=False)  # it came along when its topic was joined with another
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
