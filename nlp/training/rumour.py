"""Trains whether a text is of the kind that was found false, from the checked microblogs of Weibo21."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from nlp import claim_risk
from nlp.fit import fit, fit_part
from nlp.models import save
from nlp.training.corpus import Corpus, Given, macro, rows

SET = "rumour_weibo21_trainval"
DISASTERS = "灾难事故"


def checked_posts(evaluation: Path) -> Corpus:
    """The posts of Weibo21; raises BadInput when the set is missing."""
    return Corpus.of(rows(evaluation / f"{SET}.jsonl.gz"))


def found_false(corpus: Corpus) -> NDArray[np.bool_]:
    """Which posts were found false, shape (n,)."""
    return np.array([bool(row["label"]) for row in corpus.rows])


def of_disasters(corpus: Corpus) -> NDArray[np.bool_]:
    """Which posts are about disasters and accidents, shape (n,)."""
    return np.array([row["category"] == DISASTERS for row in corpus.rows])


def train(given: Given) -> None:
    """False against true, over all domains; also how it does on disasters when it saw none."""
    corpus = checked_posts(given.evaluation)
    truth, disaster = found_false(corpus), of_disasters(corpus)
    sample = corpus.sample(truth[:, None])
    fitted = fit(claim_risk.RUMOUR, sample)
    save(fitted.model, given.out)
    score = fitted.held_out[:, 0]
    apart = fit_part(claim_risk.RUMOUR, sample, np.flatnonzero(~disaster)).scores(sample.batch)[disaster, 0] > 0
    given.say(
        f"rumour: macro-F1 {macro(truth, score >= 0.5):.3f}, AUC {roc_auc_score(truth, score):.3f} ({len(truth)} rows); "
        f"all other domains -> disasters: macro-F1 {macro(truth[disaster], apart):.3f}"
    )
