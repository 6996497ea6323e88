"""Trains whose matter a citizen's message is: few labelled messages, the names of a topic tree, and messages full of telling words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp import department
from nlp.fit import Sample, fit
from nlp.models import save
from nlp.normalise import without_markup
from nlp.quality.figures import macro_f1
from nlp.reading import batch
from nlp.training.corpus import Corpus, Given, Row, rows

LABELLED = "boards_fj2_labelled_even"
TREE = "boards_fj1_label_tree"
UNLABELLED = ("boards_fj2_test_unlabelled", "boards_fj3_messages")
NAME_WEIGHT = 0.2  # of a name in the topic tree, read as a tiny message, against a labelled message
GUESS_WEIGHT = 0.05  # of a message labelled by its words alone: it teaches what stands beside those words
LEAD = 0.3  # by how much the first department's share must pass the second's for its words to label a message
GUESSES = 200  # messages a department labelled so, so that the commonest matter does not drown the others
LONGEST = 600  # characters of a message that are read


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the model learns from: the labelled messages first, `labelled` of them; `labels` numbers those."""

    sample: Sample
    labelled: int
    labels: NDArray[np.int64]


def train(given: Given) -> None:
    """Labelled messages, names of the topic tree, and messages labelled by their words."""
    known = lesson(given.evaluation)
    fitted = fit(department.RECIPE, known.sample)
    save(fitted.model, given.out)
    guess = fitted.held_out[: known.labelled].argmax(axis=1)
    score = macro_f1(known.labels, guess, np.unique(known.labels).tolist())
    accuracy = (guess == known.labels).mean()
    given.say(
        f"department: macro-F1 of the labels that occur {score:.3f}, accuracy {accuracy:.3f} ({known.labelled} rows)"
    )


def lesson(folder: Path) -> Lesson:
    """Everything the folder teaches; raises BadInput naming the file that is missing."""
    labelled = [
        {"text": message(row), "department": row["label"], "weight": 1.0}
        for row in rows(folder / f"{LABELLED}.jsonl.gz")
    ]
    found = [*labelled, *_names(rows(folder / f"{TREE}.jsonl.gz")), *_guessed(folder)]
    corpus = Corpus.of([{**row, "group": str(number)} for number, row in enumerate(found)])
    targets = np.array([[row["department"] == label for label in department.LABELS] for row in found])
    sample = Sample(
        batch=department.with_shares(batch(corpus.readings), corpus.readings),
        targets=targets,
        groups=[row["group"] for row in corpus.rows],
        weights=np.array([row["weight"] for row in found], dtype=np.float32),
    )
    return Lesson(sample, len(labelled), targets[: len(labelled)].argmax(axis=1))


def message(row: Row) -> str:
    """A message with its title as first line, long ones cut."""
    return f"{row['title']}\n{row['text']}"[:LONGEST]


def _names(tree: Sequence[Row]) -> Iterator[Row]:
    for row in tree:
        text = " ".join(name for name in (row["l2"], row["l3"]) if name and name != department.OTHERS)
        yield {"text": text, "department": row["l1"], "weight": NAME_WEIGHT}


def _guessed(folder: Path) -> Iterator[Row]:
    """Messages whose words name one department clearly, evenly taken from each; no label is read."""
    texts = [message(row) for name in UNLABELLED for row in rows(folder / f"{name}.jsonl.gz")]
    shares = department.shares([without_markup(text) for text in texts])
    ordered = np.sort(shares, axis=1)
    clear = ordered[:, -1] - ordered[:, -2] > LEAD
    for place, name in enumerate(department.WORD_SETS):
        chosen = np.flatnonzero(clear & (shares.argmax(axis=1) == place))
        for number in chosen[:: max(len(chosen) // GUESSES, 1)][:GUESSES]:
            yield {"text": texts[number], "department": name, "weight": GUESS_WEIGHT}
