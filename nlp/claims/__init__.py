"""Finds what the public asserts that an officer should check, with its spread, doubts and matching official statements."""

from nlp.claims.finding import find_claims
from nlp.claims.types import ClaimInput, ClaimParameters, FoundClaim, Match, Statement

__all__ = ["ClaimInput", "ClaimParameters", "FoundClaim", "Match", "Statement", "find_claims"]
