"""Decides whether a writer puts forward something that could be checked, or criticises, asks, jests, feels or clears up."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.claims.mood import Carrier, carrier
from nlp.claims.parameters import ClaimParameters
from nlp.claims.parts import parts
from nlp.claims.types import ClaimInput
from nlp.claims.wording import (
    alarms,
    assertion,
    asserts_nothing,
    own_part,
    points_to_footage,
    said_weight,
    strong_cues,
)
from nlp.normalise import REPOST, normalise
from nlp.sentences import sentences

QUIET_VOICES = frozenset({"question", "complaint", "suggestion", "praise", "news", "report"})


def asserts(document: ClaimInput, root: ClaimInput, given: ClaimParameters) -> bool:
    """Whether this writer takes the side of what the root text says, and it is something to check."""
    return not why_not(document, root, given)


def why_not(document: ClaimInput, root: ClaimInput, given: ClaimParameters) -> str:
    """Why a text is no claim ("trusted", "quiet voice", a mood …), "" when it may be one.

    Firm moods and texts that clear up are none whatever else speaks for them. Many marks or a risky wording outweigh the rest.
    """
    if document.trusted or root.trusted or not (document.relevant or root.relevant):
        return "trusted" if document.trusted or root.trusted else "irrelevant"
    for each in (document, root):
        if own := asserts_nothing(said(each)):
            return own
        if points_to_footage(said(each)):
            return "footage"
    spoken = carried(root)
    if spoken.mood and spoken.mood.firm:
        return spoken.mood.name
    risk = max(document.claim_risk, root.claim_risk)
    if risk >= given.risky or len(strong_cues(root.cues, given.strong_lift)) >= given.many_cues:
        return ""
    if spoken.mood or spoken.stated < given.stated:
        return spoken.mood.name if spoken.mood else "mostly no statement"
    if root.voice in QUIET_VOICES:
        return "quiet voice"
    return "" if risk >= given.calm or _holds_an_event(spoken.sentence, root) else "no event"


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


def _holds_an_event(sentence: str, document: ClaimInput) -> bool:
    """Whether a calm sentence names an event that people would act on, and the text says where, when or how much."""
    text = original(document.text)
    said_parts = parts(text, assertion(text, document.places), document.published_at)
    return bool(alarms(sentence)) and (said_parts.can_be_held_to or bool(document.places))
