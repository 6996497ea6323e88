"""Claim risk on the checked microblogs of Weibo21: within all domains, on disasters never seen, and how true its odds are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp import claim_risk
from nlp.fit import FOLDS, Sample, fit_part, held_out
from nlp.models import calibrated, load
from nlp.quality.figures import Figure, Rows, calibration_error, chosen_on, interval, macro_f1
from nlp.quality.sets import SetAbsent, held
from nlp.reading import Numbers
from nlp.training.corpus import Corpus
from nlp.training.rumour import SET, checked_posts, found_false, of_disasters

WITHIN = f"{FOLDS} folds by near-duplicate group"
APART = "trained on all domains but 灾难事故, tested on it; looked at while features were chosen"
CHOSEN = "the second stage was chosen on the groups of one half (by hash)"
ECE = "expected calibration error"
ECE_REACH = 0.05


@dataclass(frozen=True, slots=True)
class Judged:
    """Held-out probabilities of being found false, with truth and group of each post; shape (n,)."""

    truth: NDArray[np.bool_]
    probability: Numbers
    groups: list[str]

    def where(self, keep: NDArray[np.bool_]) -> Judged:
        """Only these posts."""
        return Judged(self.truth[keep], self.probability[keep], [self.groups[row] for row in np.flatnonzero(keep)])

    def macro(self, chosen: Rows) -> float:
        """Macro-F1 of "rather false than true" over these rows."""
        guess = (self.probability[chosen] >= 0.5).astype(np.int64)
        return macro_f1(self.truth[chosen].astype(np.int64), guess, [0, 1])

    def miscalibration(self, chosen: Rows) -> float:
        """Expected calibration error over these rows."""
        return calibration_error(self.truth[chosen], self.probability[chosen])


def figures(folder: Path) -> list[Figure]:
    """Six figures; about 25 s of one core. Raises SetAbsent when the folder does not hold Weibo21."""
    if not held(folder, SET):
        raise SetAbsent(f"{SET}.jsonl.gz is missing in {folder}: docs/quality.md says how to obtain it")
    corpus = checked_posts(folder)
    within, apart = judge_within(corpus), judge_apart(corpus)
    untouched = within.where(np.array([not chosen_on(group) for group in within.groups]))
    mixed = Judged(within.truth, mixture(corpus, within.probability), within.groups)
    return [
        _figure("claim risk, Weibo21", within, f"{WITHIN}; {CHOSEN}", floor=0.887, reach=0.91),
        _figure("claim risk, Weibo21, half on which nothing was chosen", untouched, WITHIN),
        _figure("claim risk, disasters unseen", apart, APART, floor=0.793, reach=0.84),
        _error("claim risk, Weibo21", within, WITHIN),
        _error("claim risk, disasters unseen", apart, APART),
        _error("claim risk, Weibo21, mixed with the marine model", mixed, WITHIN),
    ]


def judge_within(corpus: Corpus) -> Judged:
    """Every post by a model that saw no post of its group."""
    sample = _sample(corpus)
    margins = held_out(claim_risk.RUMOUR, sample, np.arange(len(corpus.rows)), FOLDS)
    return Judged(sample.targets[:, 0], odds(margins), list(sample.groups))


def judge_apart(corpus: Corpus) -> Judged:
    """The posts of disasters by a model that saw all others and none of them."""
    sample, disaster = _sample(corpus), of_disasters(corpus)
    margins = fit_part(claim_risk.RUMOUR, sample, np.flatnonzero(~disaster)).scores(sample.batch)
    return Judged(sample.targets[:, 0], odds(margins), list(sample.groups)).where(disaster)


def mixture(corpus: Corpus, probability: Numbers) -> Numbers:
    """What annotate would call the risk: the marine model heard too, as far as a post is marine."""
    batch = _sample(corpus).batch
    claim, relevance = (load(name).probabilities(batch)[:, 0] for name in ("claim", "relevance"))
    return claim_risk.claim_risk(probability, claim, relevance)


def _sample(corpus: Corpus) -> Sample:
    return corpus.sample(found_false(corpus)[:, None])


def odds(margins: Numbers) -> Numbers:
    """Probabilities of the log-odds that a staged model gives; nothing is fitted on what is judged."""
    return calibrated(margins[:, 0], np.ones(1, dtype=np.float32), np.zeros(1, dtype=np.float32))


def _figure(task: str, judged: Judged, split: str, *, floor: float | None = None, reach: float | None = None) -> Figure:
    score, low, high = _measured(judged.macro, judged)
    return Figure(
        task=task, metric="macro-F1", score=score, low=low, high=high, floor=floor, reach=reach,
        rows=len(judged.truth), split=split,
    )  # fmt: skip


def _error(task: str, judged: Judged, split: str) -> Figure:
    score, low, high = _measured(judged.miscalibration, judged)
    return Figure(
        task=task, metric=ECE, score=score, low=low, high=high, reach=ECE_REACH, rows=len(judged.truth), split=split
    )


def _measured(measure: Callable[[Rows], float], judged: Judged) -> tuple[float, float, float]:
    return round(measure(np.arange(len(judged.truth))), 4), *interval(measure, judged.groups)
