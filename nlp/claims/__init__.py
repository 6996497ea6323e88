"""Finds what the public asserts that an officer should check, with its spread, doubts and matching official statements."""

from nlp.claims.finding import Records, find_claims
from nlp.claims.parameters import ClaimParameters
from nlp.claims.parts import Parts
from nlp.claims.types import ClaimInput, FoundClaim, Match, Older, SeenPicture, Statement

__all__ = [
    "ClaimInput",
    "ClaimParameters",
    "FoundClaim",
    "Match",
    "Older",
    "Parts",
    "Records",
    "SeenPicture",
    "Statement",
    "find_claims",
]
