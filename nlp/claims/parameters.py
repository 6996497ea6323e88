"""The thresholds of the search for claims, read from data/claims.yml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from nlp.parameters import load_parameters


@dataclass(frozen=True, slots=True)
class ClaimParameters:
    """The values of data/claims.yml."""

    risk: float
    lone_risk: float
    cues: int
    strong_lift: float
    many_cues: int
    risky: float
    calm: float
    stated: float
    doubted_spread: int
    full_parts: int
    impersonated_spread: int
    prior: float
    text_even: float
    text_slope: float
    text_cap: float
    cue_share: float
    cue_cap: float
    doubting_share: float
    doubt_ratio: float
    doubt_cap: float
    lone_doubt: float
    same_assertion: float
    doubt_share: float
    suggest: float
    sure: float
    matches: int
    stale_days: int
    same_text: float
    moved_days: int
    same_picture_bits: int
    risk_points: int
    spread_points: int
    doubt_points: int
    touch_points: int
    cue_points: int
    flag_points: int
    answered_points: int
    full_spread: int
    full_doubts: int

    @staticmethod
    @lru_cache(maxsize=1)
    def load() -> ClaimParameters:
        """The values in force."""
        return load_parameters(ClaimParameters, "claims.yml")
