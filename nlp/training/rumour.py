"""Trains whether a text is of the kind that was found false, from the checked microblogs of Weibo21."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import roc_auc_score

from nlp import claim_risk
from nlp.fit import fit, fit_part
from nlp.models import save
from nlp.training.corpus import Corpus, Given, macro, rows


def train(given: Given) -> None:
    """False against true, over all domains; also how it does on disasters when it saw none."""
    corpus = Corpus.of(rows(given.evaluation / "rumour_weibo21_trainval.jsonl.gz"))
    truth = np.array([bool(row["label"]) for row in corpus.rows])
    sample = corpus.sample(truth[:, None])
    fitted = fit(claim_risk.RUMOUR, sample)
    save(fitted.model, given.out)
    score = fitted.held_out[:, 0]
    disaster = np.array([row["category"] == "灾难事故" for row in corpus.rows])
    apart = fit_part(claim_risk.RUMOUR, sample, np.flatnonzero(~disaster)).scores(sample.batch)[disaster, 0] > 0
    given.say(
        f"rumour: macro-F1 {macro(truth, score >= 0.5):.3f}, AUC {roc_auc_score(truth, score):.3f} ({len(truth)} rows); "
        f"all other domains -> disasters: macro-F1 {macro(truth[disaster], apart):.3f}"
    )
