"""How soon to look at a claim: points for risk, spread, doubts, people touched, marks and flags, each with its reason."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.claims.parameters import ClaimParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a claim's priority is reckoned from; `urgent` when health, children or livelihoods are touched."""

    risk: float
    spread: int
    doubts: int
    cues: int
    flags: int
    touched: bool
    urgent: bool
    answered: bool  # an official statement surely says the same and nothing differs


@dataclass(frozen=True, slots=True)
class Priority:
    """Points, 0..100, and each addend in Chinese with its sign, those of no points left out."""

    value: float
    reasons: tuple[str, ...]


def priority(standing: Standing, given: ClaimParameters) -> Priority:
    """The points of a claim."""
    reach = min(1.0, math.log1p(standing.spread - 1) / math.log1p(given.full_spread))
    touch = 1.0 if standing.urgent else 0.5 if standing.touched else 0.0
    addends: Sequence[tuple[float, str]] = (
        (given.risk_points * standing.risk, f"值得核实的可能性{min(max(standing.risk, 0.01), 0.99):.0%}"),
        (given.spread_points * reach, f"{standing.spread}条转述"),
        (given.doubt_points * min(1.0, standing.doubts / given.full_doubts), f"{standing.doubts}条质疑"),
        (given.touch_points * touch, "涉及健康、儿童或生计" if standing.urgent else "涉及公众"),
        (given.cue_points * min(1.0, standing.cues / (2 * given.cues)), f"{standing.cues}种可疑表述"),
        (given.flag_points * float(standing.flags > 0), "有可立即核对的疑点"),
        (-given.answered_points * float(standing.answered), "已有相符的官方信息"),
    )
    shown = tuple(f"{reason}：{points:+.1f}分" for points, reason in addends if points)
    return Priority(round(min(100.0, max(0.0, sum(points for points, _ in addends))), 1), shown)
