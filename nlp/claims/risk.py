"""From a text's score, its marks and its readers' doubts to one calibrated risk, with the reasons in Chinese.

Odds are multiplied (naive Bayes on logarithms), each kind of evidence capped because none is independent of the others.
The risk says how likely an assertion is of the kind that needs checking; it never says that the assertion is false.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.claims.parameters import ClaimParameters
from nlp.cues import cue_rules
from store.stages import Cue

SURE = 0.01  # a text's score is read no nearer to 0 and 1 than this


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What speaks for checking: the texts' highest claim_risk, all marks, and of how many `replies` how many doubt."""

    text: float
    cues: Sequence[Cue]
    doubters: int
    replies: int


@dataclass(frozen=True, slots=True)
class Risk:
    """A probability, 0..1, and what made it, in Chinese."""

    value: float
    reasons: tuple[str, ...]


def risk(signs: Signs, given: ClaimParameters) -> Risk:
    """The risk of an assertion. More marks and more doubters never lower it."""
    text, marks, doubts = (part(signs, given) for part in (text_evidence, cue_evidence, doubt_evidence))
    value = _probability(_logit(given.prior) + text + marks + doubts)
    return Risk(value, tuple(_reasons(signs, (text, marks, doubts), given)))


def text_evidence(signs: Signs, given: ClaimParameters) -> float:
    """Natural logarithm of odds that the wording gives, within the cap."""
    apart = _logit(min(max(signs.text, SURE), 1 - SURE)) - _logit(given.text_even)
    return min(max(given.text_slope * apart, -given.text_cap), given.text_cap)


def cue_evidence(signs: Signs, given: ClaimParameters) -> float:
    """Natural logarithm of odds that the marks give: of each lift the share that is not heard in the text's score."""
    lifts = {rule.name: rule.lift for rule in cue_rules()}
    total = sum(math.log(max(lifts.get(name, 1.0), 1.0)) for name in {cue.name for cue in signs.cues})
    return min(given.cue_share * total, given.cue_cap)


def doubt_evidence(signs: Signs, given: ClaimParameters) -> float:
    """Natural logarithm of odds that doubting replies give; silence says nothing."""
    if not signs.doubters or signs.doubters < given.doubting_share * signs.replies:
        return 0.0
    full = min(math.log(given.doubt_ratio), given.doubt_cap)
    return full if signs.doubters > 1 else full * given.lone_doubt


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


def _reasons(signs: Signs, evidence: tuple[float, float, float], given: ClaimParameters) -> list[str]:
    """Where the reckoning started, and how each kind of evidence moved it, in the order it is heard."""
    labels = {rule.name: rule.label for rule in cue_rules()}
    named = "、".join(f"{labels.get(c.name, c.name)}“{c.words}”" for c in signs.cues)
    wording = "像" if evidence[0] > 0 else "不像"
    words = (
        f"文本的写法{wording}以往需要核实的说法（模型评分{signs.text:.2f}）",
        f"带有可疑表述：{named}",
        f"{max(signs.replies, signs.doubters)}条回复和转述中{signs.doubters}条质疑",
    )
    odds = _logit(given.prior)
    lines = [f"起点：陈述具体事情的涉海帖子，平时约{given.prior:.0%}值得核实"]
    for line, value in zip(words, evidence, strict=True):
        before, odds = odds, odds + value
        if value:
            lines.append(f"{line}，可能性由{_percent(before)}{'升' if value > 0 else '降'}到{_percent(odds)}")
    return lines


def _percent(odds: float) -> str:
    """Logarithmic odds as a percentage, never quite none or all."""
    return f"{min(max(_probability(odds), 0.01), 0.99):.0%}"


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
