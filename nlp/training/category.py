"""Trains which matter a marine text is about: several labels a text, the main one first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from nlp import category
from nlp.fit import Labels, Sample, fit
from nlp.lexicons import taxonomy
from nlp.models import save
from nlp.reading import Numbers
from nlp.training.corpus import Corpus, Given, Row, macro

TRIGGER_WEIGHT = 0.6  # of a word of the taxonomy, read as a text of its category, against a row of ours


def train(given: Given) -> None:
    """Our marine rows; the words of the taxonomy are read as tiny texts beside."""
    marine, recipe = given.own.where(lambda row: bool(row["relevant"])), category.recipe()
    targets = np.array([[label in row["categories"] for label in recipe.labels] for row in marine.rows])
    fitted = fit(recipe, with_triggers(marine, recipe.labels))
    save(fitted.model, given.out)
    given.say(_said(marine, recipe.labels, targets, fitted.held_out[: len(marine.rows)]))


def with_triggers(marine: Corpus, labels: Sequence[str]) -> Sample:
    """Marine rows with their `categories`, then the words of the taxonomy as tiny texts of their category."""
    tiny = Corpus.of(list(_triggers()))
    targets = [[label in row["categories"] for label in labels] for row in marine.rows]
    known = [[label == row["category"] for label in labels] for row in tiny.rows]
    weights = np.array([1.0] * len(marine.rows) + [TRIGGER_WEIGHT] * len(tiny.rows), dtype=np.float32)
    return marine.and_also(tiny).sample(np.array([*targets, *known]), weights)


def _said(marine: Corpus, labels: Sequence[str], targets: Labels, held_out: Numbers) -> str:
    guess = held_out.argmax(axis=1)
    main = np.array([labels.index(row["categories"][0]) for row in marine.rows])
    among = targets[np.arange(len(guess)), guess]
    spoken = np.array([reading.speaks_of_the_sea() for reading in marine.readings])
    return (
        f"category: first guess is the main label {(guess == main).mean():.3f}, one of the labels {among.mean():.3f}; of "
        f"texts that name the sea {among[spoken].mean():.3f}; macro-F1 {macro(main, guess):.3f} ({len(guess)} rows)"
    )


def _triggers() -> Iterator[Row]:
    for matter in taxonomy():
        for word in dict.fromkeys(word for part in matter.parts for word in (*part.sea, *part.topic)):
            yield {"text": word, "group": f"word-{matter.key}-{word}", "category": matter.name}
