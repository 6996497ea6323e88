"""Claim risk on checked microblogs: by near-duplicate group, on disasters never seen, and how far its probability holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp import claim_risk
from nlp.fit import fit, fit_part
from nlp.quality.figures import Figure, calibration_error, interval, macro_f1
from nlp.quality.sets import rows
from nlp.training.corpus import Corpus

GROUPS = "Weibo21, 5 folds by near-duplicate group"
UNSEEN = "Weibo21: learned from the other eight domains, judged on 灾难事故"
TASK = "claim risk"


def figures(folder: Path) -> list[Figure]:
    """Macro-F1 and calibration error of the text's part of the risk; the marine part is measured in own_corpus."""
    corpus = Corpus.of(rows(folder, "rumour_weibo21_trainval"))
    truth = np.array([bool(row["label"]) for row in corpus.rows])
    groups = [str(row["group"]) for row in corpus.rows]
    sample = corpus.sample(truth[:, None])
    said = fit(claim_risk.RUMOUR, sample).held_out[:, 0]
    disaster = np.flatnonzero([row["category"] == "灾难事故" for row in corpus.rows])
    seen = np.setdiff1d(np.arange(len(truth)), disaster)
    apart = fit_part(claim_risk.RUMOUR, sample, seen).scores(sample.batch)[disaster, 0] > 0
    return [
        _macro("", GROUPS, truth, said >= 0.5, groups, (0.887, 0.91)),
        _macro(
            ", disasters unseen", UNSEEN, truth[disaster], apart, [groups[n] for n in disaster.tolist()], (0.793, 0.84)
        ),
        _error(truth, said, groups),
    ]


def _macro(
    what: str,
    split: str,
    truth: NDArray[np.bool_],
    guess: NDArray[np.bool_],
    groups: list[str],
    marks: tuple[float, float],
) -> Figure:
    true, said = truth.astype(np.int64), guess.astype(np.int64)
    low, high = interval(lambda n: macro_f1(true[n], said[n], (0, 1)), groups)
    score = round(macro_f1(true, said, (0, 1)), 4)
    return Figure(
        task=TASK + what, metric="macro-F1", score=score, low=low, high=high, floor=marks[0], reach=marks[1],
        rows=len(groups), split=split,
    )  # fmt: skip


def _error(truth: NDArray[np.bool_], said: NDArray[np.float32], groups: list[str]) -> Figure:
    low, high = interval(lambda n: calibration_error(truth[n], said[n]), groups)
    return Figure(
        task=TASK, metric="expected calibration error (at most)", score=round(calibration_error(truth, said), 4),
        low=low, high=high, floor=None, reach=0.05, rows=len(groups), split=GROUPS,
    )  # fmt: skip
