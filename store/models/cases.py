"""Cases: matters the office has to answer, with the rule that opened them and the clocks that run."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from store.models.bulletins import Emergency, Incident
from store.models.claims import Claim
from store.models.topics import Topic


class Case(models.Model):
    """One matter to answer; opened by a stated rule, closed by a person or by its release."""

    OPEN, ANSWERED, CLOSED = "open", "answered", "closed"

    key = models.CharField(max_length=80, unique=True)  # "topic:T…", "claim:…", "incident:…": one case a matter
    title = models.CharField(max_length=200)
    rule = models.CharField(max_length=40)  # key in data/case_rules.yml
    reason = models.TextField()  # Chinese: the rule's words with the figures that met it
    status = models.CharField(
        max_length=10, default=OPEN, choices=[(OPEN, "办理中"), (ANSWERED, "已回应"), (CLOSED, "已办结")]
    )
    topic = models.ForeignKey(Topic, null=True, on_delete=models.SET_NULL, related_name="cases")
    claim = models.ForeignKey(Claim, null=True, on_delete=models.SET_NULL, related_name="cases")
    incident = models.ForeignKey(Incident, null=True, on_delete=models.SET_NULL, related_name="cases")
    emergency = models.ForeignKey(Emergency, null=True, on_delete=models.SET_NULL, related_name="cases")
    drill = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="cases")

    class Meta:
        ordering: ClassVar = ["-opened_at", "key"]


class Deadline(models.Model):
    """One clock of a case, from data/deadlines.yml."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deadlines")
    rule = models.CharField(max_length=40)  # key in data/deadlines.yml
    title = models.CharField(max_length=100)  # e.g. 首次回应
    article = models.CharField(max_length=200)  # legal article as cited
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["due_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "rule"], name="one_clock_a_rule")]
