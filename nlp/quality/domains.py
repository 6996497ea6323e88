"""What a wording is worth in a domain never seen: each domain of Weibo21 judged by a model of the others.

Odds are counted against each domain's own share of false posts, so that they hold at any base rate; `text_slope` and
`text_cap` of data/claims.yml were taken from here (docs/decisions/0016).
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from nlp import claim_risk
from nlp.claims.risk import SURE
from nlp.fit import fit_part
from nlp.quality.claim_risk import ECE, ECE_REACH, Judged, mixture, odds
from nlp.quality.figures import Figure, Rows, interval
from nlp.quality.sets import SetAbsent, held
from nlp.reading import Numbers
from nlp.training.corpus import Corpus
from nlp.training.rumour import SET, checked_posts, found_false

TASK = "claim risk, each domain unseen"
SPLIT = "each of the domains of Weibo21 by a model of the others"
HIGH = 0.9  # a risk of the sort that reaches the cap
Domains = NDArray[np.str_]


def figures(folder: Path) -> list[Figure]:
    """Four figures; about 30 s of one core. Raises SetAbsent when the folder does not hold Weibo21."""
    if not held(folder, SET):
        raise SetAbsent(f"{SET}.jsonl.gz is missing in {folder}: docs/quality.md says how to obtain it")
    corpus = checked_posts(folder)
    domains, unseen = domains_of(corpus), judge_unseen(corpus)
    risk = Judged(unseen.truth, mixture(corpus, unseen.probability), unseen.groups)

    def least(chosen: Rows) -> float:
        return least_worth(risk.truth[chosen], risk.probability[chosen], domains[chosen])

    everything = np.arange(len(risk.truth))
    return [
        _figure("macro-F1", unseen.macro(everything), interval(unseen.macro, unseen.groups), risk),
        _figure(ECE, unseen.miscalibration(everything), interval(unseen.miscalibration, unseen.groups), risk, reach=ECE_REACH),
        _figure("slope of the odds by a logit of the risk", slope(risk, domains), (None, None), risk),
        _figure(f"logarithmic odds of a risk of {HIGH} where least", least(everything), interval(least, risk.groups), risk),
    ]  # fmt: skip


def domains_of(corpus: Corpus) -> Domains:
    """The domain of each post, shape (n,)."""
    return np.array([row["category"] for row in corpus.rows])


def judge_unseen(corpus: Corpus) -> Judged:
    """Every post by a model that saw no post of its domain."""
    sample, domains = corpus.sample(found_false(corpus)[:, None]), domains_of(corpus)
    margins = np.zeros((len(domains), 1), dtype=np.float32)
    for domain in np.unique(domains):
        model = fit_part(claim_risk.RUMOUR, sample, np.flatnonzero(domains != domain))
        inside = np.flatnonzero(domains == domain)
        margins[inside] = model.scores(sample.batch.of(inside))
    return Judged(sample.targets[:, 0], odds(margins), list(sample.groups))


def slope(risk: Judged, domains: Domains) -> float:
    """How many logarithms of odds a logit of the risk is worth, each domain with its own share of false posts."""
    clipped = np.clip(risk.probability, SURE, 1 - SURE)
    own = domains[:, None] == np.unique(domains)
    columns = np.column_stack([np.log(clipped / (1 - clipped)), own])
    fitted = LogisticRegression(C=1e4, fit_intercept=False, max_iter=1000).fit(columns, risk.truth)
    return float(fitted.coef_[0, 0])


def least_worth(truth: NDArray[np.bool_], probability: Numbers, domains: Domains) -> float:
    """The logarithmic likelihood ratio of a high risk in the domain where it is least; half a post is added to both sides."""
    return min(
        (_logit(truth[inside & (probability >= HIGH)]) - _logit(truth[inside]))
        for inside in (domains == domain for domain in np.unique(domains))
    )


def _logit(truth: NDArray[np.bool_]) -> float:
    return math.log((truth.sum() + 0.5) / ((~truth).sum() + 0.5))


def _figure(
    metric: str,
    score: float,
    ends: tuple[float, float] | tuple[None, None],
    judged: Judged,
    *,
    reach: float | None = None,
) -> Figure:
    return Figure(
        task=TASK, metric=metric, score=round(score, 4), low=ends[0], high=ends[1], reach=reach,
        rows=len(judged.truth), split=SPLIT,
    )  # fmt: skip
