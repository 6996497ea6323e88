"""Decides which topics and claims become cases (pure), and opens cases with their clocks and audit rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from responders.case_rules import CaseRules, ClaimRule, TopicRule
from responders.deadlines import start_clocks
from store import audit
from store.models import Case, Claim, Topic

CONCERN = ("question", "complaint", "report")  # voices that ask something of the office
LONGEST_TITLE = 60  # characters of a case's title


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicFacts:
    """What the rules look at in a topic."""

    code: str
    title: str
    category: str
    heat: float  # 0..100
    size: int  # documents, reposts included
    voices: Mapping[str, int] = field(default_factory=dict)  # documents a voice, official ones left out
    against: int = 0  # documents of other voices that speak against it
    official: int = 0  # official documents
    has_incident: bool = False  # an official warning's updates answer it
    has_case: bool = False

    @property
    def concern(self) -> int:
        """Documents in which somebody asks, complains, reports or speaks against it."""
        return sum(self.voices.get(voice, 0) for voice in CONCERN) + self.against


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFacts:
    """What the rules look at in a claim."""

    key: str
    assertion: str
    priority: float  # 0..100
    spread: int  # documents that assert it
    official: int  # official statements it may be checked against
    topic: str = ""  # code of its topic
    topic_has_claim_case: bool = False
    has_case: bool = False
    is_open: bool = True  # nobody has decided it yet


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpening:
    """A case that should be open; `key` makes it one case a matter."""

    key: str
    title: str
    rule: str
    reason: str
    deadlines: tuple[str, ...]
    topic: str = ""
    claim: str = ""
    incident: int | None = None
    emergency: int | None = None
    drill: bool = False


def decide_cases(topics: Sequence[TopicFacts], claims: Sequence[ClaimFacts], *, rules: CaseRules) -> list[CaseOpening]:
    """The cases that the rules ask for and that are not open yet, claims first, then topics by heat.

    A topic that mostly repeats one claim under check gets no case of its own.
    """
    chosen = choose_claims(claims, rules.claims)
    by_code = {topic.code: topic for topic in topics}
    carried = {
        claim.topic
        for claim in claims
        if (claim in chosen or claim.has_case) and _carries(claim, by_code.get(claim.topic), rules.claims)
    }
    openings = [_claim_opening(claim, rules.claims) for claim in chosen]
    for topic in sorted(topics, key=lambda topic: (-topic.heat, topic.code)):
        rule = first_rule_met(topic, rules.topics)
        if rule is not None and not topic.has_case and topic.code not in carried:
            openings.append(_topic_opening(topic, rule))
    return openings


def choose_claims(claims: Iterable[ClaimFacts], rule: ClaimRule) -> list[ClaimFacts]:
    """The claims that get a case: enough priority, at most one a topic, highest first."""
    taken: set[str] = set()
    chosen = []
    for claim in sorted(claims, key=lambda claim: (-claim.priority, claim.key)):
        is_due = claim.is_open and claim.priority >= rule.priority_at_least and not claim.has_case
        if not is_due or claim.topic_has_claim_case or claim.topic in taken:
            continue
        chosen.append(claim)
        if claim.topic:
            taken.add(claim.topic)
    return chosen


def first_rule_met(topic: TopicFacts, rules: Iterable[TopicRule]) -> TopicRule | None:
    """The first rule whose every condition the topic meets."""
    return next((rule for rule in rules if _is_met(rule, topic)), None)


def _is_met(rule: TopicRule, topic: TopicFacts) -> bool:
    return (
        topic.category in rule.categories
        and topic.heat >= rule.heat_at_least
        and topic.size >= rule.size_at_least
        and topic.concern >= rule.concern_at_least
        and not (rule.unanswered_only and topic.official)
        and not (rule.not_with_incident and topic.has_incident)
    )


def _carries(claim: ClaimFacts, topic: TopicFacts | None, rule: ClaimRule) -> bool:
    return topic is not None and claim.spread >= rule.carries_topic_at * max(topic.size, 1)


def _claim_opening(claim: ClaimFacts, rule: ClaimRule) -> CaseOpening:
    reason = rule.reason.format(priority=claim.priority, spread=claim.spread, official=claim.official)
    return CaseOpening(
        key=f"claim:{claim.key}",
        title=shortened(f"网传：{claim.assertion}"),
        rule=rule.key,
        reason=reason,
        deadlines=rule.deadlines,
        topic=claim.topic,
        claim=claim.key,
    )


def _topic_opening(topic: TopicFacts, rule: TopicRule) -> CaseOpening:
    figures = {"heat": topic.heat, "size": topic.size, "concern": topic.concern, "official": topic.official}
    words = {"title": topic.title, "category": topic.category, "class": rule.class_}
    return CaseOpening(
        key=f"topic:{topic.code}",
        title=shortened(topic.title),
        rule=rule.key,
        reason=rule.reason.format(**figures, **words),
        deadlines=rule.deadlines,
        topic=topic.code,
    )


def shortened(text: str, limit: int = LONGEST_TITLE) -> str:
    """The text on one line, cut with an ellipsis when longer than `limit` characters."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def open_cases(openings: Iterable[CaseOpening], *, now: datetime) -> list[Case]:
    """Open what is not open yet, each in a transaction of its own with its clocks and audit row; returns the new ones."""
    opened = [open_case(opening, now=now) for opening in openings]
    return [case for case in opened if case is not None]


def open_case(opening: CaseOpening, *, now: datetime) -> Case | None:
    """Open one case; None when its key already has one."""
    with transaction.atomic():
        case, is_new = Case.objects.get_or_create(key=opening.key, defaults=_columns(opening, now=now))
        if not is_new:
            return None
        start_clocks(case, opening.deadlines, now=now)
        detail = {"key": case.key, "rule": case.rule, "reason": case.reason, "drill": case.drill}
        audit.append(None, "open", "case", case.pk, detail, now=now)
        return case


def _columns(opening: CaseOpening, *, now: datetime) -> dict[str, object]:
    return {
        "title": opening.title,
        "rule": opening.rule,
        "reason": opening.reason,
        "topic": Topic.objects.filter(code=opening.topic).first() if opening.topic else None,
        "claim": Claim.objects.filter(key=opening.claim).first() if opening.claim else None,
        "incident_id": opening.incident,
        "emergency_id": opening.emergency,
        "drill": opening.drill,
        "opened_at": now,
    }
