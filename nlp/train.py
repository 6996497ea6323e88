"""Trains every model from our corpus and the public sets, prints the held-out figures: `python -m nlp.train`.

Equal input gives equal model files. Rows of the public sets are read and left where they are; only weights are kept.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, roc_auc_score

from nlp import category, claim_risk, emotion, relevance, stance, voice
from nlp.fit import Fitted, Sample, fit, fit_part
from nlp.lexicons import taxonomy
from nlp.models import MODELS, Recipe, save
from nlp.reading import Numbers, Reading, batch, read
from store.errors import BadInput
from store.settings import DATA, ROOT

CORPUS = DATA / "corpus"
EVALUATION = ROOT.parent / "shared" / "data"
BACKGROUND = {  # file -> (field, rows): everyday texts of no sea, so that silence about the sea means not relevant
    "hotsearch_2020_2023": ("title", 3000),
    "topic_thuc_dev": ("text", 1500),
    "boards_fj3_messages": ("text", 800),
    "sent_smp_usual_5000": ("text", 1500),
    "rumour_weibo21_trainval": ("text", 1500),
}
BACKGROUND_WEIGHT = 0.05  # of one everyday text against one of ours: they are many and say little each
SILENT_WEIGHT = 0.3  # of a marine text that names nothing of the sea: its label comes from the thread it stood in
TRIGGER_WEIGHT = 0.6  # of a word of the taxonomy, read as a text of its category, against a row of ours
LONGEST = 150  # characters of a background text, about a post
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

    def sample(self, targets: NDArray[np.bool_], weights: Numbers | None = None) -> Sample:
        """What a model learns from; each row weighs 1 unless said otherwise."""
        even = np.ones(len(self.rows), dtype=np.float32)
        groups = [str(row["group"]) for row in self.rows]
        return Sample(batch(self.readings), targets, groups, even if weights is None else weights)


def train(corpus: Path = CORPUS, evaluation: Path = EVALUATION, out: Path = MODELS, *, say: Say) -> None:
    """Train and save all models that the folders allow; `say` is given each figure and each model left alone, a line each.

    Raises BadInput when the corpus is missing.
    """
    own = Corpus.of([*_rows(corpus / "marine.jsonl"), *_rows(corpus / "other.jsonl")])
    say(f"own corpus: {len(own.rows)} rows, {len({row['group'] for row in own.rows})} groups; 5 folds by group")
    marine = own.where(lambda row: bool(row["relevant"]))
    _several(category.recipe(), marine, [row["categories"] for row in marine.rows], out, say)
    _labelled(voice.RECIPE, own, [row["voice"] for row in own.rows], out, say)
    _labelled(stance.RECIPE, own, [row["stance"] for row in own.rows], out, say)
    _claim(own, out, say)
    if not evaluation.is_dir():
        say(f"left alone: relevance, emotion, rumour (no public sets in {evaluation})")
        return
    _relevance(own, evaluation, out, say)
    _emotion(evaluation, out, say)
    _rumour(evaluation, out, say)


def _rows(path: Path) -> list[Row]:
    if not path.exists():
        raise BadInput(f"{path.name} is missing in {path.parent}: name the folder that holds it")
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in content.decode("utf-8").split("\n") if line.strip()]


def _one_hot(labels: Sequence[str], values: Sequence[str]) -> NDArray[np.bool_]:
    return np.array([[value == label for label in labels] for value in values])


def _macro(truth: NDArray[Any], guess: NDArray[Any]) -> float:
    return float(f1_score(truth, guess, average="macro"))


def _labelled(recipe: Recipe, corpus: Corpus, values: Sequence[str], out: Path, say: Say) -> Fitted:
    """A model of one label a text."""
    fitted = fit(recipe, corpus.sample(_one_hot(recipe.labels, values)))
    save(fitted.model, out)
    truth, guess = np.array([recipe.labels.index(value) for value in values]), fitted.held_out.argmax(axis=1)
    say(
        f"{recipe.name}: macro-F1 {_macro(truth, guess):.3f}, accuracy {(truth == guess).mean():.3f} ({len(values)} rows)"
    )
    return fitted


def _several(recipe: Recipe, corpus: Corpus, values: Sequence[Sequence[str]], out: Path, say: Say) -> None:
    """A model of several labels a text, the main one first."""
    targets = np.array([[label in value for label in recipe.labels] for value in values])
    fitted = fit(recipe, with_triggers(corpus, recipe.labels))
    save(fitted.model, out)
    guess = fitted.held_out[: len(values)].argmax(axis=1)
    main = np.array([recipe.labels.index(value[0]) for value in values])
    among = targets[np.arange(len(guess)), guess]
    spoken = np.array([reading.speaks_of_the_sea() for reading in corpus.readings])
    say(
        f"{recipe.name}: first guess is the main label {(guess == main).mean():.3f}, one of the labels {among.mean():.3f}; "
        f"of texts that name the sea {among[spoken].mean():.3f}; macro-F1 {_macro(main, guess):.3f} ({len(values)} rows)"
    )


def with_triggers(corpus: Corpus, labels: Sequence[str]) -> Sample:
    """Marine rows with their `categories`, then the words of the taxonomy as tiny texts of their category."""
    tiny = Corpus.of(list(_triggers()))
    both = Corpus([*corpus.rows, *tiny.rows], [*corpus.readings, *tiny.readings])
    targets = [[label in row["categories"] for label in labels] for row in corpus.rows]
    known = [[label == row["category"] for label in labels] for row in tiny.rows]
    weights = np.array([1.0] * len(corpus.rows) + [TRIGGER_WEIGHT] * len(tiny.rows), dtype=np.float32)
    return both.sample(np.array([*targets, *known]), weights)


def _triggers() -> Iterator[Row]:
    for matter in taxonomy():
        for word in dict.fromkeys(word for part in matter.parts for word in (*part.sea, *part.topic)):
            yield {"text": word, "group": f"word-{matter.key}-{word}", "category": matter.name}


def _claim(own: Corpus, out: Path, say: Say) -> None:
    targets = np.array([[bool(row["claim"])] for row in own.rows])
    fitted = fit(claim_risk.CLAIM, own.sample(targets))
    save(fitted.model, out)
    score, truth = fitted.held_out[:, 0], targets[:, 0]
    say(f"claim: AUC {roc_auc_score(truth, score):.3f}, F1 {f1_score(truth, score >= 0.5):.3f} ({len(truth)} rows)")


def _relevance(own: Corpus, evaluation: Path, out: Path, say: Say) -> None:
    """Own rows, and everyday rows that say nothing of the sea as further negatives of little weight."""
    far = Corpus.of(list(_background(evaluation)))
    silent = Corpus(
        *zip(*((r, t) for r, t in zip(far.rows, far.readings, strict=True) if not t.speaks_of_the_sea()), strict=True)
    )
    both = Corpus([*own.rows, *silent.rows], [*own.readings, *silent.readings])
    spoken = np.array([reading.speaks_of_the_sea() for reading in own.readings])
    truth = np.array([bool(row["relevant"]) for row in own.rows])
    weights = np.full(len(both.rows), BACKGROUND_WEIGHT, dtype=np.float32)
    weights[: len(truth)] = np.where(truth & ~spoken, SILENT_WEIGHT, 1.0)
    targets = np.zeros((len(both.rows), 1), dtype=bool)
    targets[: len(truth), 0] = truth
    fitted = fit(relevance.RECIPE, both.sample(targets, weights))
    save(fitted.model, out)
    guess = fitted.held_out[:, 0] >= relevance.THRESHOLD
    hard = np.array([str(row["group"]).startswith("x-") for row in own.rows])
    ours, counted = guess[: len(truth)], spoken | ~truth
    say(
        f"relevance: F1 {f1_score(truth, ours):.3f}, of texts that name the sea or are not marine "
        f"{f1_score(truth[counted], ours[counted]):.3f}; hard negatives let in {ours[hard].mean():.3f} of {hard.sum()}; "
        f"everyday texts let in {guess[len(truth) :].mean():.4f} of {len(silent.rows)}"
    )


def _background(evaluation: Path) -> Iterator[Row]:
    for name, (field, wanted) in BACKGROUND.items():
        rows = _rows(evaluation / f"{name}.jsonl.gz")
        step = max(len(rows) // wanted, 1)
        for number, row in enumerate(rows[::step][:wanted]):
            yield {"text": str(row[field] or "")[:LONGEST], "group": f"{name}-{number}"}


def _emotion(evaluation: Path, out: Path, say: Say) -> None:
    sets = ("sent_smp_usual_5000", "sent_smp_virus_train_eval")
    rows = [{**row, "set": name} for name in sets for row in _rows(evaluation / f"{name}.jsonl.gz")]
    rows = [{**row, "group": row["text"][:12]} for row in rows]  # reposts begin alike
    corpus = Corpus.of(rows)
    values = [row["label"] if row["label"] in emotion.LABELS else "negative" for row in rows]
    fitted = _labelled(emotion.RECIPE, corpus, values, out, say)
    truth, guess = np.array([emotion.LABELS.index(value) for value in values]), fitted.held_out.argmax(axis=1)
    for name in sets:
        part = np.array([row["set"] == name for row in rows])
        say(f"  on {name}: macro-F1 {_macro(truth[part], guess[part]):.3f}")


def _rumour(evaluation: Path, out: Path, say: Say) -> None:
    corpus = Corpus.of(_rows(evaluation / "rumour_weibo21_trainval.jsonl.gz"))
    truth = np.array([[bool(row["label"])] for row in corpus.rows])
    sample = corpus.sample(truth)
    fitted = fit(claim_risk.RUMOUR, sample)
    save(fitted.model, out)
    guess = fitted.held_out[:, 0] >= 0.5
    disaster = np.array([row["category"] == "灾难事故" for row in corpus.rows])
    apart = fit_part(claim_risk.RUMOUR, sample, np.flatnonzero(~disaster)).scores(sample.batch)[disaster, 0] > 0
    say(
        f"rumour: macro-F1 {_macro(truth[:, 0], guess):.3f}, AUC {roc_auc_score(truth[:, 0], fitted.held_out[:, 0]):.3f} "
        f"({len(guess)} rows); all other domains -> disasters: macro-F1 {_macro(truth[disaster, 0], apart):.3f}"
    )


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
