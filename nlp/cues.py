"""Finds the marks by which a text asks to be checked (data/lexicons/claim_cues.yml) and the words of readers who doubt it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlp.matching import Sieve
from nlp.word_files import LEXICONS, compiled, exact_keys, read_yaml
from store.errors import BadSettings
from store.stages import Cue

CUES = LEXICONS / "claim_cues.yml"
DOUBT = LEXICONS / "doubt.yml"


@dataclass(frozen=True, slots=True)
class CueRule:
    """One mark: its pattern over the normal form, and how much commoner it is in rumours than elsewhere (lift)."""

    name: str
    label: str
    pattern: re.Pattern[str]
    lift: float


@lru_cache(maxsize=1)
def cue_rules(path: Path = CUES) -> tuple[CueRule, ...]:
    """The marks in the file's order; raises BadSettings naming file and key."""
    return tuple(_rule(name, entry, f"{path.name} '{name}'") for name, entry in read_yaml(path).items())


def _rule(name: str, entry: object, where: str) -> CueRule:
    known = exact_keys(entry, {"label", "pattern", "lift", "source"}, where)
    if not isinstance(known["lift"], int | float) or known["lift"] <= 0:
        raise BadSettings(f"{where}: lift must be a positive number, found {known['lift']!r}")
    return CueRule(name, known["label"], compiled(known["pattern"], where), float(known["lift"]))


def marks(text: str) -> dict[str, str]:
    """Every mark of the list in a normalised text, those that speak against a claim too: name -> first words found."""
    rules = cue_rules()
    found = ((rules[number].name, rules[number].pattern.search(text)) for number in _sieve().passed(text))
    return {name: match.group() for name, match in found if match}


@lru_cache(maxsize=1)
def _sieve() -> Sieve:
    return Sieve([rule.pattern for rule in cue_rules()])


def cues(found: dict[str, str]) -> tuple[Cue, ...]:
    """Of the marks found, those that make a text worth checking (lift above 1)."""
    if not found:
        return ()
    return tuple(
        Cue(name=rule.name, words=found[rule.name]) for rule in cue_rules() if rule.lift > 1 and rule.name in found
    )


@lru_cache(maxsize=1)
def _doubt(path: Path = DOUBT) -> re.Pattern[str]:
    entry = exact_keys(read_yaml(path), {"doubt"}, path.name)["doubt"]
    return compiled(exact_keys(entry, {"label", "pattern"}, f"{path.name} 'doubt'")["pattern"], path.name)


def doubt(text: str) -> str:
    """The words by which a reader doubts what he answers, "" for none: the strongest sign that a claim needs checking."""
    found = _doubt().search(text)
    return found.group() if found else ""
