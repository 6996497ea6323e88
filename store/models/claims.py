"""Claims to be checked: what is asserted, who is touched, the cues and the official statements that may answer it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from store.models.documents import DocumentRow
from store.models.topics import Topic


class Claim(models.Model):
    """An assertion that an officer should check; a machine never brands it."""

    TO_CHECK, CONFIRMED, REFUTED, SET_ASIDE = "to_check", "confirmed", "refuted", "set_aside"

    key = models.CharField(max_length=64, unique=True)  # stable: hash of the first document that asserts it
    assertion = models.TextField()  # the sentence, as said
    touches = models.JSONField(default=list)  # Chinese words: who or what it concerns
    cues = models.JSONField(default=list)  # [{name, words}]
    flags = models.JSONField(default=list)  # Chinese sentences, e.g. place differs from the official statement's
    matches = models.JSONField(default=list)  # [{document|bulletin: id, score, why}] official statements
    answers = models.JSONField(default=list)  # [{answer: id, score, sure, why}] known answers, best first
    parts = models.JSONField(default=list)  # [[Chinese name, [words in the text], what to say where they are missing]]
    risk = models.FloatField()  # 0..1: how likely it is of the kind that needs checking
    risk_reasons = models.JSONField(default=list)  # Chinese: how the risk came about
    priority = models.FloatField()  # 0..100: risk, spread and who is touched
    reasons = models.JSONField(default=list)  # Chinese: what the priority is made of
    topic = models.ForeignKey(Topic, null=True, on_delete=models.SET_NULL, related_name="claims")
    first_document = models.ForeignKey(DocumentRow, null=True, on_delete=models.SET_NULL, related_name="+")
    first_at = models.DateTimeField()
    spread = models.PositiveIntegerField(default=1)  # documents that assert it
    status = models.CharField(
        max_length=12,
        default=TO_CHECK,
        choices=[(TO_CHECK, "待核实"), (CONFIRMED, "属实"), (REFUTED, "不实"), (SET_ASIDE, "不处理")],
    )
    found_at = models.DateTimeField(null=True)  # the last run that found it
    model = models.CharField(max_length=80, blank=True)  # version of the models and lexicons it was last found by
    lost_why = models.TextField(blank=True)  # Chinese: why the last run no longer found it, "" while it is found
    withdrawn_at = models.DateTimeField(null=True)  # off the list since then; None where a person had acted on it

    class Meta:
        ordering: ClassVar = ["-priority", "key"]

    @property
    def standing(self) -> str:
        """In Chinese what people found, or that a run took it off the list."""
        return "已移出" if self.withdrawn_at else self.get_status_display()


class ClaimEvidence(models.Model):
    """A document that asserts or doubts a claim."""

    ASSERTS, DOUBTS, OFFICIAL = "asserts", "doubts", "official"

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="evidence")
    document = models.ForeignKey(DocumentRow, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=10, choices=[(ASSERTS, "转述"), (DOUBTS, "质疑"), (OFFICIAL, "官方信息")])
    left_at = models.DateTimeField(null=True)  # since when no run reads it so any more; kept as history

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["claim", "document"], name="one_role_a_document")]
