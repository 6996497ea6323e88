"""How much a text is of the kind that turns out false or alarming: it orders the queue and is never a verdict.

Two models speak: one learned from checked microblogs of all domains, one from our own marine texts that assert a checkable
alarming fact. Of a marine text both are heard, of any other the first alone.
"""

from __future__ import annotations

from nlp.models import Recipe
from nlp.reading import Numbers

RUMOUR = Recipe("rumour", ("false",), 0.5, least=3, speech_scale=0.05, ratio=True, staged=True)
CLAIM = Recipe("claim", ("claim",), 3.0, text_scale=3.0, speech_scale=0.5)
MARINE_SHARE = 0.6  # weight of the marine model, set by hand; the mixture has no held-out figure of its own


def claim_risk(rumour: Numbers, claim: Numbers, relevance: Numbers) -> Numbers:
    """Risk of each text, 0..1: the weighted mean of both probabilities, the marine one counting as the text is marine."""
    share = MARINE_SHARE * relevance
    return rumour * (1 - share) + claim * share
