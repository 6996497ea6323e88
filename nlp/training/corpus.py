"""What every training file shares: rows with their readings, labels as arrays, and what a run of training is given."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from nlp.fit import Fitted, Sample, fit
from nlp.models import Recipe, save
from nlp.reading import Numbers, Reading, batch, read
from store.errors import BadInput

Row = dict[str, Any]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Rows with their readings."""

    rows: Sequence[Row]
    readings: Sequence[Reading]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Corpus:
        """The rows, each read once."""
        return cls(rows, [read(row["text"]) for row in rows])

    def where(self, keep: Callable[[Row], bool]) -> Corpus:
        """The rows that `keep` keeps."""
        pairs = [(row, reading) for row, reading in zip(self.rows, self.readings, strict=True) if keep(row)]
        return Corpus([row for row, _ in pairs], [reading for _, reading in pairs])

    def and_also(self, other: Corpus) -> Corpus:
        """These rows, then the others."""
        return Corpus([*self.rows, *other.rows], [*self.readings, *other.readings])

    def sample(self, targets: NDArray[np.bool_], weights: Numbers | None = None) -> Sample:
        """What a model learns from; each row weighs 1 unless said otherwise."""
        even = np.ones(len(self.rows), dtype=np.float32)
        groups = [str(row["group"]) for row in self.rows]
        return Sample(batch(self.readings), targets, groups, even if weights is None else weights)


@dataclass(frozen=True, slots=True)
class Given:
    """A run of training: our own rows, the folder of the public sets, where models go, and who hears each figure."""

    own: Corpus
    evaluation: Path
    out: Path
    say: Say


def rows(path: Path) -> list[Row]:
    """The rows of a JSON Lines file, gzip or plain; raises BadInput naming the file that is missing."""
    if not path.exists():
        raise BadInput(f"{path.name} is missing in {path.parent}: name the folder that holds it")
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in content.decode("utf-8").split("\n") if line.strip()]


def one_hot(labels: Sequence[str], values: Sequence[str]) -> NDArray[np.bool_]:
    """Which label each text bears, shape (n_texts, n_labels)."""
    return np.array([[value == label for label in labels] for value in values])


def macro(truth: NDArray[Any], guess: NDArray[Any]) -> float:
    """Mean F1 over the labels that occur."""
    return float(f1_score(truth, guess, average="macro"))


def one_label(recipe: Recipe, corpus: Corpus, values: Sequence[str], given: Given) -> Fitted:
    """Fit, save and report a model of one label a text."""
    fitted = fit(recipe, corpus.sample(one_hot(recipe.labels, values)))
    save(fitted.model, given.out)
    truth, guess = np.array([recipe.labels.index(value) for value in values]), fitted.held_out.argmax(axis=1)
    accuracy = (truth == guess).mean()
    given.say(f"{recipe.name}: macro-F1 {macro(truth, guess):.3f}, accuracy {accuracy:.3f} ({len(values)} rows)")
    return fitted
