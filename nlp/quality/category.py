"""How often the category and its part are right on our own corpus, five folds by scene."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.category import parts, recipe
from nlp.fit import fit
from nlp.lexicons import category_names
from nlp.quality.figures import Figure, interval
from nlp.train import CORPUS
from nlp.training.category import with_triggers
from nlp.training.corpus import Corpus

SPLIT = "own corpus, 5 folds by invented scene; the taxonomy's words are read as tiny texts in every fold"
FIRST_EDITION = "m0776"  # the rows of the first edition, which earlier figures were measured on
Right = NDArray[np.bool_]


def figures(folder: Path) -> list[Figure]:  # noqa: ARG001 - measured on our own rows, not on those of the folder
    """First level, second level, and second level given the first, over all marine rows and over the first edition's."""
    rows = [json.loads(line) for line in (CORPUS / "marine.jsonl").read_text("utf-8").splitlines()]
    corpus = Corpus.of(rows)
    guess = fit(recipe(), with_triggers(corpus, recipe().labels)).held_out[: len(rows)].argmax(axis=1)
    names = [category_names()[number] for number in guess]
    true = [row["categories"] for row in rows]
    measured = {
        "first guess is the main category": _right(lambda n: names[n] == true[n][0], rows),
        "first guess is one of the categories": _right(lambda n: names[n] in true[n], rows),
        "first part is the main part": _right(lambda n: _first(corpus, n, names[n]) == rows[n]["parts"][0], rows),
        "first part is the main part, category given": _right(
            lambda n: _first(corpus, n, true[n][0]) == rows[n]["parts"][0], rows
        ),
    }
    early = np.array([row["id"] <= FIRST_EDITION for row in rows])
    return [
        _figure(
            f"{metric}{edition}", right[chosen], [row["group"] for row, kept in zip(rows, chosen, strict=True) if kept]
        )
        for metric, right in measured.items()
        for edition, chosen in (("", np.ones(len(rows), dtype=bool)), (" (first edition)", early))
    ]


def _right(is_right: Callable[[int], bool], rows: Sequence[dict[str, Any]]) -> Right:
    return np.array([is_right(number) for number in range(len(rows))])


def _first(corpus: Corpus, number: int, category: str) -> str:
    return next(iter(parts(corpus.readings[number].hits, [category])), "")


def _figure(metric: str, right: Right, groups: Sequence[str]) -> Figure:
    low, high = interval(lambda chosen: float(right[chosen].mean()), groups)
    return Figure(
        task="category",
        metric=metric,
        score=round(float(right.mean()), 4),
        low=low,
        high=high,
        rows=len(right),
        split=SPLIT,
    )
