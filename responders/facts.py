"""Reads from the store what the case rules look at."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Count, Q

from responders.cases import CONCERN, ClaimFacts, TopicFacts
from store import labels
from store.models import Case, Claim, ClaimEvidence, DocumentRow, Incident, Label, Topic, TopicMember
from store.stages import Hazard

DISASTER = "海洋灾害"  # name of the category in data/taxonomy.yml
NAMED_SHARE = 0.2  # of a topic's documents
NEAR = timedelta(days=2)  # people often speak before the warning comes
LIVE_DAYS = 14  # a topic silent for longer asks for nothing new


def topic_facts(now: datetime) -> list[TopicFacts]:
    """The facts of every topic that was heard of lately and was not merged into another."""
    topics = Topic.objects.filter(merged_into=None, last_at__gte=now - timedelta(days=LIVE_DAYS))
    voices = _voices()
    with_case = set(Case.objects.exclude(topic=None).filter(claim=None).values_list("topic_id", flat=True))
    return [_facts(topic, voices.get(topic.pk, Counter()), with_case) for topic in topics]


def incidents_of(topic: Topic) -> list[Incident]:
    """The real incidents that a disaster topic speaks of: of its time, their hazard named in a fifth of its documents."""
    if topic.category != DISASTER:
        return []
    members = DocumentRow.objects.filter(membership__topic=topic)
    named = {
        hazard: members.filter(Q(text__contains=hazard) | Q(title__contains=hazard)).count()
        for hazard in (each.value for each in Hazard)
    }
    spoken = [hazard for hazard, number in named.items() if number >= max(1, topic.size * NAMED_SHARE)]
    during = Q(closed_at=None) | Q(closed_at__gte=topic.first_at)
    return list(Incident.objects.filter(during, drill=False, hazard__in=spoken, opened_at__lte=topic.last_at + NEAR))


def claim_facts() -> list[ClaimFacts]:
    """The facts of every claim."""
    cases = set(Case.objects.exclude(claim=None).values_list("claim_id", flat=True))
    open_cases = Case.objects.exclude(claim=None).exclude(status=Case.CLOSED)
    topics_with_case = set(open_cases.exclude(topic=None).values_list("topic_id", flat=True))
    official = Count("evidence", filter=Q(evidence__role=ClaimEvidence.OFFICIAL, evidence__left_at=None))
    return [
        ClaimFacts(
            key=claim.key,
            assertion=claim.assertion,
            priority=claim.priority,
            spread=claim.spread,
            official=max(claim.official_count, len(claim.matches)),
            topic=claim.topic.code if claim.topic else "",
            topic_has_claim_case=claim.topic_id in topics_with_case,
            has_case=claim.pk in cases,
            is_open=claim.status == Claim.TO_CHECK and claim.withdrawn_at is None,
        )
        for claim in Claim.objects.select_related("topic").annotate(official_count=official)
    ]


def _voices() -> dict[int, Counter[str]]:
    """Per topic: documents a voice, and under "official" and "against" what the names say; a person's word before the models'."""
    counts: dict[int, Counter[str]] = {}
    members = TopicMember.objects.annotate(
        voice=labels.person_or("document", Label.VOICE, "document__annotation__voice"),
        stance=labels.person_or("document", Label.STANCE, "document__annotation__stance"),
    )
    rows = members.values_list("topic_id", "document__official", "voice", "stance").annotate(Count("pk"))
    for topic_id, is_official, voice, stance, number in rows.order_by():
        counter = counts.setdefault(topic_id, Counter())
        if is_official:
            counter["official documents"] += number
        elif voice not in CONCERN and stance == "against":
            counter["against"] += number
        else:
            counter[voice or "chat"] += number
    return counts


def _facts(topic: Topic, voices: Counter[str], with_case: set[int]) -> TopicFacts:
    return TopicFacts(
        code=topic.code,
        title=topic.title,
        category=topic.category,
        heat=topic.heat,
        size=topic.size,
        voices={voice: number for voice, number in voices.items() if voice not in ("against", "official documents")},
        against=voices["against"],
        official=voices["official documents"],
        has_incident=bool(incidents_of(topic)),
        has_case=topic.pk in with_case,
    )
