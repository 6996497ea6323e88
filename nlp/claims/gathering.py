"""Brings documents together into assertions: who passes each on, who doubts it, who answers it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nlp.claims.parameters import ClaimParameters
from nlp.claims.risk import Risk, Signs, risk
from nlp.claims.standing import asserts, said
from nlp.claims.types import ClaimInput, Person
from nlp.claims.wording import assertion, doubts, speaks_as_office, strong_cues, term_weights, weighted_share
from store.stages import Cue


@dataclass(slots=True)
class Assertion:
    """One assertion while it is gathered: its first document, all that assert it, all that doubt it, replies in all."""

    first: ClaimInput
    terms: Mapping[str, float]
    asserts: list[ClaimInput] = field(default_factory=list)
    doubts: list[ClaimInput] = field(default_factory=list)
    replies: int = 0

    def text_risk(self) -> float:
        """The highest claim_risk among the texts that assert it."""
        return max(document.claim_risk for document in self.asserts)

    def marks(self) -> tuple[Cue, ...]:
        """Each mark once, with the words where it was first met."""
        first: dict[str, Cue] = {}
        for document in self.asserts:
            for cue in document.cues:
                first.setdefault(cue.name, cue)
        return tuple(first.values())

    def risk(self, given: ClaimParameters) -> Risk:
        """Text, marks and replies together."""
        signs = Signs(text=self.text_risk(), cues=self.marks(), doubters=len(self.doubts), replies=self.replies)
        return risk(signs, given)

    def is_affirmed(self) -> bool:
        """Whether a person said of one of its texts that it is to be checked."""
        return any(document.person is Person.AFFIRMS for document in self.asserts)

    def strong_marks(self, given: ClaimParameters) -> int:
        """How many strong marks its first text bears."""
        return len(strong_cues(self.first.cues, given.strong_lift))


def gather(documents: Sequence[ClaimInput], given: ClaimParameters) -> list[Assertion]:
    """Texts that assert something, repeats and rewordings together, in order of the first; doubters and replies beside."""
    by_url = {d.url: d for d in documents}
    gathered: list[Assertion] = []
    of_root: dict[str, Assertion] = {}
    for document in documents:
        root = _root(document, by_url)
        if not asserts(document, root, given):
            continue
        known = of_root.get(root.url) or _reworded(root, gathered, given)
        if known is None:
            known = Assertion(document, term_weights(assertion(root.text, root.places)))
            gathered.append(known)
        of_root[root.url] = known
        known.asserts.append(document)
    _add_doubts(gathered, documents, given)
    return gathered


def _root(document: ClaimInput, by_url: Mapping[str, ClaimInput]) -> ClaimInput:
    seen = {document.url}
    while document.duplicate_of in by_url and document.duplicate_of not in seen:
        document = by_url[document.duplicate_of]
        seen.add(document.url)
    return document


def _reworded(root: ClaimInput, gathered: Sequence[Assertion], given: ClaimParameters) -> Assertion | None:
    """The assertion that this text says in other words: the best over the threshold, the first of equals."""
    terms = term_weights(assertion(root.text, root.places))
    scored = [(_cosine(terms, a.terms), -n) for n, a in enumerate(gathered)]
    best = max(scored, default=(0.0, 0))
    return gathered[-best[1]] if best[0] >= given.same_assertion else None


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    product = sum(weight * other.get(word, 0.0) for word, weight in one.items())
    lengths = math.hypot(*one.values()) * math.hypot(*other.values()) if one and other else 0.0
    return product / lengths if lengths else 0.0


def _add_doubts(gathered: Sequence[Assertion], documents: Sequence[ClaimInput], given: ClaimParameters) -> None:
    """Who doubts: repliers and reposters by their own words, others when they name what is asserted."""
    holder = {d.url: a for a in gathered for d in a.asserts}
    told = [a for a in gathered if _is_told(a, given)]
    for document in documents:
        if document.url in holder or document.trusted:
            continue
        answered = holder.get(document.reply_to) or holder.get(document.duplicate_of)
        if answered is not None:
            answered.replies += 1
        if not doubts(said(document)):
            continue
        target = answered or _named(document, told, given)
        if target is not None:
            target.doubts.append(document)
            holder[document.url] = target  # who answers a doubter speaks of the same claim


def _is_told(gathered: Assertion, given: ClaimParameters) -> bool:
    """Whether it is more than one person's remark: passed on, marked, risky or in an office's name."""
    marked = gathered.strong_marks(given) >= given.cues
    alone = gathered.text_risk() < given.risk and not speaks_as_office(gathered.first.text)
    return marked or len(gathered.asserts) > 1 or not alone


def _named(document: ClaimInput, told: Sequence[Assertion], given: ClaimParameters) -> Assertion | None:
    """The assertion whose telling words a doubting text holds most of, rare words counting most; only what was already said."""
    held = document.words or tuple(term_weights(document.text))
    before = [(n, a) for n, a in enumerate(told) if a.first.published_at <= document.published_at]
    scored = [(weighted_share({w: x * x for w, x in a.terms.items()}, held), -n) for n, a in before]
    best = max(scored, default=(0.0, 0))
    return told[-best[1]] if best[0] >= given.doubt_share else None
