"""Trains whether a text is a matter of the sea: our own rows, and everyday rows of the public sets as further negatives."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sklearn.metrics import f1_score

from nlp import relevance
from nlp.fit import fit
from nlp.models import save
from nlp.reading import Numbers
from nlp.training.corpus import Corpus, Given, Row, rows

BACKGROUND = {  # file -> (field, rows): everyday texts of no sea, so that silence about the sea means not relevant
    "hotsearch_2020_2023": ("title", 3000),
    "topic_thuc_dev": ("text", 1500),
    "boards_fj3_messages": ("text", 800),
    "sent_smp_usual_5000": ("text", 1500),
    "rumour_weibo21_trainval": ("text", 1500),
}
BACKGROUND_WEIGHT = 0.05  # of one everyday text against one of ours: they are many and say little each
SILENT_WEIGHT = 0.3  # of a marine text that names nothing of the sea: its label comes from the thread it stood in
LONGEST = 150  # characters of a background text, about a post


def train(given: Given) -> None:
    """Own rows, and everyday rows that say nothing of the sea as further negatives of little weight."""
    silent = _silent(Corpus.of(list(_background(given))))
    both = given.own.and_also(silent)
    count = len(given.own.rows)
    spoken = np.array([reading.speaks_of_the_sea() for reading in given.own.readings])
    truth = np.array([bool(row["relevant"]) for row in given.own.rows])
    weights = np.full(len(both.rows), BACKGROUND_WEIGHT, dtype=np.float32)
    weights[:count] = np.where(truth & ~spoken, SILENT_WEIGHT, 1.0)
    targets = np.zeros((len(both.rows), 1), dtype=bool)
    targets[:count, 0] = truth
    fitted = fit(relevance.RECIPE, both.sample(targets, weights))
    save(fitted.model, given.out)
    given.say(_said(given.own, fitted.held_out[:, 0]))


def _said(own: Corpus, held_out: Numbers) -> str:
    truth = np.array([bool(row["relevant"]) for row in own.rows])
    spoken = np.array([reading.speaks_of_the_sea() for reading in own.readings])
    guess = held_out >= relevance.THRESHOLD
    hard = np.array([str(row["group"]).startswith("x-") for row in own.rows])
    ours, far, counted = guess[: len(truth)], guess[len(truth) :], spoken | ~truth
    return (
        f"relevance: F1 {f1_score(truth, ours):.3f}, of texts that name the sea or are not marine "
        f"{f1_score(truth[counted], ours[counted]):.3f}; hard negatives let in {ours[hard].mean():.3f} of {hard.sum()}; "
        f"everyday texts let in {far.mean():.4f} of {len(far)}"
    )


def _silent(corpus: Corpus) -> Corpus:
    pairs = [(row, t) for row, t in zip(corpus.rows, corpus.readings, strict=True) if not t.speaks_of_the_sea()]
    return Corpus([row for row, _ in pairs], [reading for _, reading in pairs])


def _background(given: Given) -> Iterator[Row]:
    for name, (field, wanted) in BACKGROUND.items():
        all_rows = rows(given.evaluation / f"{name}.jsonl.gz")
        step = max(len(all_rows) // wanted, 1)
        for number, row in enumerate(all_rows[::step][:wanted]):
            yield {"text": str(row[field] or "")[:LONGEST], "group": f"{name}-{number}"}
