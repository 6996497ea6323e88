"""Emotion in three classes on the epidemic posts of SMP2020-EWECT; everyday posts are learned from beside."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nlp import emotion
from nlp.fit import fit
from nlp.quality.figures import Figure, interval, macro_f1
from nlp.quality.sets import rows
from nlp.training.corpus import Corpus, one_hot

JUDGED = "sent_smp_virus_train_eval"
BESIDE = "sent_smp_usual_5000"
OPENING = 12  # characters: reposts of one post begin alike


def figures(folder: Path) -> list[Figure]:
    """Macro-F1 over happy, neutral and the rest."""
    judged = rows(folder, JUDGED)
    found = [{**row, "group": row["text"][:OPENING]} for row in [*judged, *rows(folder, BESIDE)]]
    values = [row["label"] if row["label"] in emotion.LABELS else "negative" for row in found]
    held_out = fit(emotion.RECIPE, Corpus.of(found).sample(one_hot(emotion.LABELS, values))).held_out
    truth = np.array([emotion.LABELS.index(value) for value in values])[: len(judged)]
    guess = held_out.argmax(axis=1)[: len(judged)]
    low, high = interval(
        lambda n: macro_f1(truth[n], guess[n], (0, 1, 2)), [row["group"] for row in found[: len(judged)]]
    )
    return [
        Figure(
            task="emotion, SMP virus, 3 classes", metric="macro-F1", score=round(macro_f1(truth, guess, (0, 1, 2)), 4),
            low=low, high=high, floor=0.77, reach=0.80, rows=len(judged), split="5 folds by the post's first 12 characters",
        )
    ]  # fmt: skip
