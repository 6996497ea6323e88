"""Trains whether a text is a matter of the sea: our own rows and titles, labelled public titles, everyday rows as negatives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from nlp import relevance
from nlp.fit import Sample, fit
from nlp.models import save
from nlp.reading import Numbers
from nlp.training.corpus import Corpus, Given, Row, rows
from nlp.training.gold import GOLD, LEARNING, labelled_titles
from store.settings import DATA

WRITTEN = DATA / "corpus" / "titles.jsonl"
BACKGROUND = {  # file -> (field, rows): everyday texts of no sea, so that silence about the sea means not relevant
    "hotsearch_2020_2023": ("title", 3000),
    "topic_thuc_dev": ("text", 1500),
    "boards_fj3_messages": ("text", 800),
    "sent_smp_usual_5000": ("text", 1500),
    "rumour_weibo21_trainval": ("text", 1500),
}
BACKGROUND_WEIGHT = 0.05  # of an everyday text, or title about nothing of the sea: many that say little each
SILENT_WEIGHT = 0.3  # of a marine text that names nothing of the sea: its label comes from the thread it stood in
WRITTEN_WEIGHT = 0.25  # of a title we wrote: half of them are marine, of real titles one in a hundred
LONGEST = 150  # characters of a background text, about a post
ENDING = 3  # characters; many written titles are one sentence with other names in it, and these end alike


@dataclass(frozen=True, slots=True)
class Titles:
    """Which labelled public titles are learned from: those of `paths` first seen before a day, "" for all."""

    paths: tuple[Path, ...] = (GOLD, LEARNING)
    before: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """What the model learns from, our own corpus first; labels and weights, shape (n,)."""

    corpus: Corpus
    relevant: np.ndarray[tuple[int], np.dtype[np.bool_]]
    weights: Numbers

    def sample(self) -> Sample:
        """The rows as one target column."""
        return self.corpus.sample(self.relevant.reshape(-1, 1), self.weights)


def train(given: Given) -> None:
    """Fit on all rows there are, save, and say the held-out figures of our own corpus."""
    learned = learned_rows(given.own, given.evaluation, Titles())
    fitted = fit(relevance.RECIPE, learned.sample())
    save(fitted.model, given.out)
    given.say(_said(given.own, fitted.held_out[:, 0]))


def learned_rows(own: Corpus, evaluation: Path, titles: Titles) -> Rows:
    """Our corpus, our titles, labelled public titles, and everyday rows that say nothing of the sea, in this order."""
    real = _public(evaluation, titles)
    written = Corpus.of([{**row, "group": row["text"][-ENDING:]} for row in rows(WRITTEN)])
    silent = _silent(Corpus.of(list(_background(evaluation, titles.before))))
    spoken = np.array([reading.speaks_of_the_sea() for reading in own.readings], dtype=bool)
    truth = np.array([bool(row["relevant"]) for row in own.rows], dtype=bool)
    parts = [own, real, written, silent]
    weights = [
        np.where(truth & ~spoken, SILENT_WEIGHT, 1.0),
        title_weights(real),
        np.full(len(written.rows), WRITTEN_WEIGHT),
        np.full(len(silent.rows), BACKGROUND_WEIGHT),
    ]
    corpus = Corpus([row for part in parts for row in part.rows], [r for part in parts for r in part.readings])
    relevant = np.array([bool(row.get("relevant")) for row in corpus.rows], dtype=bool)
    return Rows(corpus, relevant, np.concatenate(weights).astype(np.float32))


def _public(evaluation: Path, titles: Titles) -> Corpus:
    found = [title for path in titles.paths for title in labelled_titles(path, evaluation)]
    return Corpus.of(
        [
            {"text": title.title, "relevant": title.relevant, "group": f"title-{title.title[:6]}"}
            for title in found
            if not titles.before or title.first < titles.before
        ]
    )


def title_weights(titles: Corpus) -> Numbers:
    """1, but for a title that names nothing of the sea and is not relevant the weight of an everyday text.

    Such titles were picked for the words that stand beside the sea: with full weight they hold 救援 or 核电站 against it.
    """
    counts = [
        bool(row["relevant"]) or reading.names_the_sea()
        for row, reading in zip(titles.rows, titles.readings, strict=True)
    ]
    return np.where(counts, 1.0, BACKGROUND_WEIGHT).astype(np.float32)


def _said(own: Corpus, held_out: Numbers) -> str:
    truth = np.array([bool(row["relevant"]) for row in own.rows])
    spoken = np.array([reading.speaks_of_the_sea() for reading in own.readings])
    guess = held_out >= relevance.THRESHOLD
    hard = np.array([str(row["group"]).startswith("x-") for row in own.rows])
    ours, counted = guess[: len(truth)], spoken | ~truth
    return (
        f"relevance: F1 {f1_score(truth, ours):.3f}, of texts that name the sea or are not marine "
        f"{f1_score(truth[counted], ours[counted]):.3f}; hard negatives let in {ours[hard].mean():.3f} of {hard.sum()}"
    )


def _silent(corpus: Corpus) -> Corpus:
    pairs = [(row, t) for row, t in zip(corpus.rows, corpus.readings, strict=True) if not t.speaks_of_the_sea()]
    return Corpus([row for row, _ in pairs], [reading for _, reading in pairs])


def _background(evaluation: Path, before: str) -> Iterator[Row]:
    for name, (field, wanted) in BACKGROUND.items():
        all_rows = [r for r in rows(evaluation / f"{name}.jsonl.gz") if not before or r.get("first", "") < before]
        step = max(len(all_rows) // wanted, 1)
        for number, row in enumerate(all_rows[::step][:wanted]):
            yield {"text": str(row[field] or "")[:LONGEST], "group": f"{name}-{number}"}
