"""Settle: what a run found meets the claims in the store; what people decided stays.

Known claims go on under their number, lost ones leave the list with the reason, found again they come back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nlp.answer_types import Match
from nlp.claims import FoundClaim
from store import claims
from store.models import Claim, ClaimEvidence, TopicMember

REACH = timedelta(days=30)  # as long as a topic lives; a claim silent for longer is history and stays as it is


@dataclass(frozen=True, slots=True)
class Heard:
    """What a run heard: the claims it found, the documents that only pass on what an office said, and the models it heard with."""

    found: Sequence[FoundClaim]
    relayed: frozenset[int]
    denied: frozenset[int]  # documents of which a person said that they assert nothing to check
    model: str


@dataclass(frozen=True, slots=True)
class Settled:
    """How many claims are new, left the list, and came back to it."""

    added: int
    withdrawn: int
    restored: int


def settle(heard: Heard, *, now: datetime) -> Settled:
    """Bring the store to what was heard; call inside a transaction. The same heard again changes nothing."""
    keys = _keys(heard.found)
    added = restored = 0
    holders: dict[int, int] = {}
    for found in heard.found:
        claim, is_new = claims.save(keys[found.key], _values(found, heard.model, now))
        claims.put_evidence(claim, _evidence(found), now=now)
        added += is_new
        restored += claims.regain(claim, now=now)
        holders |= {int(pk): claim.pk for pk in found.asserts}
    lost = claims.within_reach(now - REACH).exclude(key__in=keys.values()).filter(lost_why="")
    withdrawn = sum(claims.lose(claim, _why(claim, heard, holders), now=now) for claim in lost)
    return Settled(added, withdrawn, restored)


def _keys(found: Sequence[FoundClaim]) -> dict[str, str]:
    """The key each found claim is stored under: its own, or that of a stored claim whose documents it goes on with.

    So a claim keeps its number when its first document is taken down or edited.
    """
    own = [claim.key for claim in found]
    known = set(Claim.objects.filter(key__in=own).values_list("key", flat=True))
    keys = {key: key for key in known}
    taken = set(own)
    for claim in found:
        if claim.key not in known:
            before = claims.held_by([int(pk) for pk in claim.asserts], but=taken)
            keys[claim.key] = before.key if before else claim.key
            taken.add(keys[claim.key])
    return keys


def _values(found: FoundClaim, model: str, now: datetime) -> dict[str, object]:
    first = int(found.first)
    member = TopicMember.objects.filter(document_id=first).first()
    return {
        "assertion": found.assertion,
        "touches": list(found.touches),
        "cues": [{"name": c.name, "words": c.words} for c in found.cues],
        "flags": list(found.flags),
        "matches": [_match(match) for match in found.matches],
        "parts": [[label, list(words), missing] for label, words, missing in found.parts.rows()],
        "risk": found.risk,
        "risk_reasons": list(found.risk_reasons),
        "priority": found.priority,
        "reasons": list(found.reasons),
        "topic_id": member.topic_id if member else None,
        "first_document_id": first,
        "first_at": found.first_at,
        "spread": found.spread,
        "found_at": now,
        "model": model,
    }


def _match(match: Match) -> dict[str, object]:
    kind, _, number = str(match.answer).partition(":")
    return {kind: int(number), "score": match.score, "why": match.why, "sure": match.sure}


def _evidence(found: FoundClaim) -> list[tuple[int, str]]:
    official = [str(match.answer).partition(":") for match in found.matches]
    return [
        *((int(pk), ClaimEvidence.ASSERTS) for pk in found.asserts),
        *((int(pk), ClaimEvidence.DOUBTS) for pk in found.doubts),
        *((int(number), ClaimEvidence.OFFICIAL) for kind, _, number in official if kind == "document"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What became of the documents that asserted a claim: how many there were, and of how many each is true."""

    asserted: int
    erased: int
    gone: int
    edited: int
    denied: int
    relayed: int
    rejudged: int
    elsewhere: int | None  # the claim most of them assert now


def _why(claim: Claim, heard: Heard, holders: Mapping[int, int]) -> str:
    rows = list(claim.evidence.filter(role=ClaimEvidence.ASSERTS, left_at=None).select_related("document__annotation"))
    edited = claims.edited_since(claim)
    here = [row.document for row in rows if row.document.text and row.document.gone_at is None]
    spoken = edited | heard.denied
    return why_lost(
        Lost(
            asserted=max(claim.spread, len(rows)),
            erased=max(claim.spread - len(rows), 0) + sum(not row.document.text for row in rows),
            gone=sum(row.document.gone_at is not None for row in rows),
            edited=sum(document.pk in edited for document in here),
            denied=sum(document.pk in heard.denied for document in here),
            relayed=sum(document.pk in heard.relayed for document in here),
            rejudged=sum(
                claim.model != document.annotation.model == heard.model
                for document in here
                if document.pk not in spoken
            ),
            elsewhere=_most(holders[document.pk] for document in here if document.pk in holders),
        )
    )


def why_lost(lost: Lost) -> str:
    """Why a claim is no longer found, as an officer reads it."""
    if lost.elsewhere is not None:
        return f"相同的内容现归入第 {lost.elsewhere} 号说法。"
    if lost.relayed:
        return "转述的内容与官方已发布的信息相符，也没有人质疑。"
    counts = (
        (lost.erased, "已从本台删除"),
        (lost.gone, "已被原网站删除"),
        (lost.edited, "已修改内容"),
        (lost.denied, "经人工判断不是要核实的说法"),
        (lost.rejudged, "已按现在的模型和词表重新判断"),
    )
    had, are_away = f"原有 {lost.asserted} 条转述", lost.erased + lost.gone >= lost.asserted
    end = "。" if are_away else "；现在已不符合列入待核实的条件。"
    if shared := [what for count, what in counts if count >= lost.asserted]:
        return f"{had}{'均' if lost.asserted > 1 else ''}{shared[0]}{end}"
    if said := "、".join(f"{count} 条{what}" for count, what in counts if count):
        return f"{had}，{'' if are_away else '其中 '}{said}{end}"
    return f"{had}都在，但与后来收到的内容一起看，已不符合列入待核实的条件。"


def _most(numbers: Iterable[int]) -> int | None:
    counts = Counter(numbers)
    return min(counts, key=lambda number: (-counts[number], number)) if counts else None
