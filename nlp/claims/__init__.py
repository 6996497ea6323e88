"""Finds what the public asserts that an officer should check, with its spread, doubts and matching official statements."""

from nlp.claims.finding import Records, every_claim, find_claims, relays_office
from nlp.claims.parameters import ClaimParameters
from nlp.claims.parts import Parts
from nlp.claims.types import ClaimInput, FoundClaim, Older, Person, SeenPicture, Statement

__all__ = [
    "ClaimInput",
    "ClaimParameters",
    "FoundClaim",
    "Older",
    "Parts",
    "Person",
    "Records",
    "SeenPicture",
    "Statement",
    "every_claim",
    "find_claims",
    "relays_office",
]
