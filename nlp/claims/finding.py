"""From documents and official statements to claims: who asserts, who doubts, what answers it, and how soon to look."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlp.claims.gathering import Assertion, gather
from nlp.claims.matching import matches, moved
from nlp.claims.parameters import ClaimParameters
from nlp.claims.parts import parts
from nlp.claims.priority import Standing, priority
from nlp.claims.recycled import recycled
from nlp.claims.standing import original
from nlp.claims.types import ClaimInput, FoundClaim, Match, Older, Statement
from nlp.claims.wording import assertion, speaks_as_office, touches


@dataclass(frozen=True, slots=True)
class Beside:
    """What claims are held against: official statements, and older texts of our own archive."""

    statements: Sequence[Statement]
    older: Sequence[Older] = ()


def find_claims(
    documents: Iterable[ClaimInput],
    statements: Sequence[Statement],
    *,
    older: Sequence[Older] = (),
    parameters: ClaimParameters | None = None,
) -> list[FoundClaim]:
    """The claims of these documents, the most urgent first. Their order does not matter.

    One claim an assertion: near-duplicates and rewordings count as its spread. Criticism, questions, jests and texts
    that clear up are none. A claim's status is for people to set; nothing here says that it is false.
    """
    given = parameters or ClaimParameters.load()
    ordered = sorted(documents, key=lambda d: (d.published_at, d.url))
    beside = Beside(statements, older)
    found = [_found(a, beside, given) for a in gather(ordered, given) if _worth_checking(a, given)]
    found = [claim for claim in found if not relays_office(claim)]
    return sorted(found, key=lambda claim: (-claim.priority, claim.key))


def relays_office(claim: FoundClaim) -> bool:
    """Whether it only passes on what an office surely said: nothing differs and nobody doubts."""
    return any(match.sure for match in claim.matches) and not claim.flags and not claim.doubts


def _worth_checking(gathered: Assertion, given: ClaimParameters) -> bool:
    """Whether an officer should see it. Risk alone is not enough: it needs marks, a second voice or a doubter."""
    spread, doubted = len(gathered.asserts), bool(gathered.doubts)
    marked, reckoned = gathered.strong_marks(given), gathered.risk(given).value
    return (
        (reckoned >= given.risk and (marked >= given.cues or spread > 1 or doubted))
        or (reckoned >= given.lone_risk and marked > 0)
        or (marked >= given.cues and (doubted or spread > 1))
        or (doubted and spread >= given.doubted_spread)
        or (speaks_as_office(gathered.first.text) and (doubted or spread >= given.impersonated_spread))
    )


def _found(gathered: Assertion, beside: Beside, given: ClaimParameters) -> FoundClaim:
    first = gathered.first
    found = matches(gathered.terms, first.places, beside.statements, given)
    said = assertion(first.text, first.places)
    named, urgent = touches(first.text)
    cues, flags, reckoned = gathered.marks(), _flags(gathered, found, beside, given), gathered.risk(given)
    standing = Standing(
        risk=reckoned.value, spread=len(gathered.asserts), doubts=len(gathered.doubts), cues=len(cues),
        flags=len(flags), touched=bool(named), urgent=urgent,
    )  # fmt: skip
    soon = priority(standing, given)
    return FoundClaim(
        key=hashlib.sha256(first.url.encode()).hexdigest(),
        assertion=said,
        first=first.id,
        first_at=first.published_at,
        touches=named,
        cues=cues,
        flags=flags,
        matches=found,
        parts=parts(original(first.text), said, first.published_at),
        risk=round(reckoned.value, 4),
        risk_reasons=reckoned.reasons,
        priority=soon.value,
        reasons=soon.reasons,
        asserts=tuple(d.id for d in gathered.asserts),
        doubts=tuple(d.id for d in gathered.doubts),
    )


def _flags(
    gathered: Assertion, found: Sequence[Match], beside: Beside, given: ClaimParameters
) -> tuple[str, ...]:
    first = gathered.first
    flags = moved(found, {s.id: s for s in beside.statements}, first.places, first.published_at, given)
    if speaks_as_office(first.text):
        flags.append("以机关名义落款，但发布者不是官方来源")
    return tuple(flags + recycled(gathered, beside.older, given))
