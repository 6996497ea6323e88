"""From documents and official statements to claims: who asserts, who doubts, what answers it, and how soon to look."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from nlp.claims.gathering import Assertion, gather
from nlp.claims.matching import matches, moved
from nlp.claims.official import OfficialFacts, Said, Verdict, official_checks
from nlp.claims.parameters import ClaimParameters
from nlp.claims.parts import parts
from nlp.claims.pictures import shown_before
from nlp.claims.priority import Standing, priority
from nlp.claims.recycled import recycled
from nlp.claims.standing import in_own_words, original
from nlp.claims.types import ClaimInput, FoundClaim, Match, Older, SeenPicture, Statement
from nlp.claims.wording import alarms, assertion, speaks_as_office, touches
from nlp.normalise import normalise

SPEAKS_OF_WARNING = re.compile(r"警报|预警|红色|橙色|黄色|蓝色|海啸")
NOTHING = OfficialFacts()
FLAGS = {
    Verdict.DIFFERS: "所说的{}级别与预报机构当时有效的警报不同，请核对",
    Verdict.NONE: "未见所说时间和地点在有效期内的{}警报，请核对",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What claims are held against beside official statements; without `now` no warning is looked at."""

    older: Sequence[Older] = ()
    seen: Sequence[SeenPicture] = ()
    facts: OfficialFacts = NOTHING
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Beside:
    statements: Sequence[Statement]
    records: Records


def find_claims(
    documents: Iterable[ClaimInput],
    statements: Sequence[Statement],
    *,
    records: Records | None = None,
    parameters: ClaimParameters | None = None,
) -> list[FoundClaim]:
    """The claims of these documents, the most urgent first. Their order does not matter.

    One claim an assertion: near-duplicates and rewordings count as its spread. Criticism, questions, jests and texts
    that clear up are none. A claim's status is for people to set; nothing here says that it is false.
    """
    given = parameters or ClaimParameters.load()
    ordered = sorted((in_own_words(d, given) for d in documents), key=lambda d: (d.published_at, d.url))
    beside = _Beside(statements, records or Records())
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
        or (spread >= given.doubted_spread and (doubted or _can_be_checked_well(gathered, given)))
        or (speaks_as_office(gathered.first.text) and (doubted or spread >= given.impersonated_spread))
    )


def _can_be_checked_well(gathered: Assertion, given: ClaimParameters) -> bool:
    """Whether it states an alarming event with nearly all that a check needs: who, what, where, when, how much."""
    text = original(gathered.first.text)
    said = assertion(text, gathered.first.places)
    return bool(alarms(said)) and parts(text, said, gathered.first.published_at).said >= given.full_parts


def _found(gathered: Assertion, beside: _Beside, given: ClaimParameters) -> FoundClaim:
    first = gathered.first
    found = matches(gathered.terms, first.places, beside.statements, given)
    said = assertion(first.text, first.places)
    named, urgent = touches(first.text)
    cues, flags, reckoned = gathered.marks(), _flags(gathered, found, beside, given), gathered.risk(given)
    standing = Standing(
        risk=reckoned.value, spread=len(gathered.asserts), doubts=len(gathered.doubts), cues=len(cues),
        flags=len(flags), touched=bool(named), urgent=urgent,
        answered=any(match.sure for match in found) and not flags,
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


def _flags(gathered: Assertion, found: Sequence[Match], beside: _Beside, given: ClaimParameters) -> tuple[str, ...]:
    first = gathered.first
    flags = moved(found, {s.id: s for s in beside.statements}, first.places, first.published_at, given)
    if speaks_as_office(first.text):
        flags.append("以机关名义落款，但发布者不是官方来源")
    flags += recycled(gathered, beside.records.older, given)
    flags += shown_before(gathered, beside.records.seen, given)
    return tuple(flags + _warning_flags(first, beside.records))


def _warning_flags(first: ClaimInput, records: Records) -> list[str]:
    """Where a text that speaks of a warning or its level names another than official facts show."""
    if records.now is None or not SPEAKS_OF_WARNING.search(normalise(first.text)):
        return []
    said = Said(text=original(first.text), places=first.places, times=first.times, first_at=first.published_at)
    checks = official_checks(said, records.facts, now=records.now)
    return [FLAGS[check.verdict].format(check.matter) for check in checks if check.verdict in FLAGS]
