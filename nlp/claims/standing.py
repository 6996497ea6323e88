"""Decides whether a writer puts forward something that could be checked, or criticises, asks, jests, feels or clears up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlp.claims.mood import Carrier, carrier
from nlp.claims.parameters import ClaimParameters
from nlp.claims.parts import parts
from nlp.claims.types import ClaimInput, Person
from nlp.claims.wording import (
    alarms,
    asserts_nothing,
    attributes,
    own_cues,
    own_part,
    points_to_footage,
    said_weight,
    strong_cues,
)
from nlp.normalise import REPOST, normalise
from nlp.sentences import sentences

QUIET_VOICES = frozenset({"question", "complaint", "suggestion", "praise"})


def asserts(document: ClaimInput, root: ClaimInput, given: ClaimParameters) -> bool:
    """Whether this writer takes the side of what the root text says, and it is something to check."""
    return not why_not(document, root, given)


def why_not(document: ClaimInput, root: ClaimInput, given: ClaimParameters) -> str:
    """Why a text is no claim ("trusted", "quiet voice", a mood …), "" when it may be one.

    A person's word decides; the original's goes for its repeats. Firm moods and texts that clear up are none whatever else
    speaks for them. Many marks or a risky wording outweigh the rest.
    """
    spoken_for = [each.person for each in (document, root) if each.person is not Person.SILENT]
    if spoken_for:
        return "" if spoken_for[0] is Person.AFFIRMS else "denied"
    if document.trusted or root.trusted or not (document.relevant or root.relevant):
        return "trusted" if document.trusted or root.trusted else "irrelevant"
    for each in (document, root):
        if own := asserts_nothing(said(each)):
            return own
        if points_to_footage(said(each)):
            return "footage"
    spoken = carried(root)
    if spoken.moods and spoken.moods[0].firm:
        return spoken.moods[0].name
    return _why_weak(spoken, root, max(document.claim_risk, root.claim_risk), given)


def _why_weak(spoken: Carrier, root: ClaimInput, risk: float, given: ClaimParameters) -> str:
    """What speaks against a text in no firm mood, unless a risky wording or many marks outweigh it."""
    marks = len(strong_cues(own_cues(root.cues, normalise(root.text)), given.strong_lift))
    events, is_quiet = len(alarms(spoken.sentence)), root.voice in QUIET_VOICES
    if marks >= given.many_cues:
        return ""
    if risk >= given.risky and len(spoken.moods) < 2:
        return "quiet voice" if is_quiet and not (marks or events) else ""
    grave = events > 1 and _can_be_held(root)
    if len(spoken.moods) > (1 if grave else 0) or (spoken.stated < given.stated and not grave):
        return spoken.moods[0].name if spoken.moods else "mostly no statement"
    if is_quiet and not (grave or (events and marks)):
        return "quiet voice"
    if attributes(original(root.text)):
        return "attributed"
    return "" if (risk >= given.calm and not root.reply_to) or (events and _can_be_held(root)) else "no event"


def in_own_words(document: ClaimInput, given: ClaimParameters) -> ClaimInput:
    """A reply without what its annotation has from the thread's title: marks it does not say, a risk above the even point."""
    if not (document.reply_to and document.title):
        return document
    own = normalise(document.text)
    cues = tuple(cue for cue in document.cues if cue.words in own)
    return replace(document, cues=cues, claim_risk=min(document.claim_risk, given.text_even))


def said(document: ClaimInput) -> str:
    """The writer's own words with the title, which for a reply is the thread's and not hers."""
    own = own_part(document.text)
    return own if document.reply_to or not document.title else f"{normalise(document.title)}\n{own}"


def original(text: str) -> str:
    """What the first writer of a repost chain said, in normal form."""
    return REPOST.split(normalise(text))[-1]


def carried(document: ClaimInput) -> Carrier:
    """The sentence that carries a text, with its mood."""
    return carrier([(sentence, said_weight(sentence)) for sentence in _sentences(document)])


def _sentences(document: ClaimInput) -> Sequence[str]:
    return sentences(original(document.text))


def _can_be_held(document: ClaimInput) -> bool:
    """Whether a text says where, when or how much."""
    text = original(document.text)
    return bool(document.places) or parts(text, "", document.published_at).can_be_held_to
