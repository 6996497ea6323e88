"""Prepare: the rules open cases with their clocks, and every case without a draft gets one filled from its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from responders.case_rules import case_rules
from responders.cases import decide_cases, open_cases
from responders.drafts import prepare_drafts, waiting_cases
from responders.facts import claim_facts, topic_facts


@dataclass(frozen=True, slots=True)
class Prepared:
    """How many cases were opened and drafts filled."""

    cases: int
    drafts: int


def prepare(*, now: datetime) -> Prepared:
    """Open what the rules ask for and fill what has no draft; a second run adds nothing."""
    opened = open_cases(decide_cases(topic_facts(now), claim_facts(), rules=case_rules()), now=now)
    drafts = prepare_drafts(waiting_cases(), now=now)
    return Prepared(cases=len(opened), drafts=len(drafts))
