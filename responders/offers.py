"""Chooses which documents an officer is asked to judge: those the models are least sure of, one a topic. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest

from nlp.claims.parameters import ClaimParameters
from nlp.parameters import load_parameters
from nlp.relevance import THRESHOLD
from store.models import Label

SIDES = (Label.RELEVANCE, Label.CATEGORY, Label.CLAIM)  # asked in turn, so that no side crowds out another
REASONS = {
    Label.RELEVANCE: "是否涉海，机器拿不准：把握 {score:.2f}，分界为 {point:.2f}。",
    Label.CATEGORY: "机器归为“{first}”，但“{second}”也很可能。",
    Label.CLAIM: "是否属于要核实的说法，机器拿不准：风险 {score:.2f}，分界为 {point:.2f}。",
}


@dataclass(frozen=True, slots=True)
class OfferParameters:
    """data/offers.yml."""

    most_a_day: int
    days: int
    relevance_margin: float
    claim_margin: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A document as the models judged it; `matter` is the same for documents that say much the same."""

    document: int
    matter: str
    relevant: bool
    relevance: float
    categories: Sequence[str]  # the likeliest first; a second one only where it is likely by itself
    claim_risk: float
    judged: frozenset[str] = field(default_factory=frozenset)  # sides on which a person has spoken


@dataclass(frozen=True, slots=True)
class Offer:
    """One document to judge: which side, the values a click may give (the machine's first), and why it is asked."""

    document: int
    what: str
    values: tuple[str, ...]
    reason: str
    doubt: float  # 0..1, 1 where the models cannot tell at all


@lru_cache(maxsize=1)
def offer_parameters() -> OfferParameters:
    """The values in force; raises BadSettings naming file and key."""
    return load_parameters(OfferParameters, "offers.yml")


def choose(candidates: Iterable[Candidate], parameters: OfferParameters, *, judged_today: int = 0) -> list[Offer]:
    """What is asked today: at most what is left of the day's number, the sides in turn, the most doubtful first.

    No two offers share a document or a matter. The order of the candidates does not matter.
    """
    room = max(parameters.most_a_day - judged_today, 0)
    candidates = list(candidates)
    matters = {candidate.document: candidate.matter for candidate in candidates}
    lists = [_of_side(what, candidates, parameters) for what in SIDES]
    chosen: list[Offer] = []
    taken: set[str] = set()
    for offer in (offer for turn in zip_longest(*lists) for offer in turn if offer is not None):
        if len(chosen) < room and matters[offer.document] not in taken:
            taken.add(matters[offer.document])
            chosen.append(offer)
    return chosen


def _of_side(what: str, candidates: Iterable[Candidate], parameters: OfferParameters) -> list[Offer]:
    open_ones = (candidate for candidate in candidates if what not in candidate.judged)
    found = [offer for candidate in open_ones for offer in _doubts(what, candidate, parameters)]
    return sorted(found, key=lambda offer: (-offer.doubt, offer.document))


def _doubts(what: str, candidate: Candidate, parameters: OfferParameters) -> Iterator[Offer]:
    match what:
        case Label.RELEVANCE:
            yield from _near(what, candidate, candidate.relevance, THRESHOLD, parameters.relevance_margin)
        case Label.CLAIM if candidate.relevant:
            point = ClaimParameters.load().risk
            yield from _near(what, candidate, candidate.claim_risk, point, parameters.claim_margin)
        case Label.CATEGORY if candidate.relevant and len(candidate.categories) > 1:
            first, second = candidate.categories[:2]
            yield Offer(
                candidate.document, what, (first, second), REASONS[what].format(first=first, second=second), 0.5
            )


def _near(what: str, candidate: Candidate, score: float, point: float, margin: float) -> Iterator[Offer]:
    doubt = 1 - abs(score - point) / margin
    if doubt > 0:
        values = (Label.YES, Label.NO) if score >= point else (Label.NO, Label.YES)
        reason = REASONS[what].format(score=score, point=point)
        yield Offer(candidate.document, what, values, reason, round(doubt, 4))
