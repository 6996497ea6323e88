"""Trains every model from our corpus and the public sets, prints the held-out figures: `python -m nlp.train`.

Equal input gives equal model files. Rows of the public sets are read and left where they are; only weights are kept.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from nlp.models import MODELS
from nlp.training import category, claim, department, emotion, relevance, rumour, stance, voice
from nlp.training.corpus import Corpus, Given, Say, rows
from nlp.training.lesson import Lesson
from store.settings import DATA, ROOT

CORPUS = DATA / "corpus"
EVERYTHING = Lesson()
EVALUATION = ROOT.parent / "shared" / "data"
Training = Callable[[Given], None]

FROM_OUR_CORPUS: dict[str, Training] = {
    "category": category.train,
    "voice": voice.train,
    "stance": stance.train,
    "claim": claim.train,
}
FROM_PUBLIC_SETS: dict[str, Training] = {
    "relevance": relevance.train,
    "emotion": emotion.train,
    "rumour": rumour.train,
    "department": department.train,
}

MODEL_NAMES = (*FROM_OUR_CORPUS, *FROM_PUBLIC_SETS)


def train(
    corpus: Path = CORPUS, evaluation: Path = EVALUATION, out: Path = MODELS, *, say: Say, lesson: Lesson = EVERYTHING
) -> None:
    """Train and save all models that the folders allow; `say` is given each figure and each model left alone, a line each.

    Raises BadInput when the corpus is missing.
    """
    own = lesson.own(Corpus.of([*rows(corpus / "marine.jsonl"), *rows(corpus / "other.jsonl")]))
    say(f"own corpus: {len(own.rows)} rows, {len({row['group'] for row in own.rows})} groups; 5 folds by group")
    given = Given(own, evaluation, out, say)
    _learn(FROM_OUR_CORPUS, given, lesson)
    if not evaluation.is_dir():
        say(f"left alone: {', '.join(FROM_PUBLIC_SETS)} (no public sets in {evaluation})")
        return
    _learn(FROM_PUBLIC_SETS, given, lesson)


def _learn(trainings: Mapping[str, Training], given: Given, lesson: Lesson) -> None:
    for name, learn in trainings.items():
        if lesson.wants(name):
            learn(replace(given, own=given.own.and_also(lesson.taught(name))))


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line; folders default to those of a checkout."""
    parser = argparse.ArgumentParser(description="train the models of data/models")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder with marine.jsonl and other.jsonl")
    parser.add_argument("--evaluation", type=Path, default=EVALUATION, help="folder with the public sets")
    parser.add_argument("--out", type=Path, default=MODELS, help="folder the models are written to")
    chosen = parser.parse_args(arguments)
    train(chosen.corpus, chosen.evaluation, chosen.out, say=lambda line: print(line, file=sys.stdout, flush=True))  # noqa: T201


if __name__ == "__main__":
    main()
