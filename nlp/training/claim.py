"""Trains whether a text asserts a checkable, alarming fact, from our own rows."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import f1_score, roc_auc_score

from nlp import claim_risk
from nlp.fit import fit
from nlp.models import save
from nlp.training.corpus import Given


def train(given: Given) -> None:
    """Claim against all else."""
    fitted = fit(claim_risk.CLAIM, given.own.sample(np.array([[bool(row["claim"])] for row in given.own.rows])))
    save(fitted.model, given.out)
    score, truth = fitted.held_out[:, 0], np.array([bool(row["claim"]) for row in given.own.rows])
    given.say(
        f"claim: AUC {roc_auc_score(truth, score):.3f}, F1 {f1_score(truth, score >= 0.5):.3f} ({len(truth)} rows)"
    )
