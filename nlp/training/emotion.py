"""Trains the feeling of a text from the everyday and the epidemic posts of SMP2020-EWECT."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp import emotion
from nlp.fit import Sample, fit
from nlp.models import save
from nlp.training.corpus import Corpus, Given, macro, one_hot, rows

EVERYDAY, EPIDEMIC = "sent_smp_usual_5000", "sent_smp_virus_train_eval"
SETS = (EVERYDAY, EPIDEMIC)
EVERYDAY_WEIGHT = 0.5  # in the second stage: posts on an event are nearer to the desk's than everyday ones
ALIKE = 12  # characters: posts that begin alike are reposts of one another and stay in one fold


def posts(evaluation: Path) -> Corpus:
    """The posts of both sets, each row with its `set` and `group`; raises BadInput when one is missing."""
    found = [{**row, "set": name} for name in SETS for row in rows(evaluation / f"{name}.jsonl.gz")]
    return Corpus.of([{**row, "group": row["text"][:ALIKE]} for row in found])


def sample(corpus: Corpus) -> Sample:
    """What the model learns from; in the second stage an everyday post counts EVERYDAY_WEIGHT."""
    targets = one_hot(emotion.FEELINGS, [row["label"] for row in corpus.rows])
    nearness = [EVERYDAY_WEIGHT if row["set"] == EVERYDAY else 1.0 for row in corpus.rows]
    return replace(corpus.sample(targets), stage_weights=np.array(nearness, dtype=np.float32))


def true_labels(corpus: Corpus) -> NDArray[np.int64]:
    """Number of each post's label among emotion.LABELS, shape (n,)."""
    return np.array([emotion.LABELS.index(emotion.label(row["label"])) for row in corpus.rows])


def train(given: Given) -> None:
    """Six feelings, said as three."""
    corpus = posts(given.evaluation)
    fitted = fit(emotion.RECIPE, sample(corpus))
    save(fitted.model, given.out)
    truth, guess = true_labels(corpus), emotion.merged(fitted.held_out).argmax(axis=1)
    given.say(f"emotion: macro-F1 {macro(truth, guess):.3f} ({len(truth)} rows)")
    for name in SETS:
        part = np.array([row["set"] == name for row in corpus.rows])
        given.say(f"  on {name}: macro-F1 {macro(truth[part], guess[part]):.3f}")
