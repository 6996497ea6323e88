"""Trains the feeling of a text from the everyday and the epidemic posts of SMP2020-EWECT."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nlp import emotion
from nlp.training.corpus import Corpus, Given, macro, one_label, rows

EVERYDAY, EPIDEMIC = "sent_smp_usual_5000", "sent_smp_virus_train_eval"
SETS = (EVERYDAY, EPIDEMIC)
ALIKE = 12  # characters: posts that begin alike are reposts of one another and stay in one fold


def posts(evaluation: Path) -> Corpus:
    """The posts of both sets, each row with its `set` and `group`; raises BadInput when one is missing."""
    found = [{**row, "set": name} for name in SETS for row in rows(evaluation / f"{name}.jsonl.gz")]
    return Corpus.of([{**row, "group": row["text"][:ALIKE]} for row in found])


def feelings(corpus: Corpus) -> Sequence[str]:
    """The label of each post; every feeling but happiness is negative."""
    return [row["label"] if row["label"] in emotion.LABELS else "negative" for row in corpus.rows]


def train(given: Given) -> None:
    """Three labels."""
    corpus = posts(given.evaluation)
    values = feelings(corpus)
    fitted = one_label(emotion.RECIPE, corpus, values, given)
    truth, guess = np.array([emotion.LABELS.index(value) for value in values]), fitted.held_out.argmax(axis=1)
    for name in SETS:
        part = np.array([row["set"] == name for row in corpus.rows])
        given.say(f"  on {name}: macro-F1 {macro(truth[part], guess[part]):.3f}")
