"""From documents and official statements to claims: who asserts, who doubts, what answers it, and how soon to look."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from nlp.claims.matching import matches, moved, same_region, weighted_share
from nlp.claims.types import ClaimInput, ClaimParameters, FoundClaim, Match, Statement
from nlp.claims.wording import (
    assertion,
    asserts_nothing,
    doubts,
    own_part,
    points_to_footage,
    speaks_as_office,
    strong_cues,
    term_weights,
    touches,
)
from nlp.normalise import normalise
from store.stages import Cue

QUIET_VOICES = frozenset({"question", "complaint", "suggestion", "praise", "news"})


@dataclass(slots=True)
class _Assertion:
    """One assertion while it is gathered: its first document, all that assert it, all that doubt it."""

    first: ClaimInput
    terms: Mapping[str, float]
    asserts: list[ClaimInput] = field(default_factory=list)
    doubts: list[ClaimInput] = field(default_factory=list)


def find_claims(
    documents: Iterable[ClaimInput], statements: Sequence[Statement], *, parameters: ClaimParameters | None = None
) -> list[FoundClaim]:
    """The claims of these documents, the most urgent first. Their order does not matter.

    One claim an assertion: near-duplicates and rewordings count as its spread. Criticism, questions, jests and texts
    that clear up are none. A claim's status is for people to set; nothing here says that it is false.
    """
    given = parameters or ClaimParameters.load()
    ordered = sorted(documents, key=lambda d: (d.published_at, d.url))
    gathered = _gather(ordered, given)
    _add_doubts(gathered, ordered, given)
    found = [_found(a, statements, given) for a in gathered if _worth_checking(a, given)]
    found = [claim for claim in found if not relays_office(claim)]
    return sorted(found, key=lambda claim: (-claim.priority, claim.key))


def relays_office(claim: FoundClaim) -> bool:
    """Whether it only passes on what an office surely said: nothing differs and nobody doubts."""
    return any(match.sure for match in claim.matches) and not claim.flags and not claim.doubts


def _gather(documents: Sequence[ClaimInput], given: ClaimParameters) -> list[_Assertion]:
    """Texts that may assert something, repeats and rewordings together, in order of the first."""
    by_url = {d.url: d for d in documents}
    gathered: list[_Assertion] = []
    of_root: dict[str, _Assertion] = {}
    for document in documents:
        root = _root(document, by_url)
        if not _may_assert(document, root, given):
            continue
        known = of_root.get(root.url) or _reworded(root, gathered, given)
        if known is None:
            known = _Assertion(document, term_weights(assertion(root.text, root.places)))
            gathered.append(known)
        of_root[root.url] = known
        known.asserts.append(document)
    return gathered


def _root(document: ClaimInput, by_url: Mapping[str, ClaimInput]) -> ClaimInput:
    seen = {document.url}
    while document.duplicate_of in by_url and document.duplicate_of not in seen:
        document = by_url[document.duplicate_of]
        seen.add(document.url)
    return document


def _may_assert(document: ClaimInput, root: ClaimInput, given: ClaimParameters) -> bool:
    """Whether this writer takes the side of what is said. Many strong marks outweigh a voice that sounds otherwise."""
    if document.trusted or root.trusted or not (document.relevant or root.relevant):
        return False
    if any(asserts_nothing(_said(d)) or points_to_footage(_said(d)) for d in (document, root)):
        return False
    marked = len(strong_cues(root.cues, given.strong_lift)) >= given.many_cues
    return marked or root.voice not in QUIET_VOICES


def _said(document: ClaimInput) -> str:
    """The writer's own words with the title, which for a reply is the thread's and not hers."""
    own = own_part(document.text)
    return own if document.reply_to or not document.title else f"{normalise(document.title)}\n{own}"


def _reworded(root: ClaimInput, gathered: Sequence[_Assertion], given: ClaimParameters) -> _Assertion | None:
    """The assertion that this text says in other words: the best over the threshold, the first of equals."""
    terms = term_weights(assertion(root.text, root.places))
    scored = [(_cosine(terms, a.terms), -n) for n, a in enumerate(gathered)]
    best = max(scored, default=(0.0, 0))
    return gathered[-best[1]] if best[0] >= given.same_assertion else None


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    product = sum(weight * other.get(word, 0.0) for word, weight in one.items())
    lengths = math.hypot(*one.values()) * math.hypot(*other.values()) if one and other else 0.0
    return product / lengths if lengths else 0.0


def _add_doubts(gathered: Sequence[_Assertion], documents: Sequence[ClaimInput], given: ClaimParameters) -> None:
    """Who doubts: repliers and reposters by their own words, others when they name what is asserted."""
    holder = {d.url: a for a in gathered for d in a.asserts}
    told = [a for a in gathered if _is_told(a, given)]
    for document in documents:
        if document.url in holder or document.trusted or not doubts(_said(document)):
            continue
        target = holder.get(document.reply_to) or holder.get(document.duplicate_of) or _named(document, told, given)
        if target is not None:
            target.doubts.append(document)
            holder[document.url] = target  # who answers a doubter speaks of the same claim


def _is_told(gathered: _Assertion, given: ClaimParameters) -> bool:
    """Whether it is more than one person's remark: passed on, marked, risky or in an office's name."""
    marked = len(strong_cues(gathered.first.cues, given.strong_lift)) >= given.cues
    return marked or len(gathered.asserts) > 1 or _risk(gathered) >= given.risk or speaks_as_office(gathered.first.text)


def _named(document: ClaimInput, told: Sequence[_Assertion], given: ClaimParameters) -> _Assertion | None:
    """The assertion whose telling words a doubting text holds most of, rare words counting most."""
    held = document.words or tuple(term_weights(document.text))
    scored = [(weighted_share({w: x * x for w, x in a.terms.items()}, held), -n) for n, a in enumerate(told)]
    best = max(scored, default=(0.0, 0))
    return told[-best[1]] if best[0] >= given.doubt_share else None


def _worth_checking(gathered: _Assertion, given: ClaimParameters) -> bool:
    """Whether an officer should see it. The model's risk alone is not enough: it needs marks, a second voice or a doubter."""
    spread, doubted = len(gathered.asserts), bool(gathered.doubts)
    marked = len(strong_cues(gathered.first.cues, given.strong_lift))
    return (
        (_risk(gathered) >= given.risk and (marked >= given.cues or spread > 1 or doubted))
        or (marked >= given.cues and (doubted or spread > 1))
        or (doubted and spread >= given.doubted_spread)
        or (speaks_as_office(gathered.first.text) and (doubted or spread >= given.impersonated_spread))
    )


def _risk(gathered: _Assertion) -> float:
    return max(d.claim_risk for d in gathered.asserts)


def _found(gathered: _Assertion, statements: Sequence[Statement], given: ClaimParameters) -> FoundClaim:
    first = gathered.first
    found = matches(gathered.terms, first.places, statements, given)
    named, urgent = touches(first.text)
    cues = _cues(gathered.asserts)
    flags = _flags(gathered, found, {s.id: s for s in statements}, given)
    points = _points(gathered, cues, flags, urgent=urgent, touched=bool(named), given=given)
    return FoundClaim(
        key=hashlib.sha256(first.url.encode()).hexdigest(),
        assertion=assertion(first.text, first.places),
        first=first.id,
        first_at=first.published_at,
        touches=named,
        cues=cues,
        flags=flags,
        matches=found,
        risk=round(_risk(gathered), 4),
        priority=round(min(100.0, sum(value for value, _ in points)), 1),
        reasons=tuple(reason for value, reason in points if value > 0.0),
        asserts=tuple(d.id for d in gathered.asserts),
        doubts=tuple(d.id for d in gathered.doubts),
    )


def _cues(documents: Sequence[ClaimInput]) -> tuple[Cue, ...]:
    """Each mark once, with the words where it was first met."""
    first: dict[str, Cue] = {}
    for document in documents:
        for cue in document.cues:
            first.setdefault(cue.name, cue)
    return tuple(first.values())


def _flags(
    gathered: _Assertion, found: Sequence[Match], statements: Mapping[str, Statement], given: ClaimParameters
) -> tuple[str, ...]:
    first = gathered.first
    flags = moved(found, statements, first.places, first.published_at, given)
    if speaks_as_office(first.text):
        flags.append("以机关名义落款，但发布者不是官方来源")
    footage = [d for d in gathered.doubts if points_to_footage(own_part(d.text))]
    if footage and any(word in normalise(first.text) for word in ("视频", "画面", "图", "照片")):
        flags.append(f"有网民质疑画面另有时间或出处（{len(footage)}条）")
    flags.extend(f"有网民提到{name}（{count}条）" for name, count in _elsewhere(gathered))
    return tuple(flags)


def _elsewhere(gathered: _Assertion) -> list[tuple[str, int]]:
    """Places that doubters name and the claim does not, the most named first, two at most."""
    counts: defaultdict[str, int] = defaultdict(int)
    for document in gathered.doubts:
        for place in dict.fromkeys(document.places):
            if not any(same_region(place, own) for own in gathered.first.places):
                counts[place.name] += 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ranked[:2]


def _points(
    gathered: _Assertion,
    cues: Sequence[Cue],
    flags: Sequence[str],
    *,
    urgent: bool,
    touched: bool,
    given: ClaimParameters,
) -> list[tuple[float, str]]:
    """Points of priority with the reason of each, in Chinese."""
    risk, spread, doubted = _risk(gathered), len(gathered.asserts), len(gathered.doubts)
    reach = min(1.0, math.log1p(spread - 1) / math.log1p(given.full_spread))
    return [
        (given.risk_points * risk, f"文本风险{risk:.2f}"),
        (given.spread_points * reach, f"{spread}条转述"),
        (given.doubt_points * min(1.0, doubted / given.full_doubts), f"{doubted}条质疑"),
        (
            given.touch_points * (1.0 if urgent else 0.5 if touched else 0.0),
            "涉及健康、儿童或生计" if urgent else "涉及公众",
        ),
        (given.cue_points * min(1.0, len(cues) / (2 * given.cues)), f"{len(cues)}种可疑表述"),
        (given.flag_points * (1.0 if flags else 0.0), "有可立即核对的疑点"),
    ]
