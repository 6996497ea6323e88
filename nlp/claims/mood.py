"""Reads in which mood a sentence speaks: whether it states a fact of the world or asks, wishes, jests, feels, argues."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlp.word_files import LEXICONS, compiled, exact_keys, read_yaml
from store.errors import BadSettings


@dataclass(frozen=True, slots=True)
class Mood:
    """A way of speaking that states no outside fact; `firm` when no other evidence makes it a statement."""

    name: str
    label: str
    pattern: re.Pattern[str]
    firm: bool


@lru_cache(maxsize=1)
def moods(path: Path = LEXICONS / "assertion_mood.yml") -> tuple[Mood, ...]:
    """The moods in the file's order; raises BadSettings naming file and key."""
    return tuple(_mood(name, entry, f"{path.name} '{name}'") for name, entry in read_yaml(path).items())


def _mood(name: str, entry: object, where: str) -> Mood:
    known = exact_keys(entry, {"label", "pattern", "firm"}, where)
    if not isinstance(known["firm"], bool):
        raise BadSettings(f"{where}: firm must be true or false, found {known['firm']!r}")
    return Mood(name, known["label"], compiled(known["pattern"], where), known["firm"])


def moods_of(sentence: str) -> tuple[Mood, ...]:
    """The moods that fit a normalised sentence, firm ones first; none when it plainly states something."""
    fitting = [mood for mood in moods() if mood.pattern.search(sentence)]
    return tuple(sorted(fitting, key=lambda mood: not mood.firm))


@dataclass(frozen=True, slots=True)
class Carrier:
    """The sentence that says most, its moods, and the share of what the text says that is plainly stated (0..1)."""

    sentence: str
    moods: tuple[Mood, ...]
    stated: float


def carrier(weighed: Sequence[tuple[str, float]]) -> Carrier:
    """Of sentences with what each of them says (any positive unit): the one that carries the text."""
    if not weighed:
        return Carrier("", (), 0.0)
    sentence, _ = max(weighed, key=lambda row: row[1])
    total = sum(weight for _, weight in weighed)
    stated = sum(weight for said, weight in weighed if not moods_of(said))
    return Carrier(sentence, moods_of(sentence), stated / total if total else 0.0)
