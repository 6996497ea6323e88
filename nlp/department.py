"""Says whose matter a citizen's message looks like: one of seven departments of a city, and the words that tell.

Scores weigh n-grams beside the share of each department's words (data/lexicons/departments.yml), those of the title more:
few messages come with a label, and the words carry what is known without any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from nlp.matching import WordGroups
from nlp.models import MEND, MODELS, LinearModel, Recipe, load
from nlp.reading import Batch, Numbers, Reading
from nlp.word_files import LEXICONS, exact_keys, read_yaml, word_list
from store.errors import ModelRefused

LABELS = ("城乡建设", "环境保护", "交通运输", "教育文体", "劳动和社会保障", "商贸旅游", "卫生计生")
OTHERS = "其他"  # matters of offices outside the seven: weighed, never said
WORD_SETS = (*LABELS, OTHERS)
RECIPE = Recipe("department", LABELS, strength=3.0, least=4, speech_scale=4.0)

SURE, LIKELY, IN_TITLE = 2.0, 1.0, 1.5  # what a word of each kind counts, and what it counts more in the title
RESTRAINT = 4.0  # added to the sum of all words: one word alone gives no share near 1
TITLE = 40  # characters of the first line that count as the title
ASKING = (
    "question",
    "complaint",
    "report",
    "suggestion",
)  # voices that want something of an office; idle talk is nobody's
SHOWN = 3  # words named to a reader
LEAST = 0.5  # probability from which the desk names a department


@dataclass(frozen=True, slots=True)
class Matters:
    """The words of one department; `sure` ones name its matters by themselves, `likely` ones only in company."""

    sure: tuple[str, ...]
    likely: tuple[str, ...]


@lru_cache(maxsize=1)
def matters(path: Path = LEXICONS / "departments.yml") -> dict[str, Matters]:
    """The words of every department and of the others; raises BadSettings naming file and key."""
    lists = exact_keys(read_yaml(path), {*WORD_SETS}, path.name)
    found = {}
    for name in WORD_SETS:
        where = f"{path.name} '{name}'"
        known = exact_keys(lists[name], {"reason", "sure", "likely"}, where)
        found[name] = Matters(*(word_list(known[kind], f"{where} {kind}") for kind in ("sure", "likely")))
    return found


@lru_cache(maxsize=1)
def _groups() -> WordGroups:
    """Both lists of each department as groups of their own: `name` for the sure words, `name?` for the likely ones."""
    lists = {name: found.sure for name, found in matters().items()}
    return WordGroups({**lists, **{f"{name}?": found.likely for name, found in matters().items()}})


def shares(texts: Sequence[str]) -> Numbers:
    """How much of the telling words each department has, shape (n_texts, 8), 0..1, the others last.

    `texts` are in normal form, the title as their first line.
    """
    sums = np.array([_sums(text) for text in texts], dtype=np.float32).reshape(-1, len(WORD_SETS))
    return np.asarray(sums / (sums.sum(axis=1, keepdims=True) + RESTRAINT), dtype=np.float32)


def _sums(text: str) -> list[float]:
    whole, title = _groups().counts(text), _groups().counts(text.split("\n", 1)[0][:TITLE])
    return [
        (whole.get(name, 0) + IN_TITLE * title.get(name, 0)) * SURE
        + (whole.get(f"{name}?", 0) + IN_TITLE * title.get(f"{name}?", 0)) * LIKELY
        for name in WORD_SETS
    ]


def with_shares(numbers: Batch, readings: Sequence[Reading]) -> Batch:
    """The same n-grams with the shares in place of the ways of speaking: what the department model was fitted on."""
    return replace(numbers, speech=shares([reading.plain for reading in readings]))


def trained(folder: Path = MODELS) -> LinearModel:
    """The model of the folder, when it weighs as many word sets as there are; raises ModelRefused saying what to do."""
    model = load("department", folder)
    if len(model.speech) != len(WORD_SETS):
        raise ModelRefused(f"model department was trained with other word sets than departments.yml holds: {MEND}")
    return model


def named(model: LinearModel, numbers: Batch, readings: Sequence[Reading]) -> list[str]:
    """The department of each text where the model is sure and the text holds a word that tells it, else ""."""
    own = shares([reading.plain for reading in readings])
    telling = np.flatnonzero(own[:, : len(LABELS)].any(axis=1))  # most texts hold no word: the model is not asked
    said = model.probabilities(replace(numbers.of(telling), speech=own[telling]))
    found = [""] * len(readings)
    for row, name, is_sure in zip(telling.tolist(), departments(said), sure(said), strict=True):
        if is_sure and telling_words(readings[row].plain, name):
            found[row] = name
    return found


def probabilities(model: LinearModel, numbers: Batch, readings: Sequence[Reading]) -> Numbers:
    """Calibrated probability of each department by itself, shape (n_texts, 7)."""
    return model.probabilities(with_shares(numbers, readings))


def departments(probabilities: Numbers) -> list[str]:
    """The likeliest department of each text, whether sure or not."""
    return [LABELS[place] for place in probabilities.argmax(axis=1)]


def sure(probabilities: Numbers) -> list[bool]:
    """Whether the likeliest department of each text is likely enough to be named to a reader."""
    return [bool(likeliest >= LEAST) for likeliest in probabilities.max(axis=1)]


def telling_words(text: str, department: str) -> list[str]:
    """Words of the department that a text in normal form holds, sure ones first, at most three; none inside another."""
    found = matters()[department]
    held = [word for word in (*found.sure, *found.likely) if word in text]
    return [word for word in held if not any(word != other and word in other for other in held)][:SHOWN]
