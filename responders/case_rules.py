"""The rules of data/case_rules.yml as types; the file's head explains each field."""

from __future__ import annotations

from functools import lru_cache

from pydantic import Field

from responders.rules import Strict, read
from store.settings import DATA


class TopicRule(Strict):
    """When a topic must be answered."""

    key: str
    class_: str = Field(alias="class")
    categories: tuple[str, ...]
    heat_at_least: float = Field(ge=0, le=100)
    size_at_least: int = Field(ge=1)
    concern_at_least: int = Field(ge=0)
    unanswered_only: bool
    not_with_incident: bool
    deadlines: tuple[str, ...]
    reason: str


class ClaimRule(Strict):
    """When a claim must be checked."""

    key: str
    priority_at_least: float = Field(ge=0, le=100)
    carries_topic_at: float = Field(gt=0, le=1)
    deadlines: tuple[str, ...]
    reason: str


class IncidentRule(Strict):
    """How an official warning's case opens."""

    key: str
    quiet_hours: int = Field(gt=0)
    deadlines: tuple[str, ...]
    reason: str


class EmergencyRule(Strict):
    """How a declared emergency's case opens."""

    key: str
    deadlines: tuple[str, ...]
    reason: str


class CaseRules(Strict):
    """data/case_rules.yml."""

    topics: tuple[TopicRule, ...]
    claims: ClaimRule
    incidents: IncidentRule
    emergencies: EmergencyRule


@lru_cache(maxsize=1)
def case_rules() -> CaseRules:
    """The rules in force."""
    return read(DATA / "case_rules.yml", CaseRules)
