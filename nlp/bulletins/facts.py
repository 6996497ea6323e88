"""Reads data/hazards.yml, the words of official marine warnings, strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from store.errors import BadSettings
from store.settings import DATA
from store.stages import Hazard, Level

FILE = DATA / "hazards.yml"


class Strict(BaseModel):
    """A record of the file: every key known, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HazardWords(Strict):
    """What one hazard is called."""

    names: tuple[str, ...] = Field(min_length=1)
    event_codes: tuple[str, ...]


class LevelWords(Strict):
    """How one colour is written, and the CAP severity that goes with it."""

    names: tuple[str, ...] = Field(min_length=1)
    numbers: tuple[str, ...] = Field(min_length=1)
    severity: str = Field(pattern="^(Extreme|Severe|Moderate|Minor)$")


class Product(Strict):
    """A kind of message; one without level states none even where its text names colours."""

    name: str
    with_level: bool


class MessageWords(Strict):
    """Words that say what a message does to earlier ones."""

    cancel: tuple[str, ...]
    update: tuple[str, ...]
    becomes: tuple[str, ...]
    issue: tuple[str, ...]
    not_yet: tuple[str, ...]


class Labels(Strict):
    """Words before a colon that name a field of a text bulletin."""

    issuer: tuple[str, ...]
    number: tuple[str, ...]
    issued_at: tuple[str, ...]
    instruction: tuple[str, ...]
    after_instruction: tuple[str, ...]


class Issuers(Strict):
    """How an issuing institution is recognised."""

    known: tuple[str, ...]
    endings: tuple[str, ...]
    before: tuple[str, ...]


class Facts(Strict):
    """data/hazards.yml; its head and comments explain the fields."""

    hazards: Mapping[Hazard, HazardWords]
    levels: Mapping[Level, LevelWords]  # highest first
    no_level: tuple[str, ...]
    products: tuple[Product, ...]
    message_words: MessageWords
    labels: Labels
    issuers: Issuers
    periods: Mapping[str, tuple[int, int]]
    days: Mapping[str, int]

    def hazard_named(self, text: str) -> list[Hazard]:
        """The hazards whose names stand in the text, in the order they are met; 金融海啸 and titles in 《》 name none."""
        lowered = re.sub(r"金融海啸|债务海啸|《[^》]*》", "", text).lower()
        found = {
            hazard: min(at for at in (lowered.find(name.lower()) for name in words.names) if at >= 0)
            for hazard, words in self.hazards.items()
            if any(name.lower() in lowered for name in words.names)
        }
        return sorted(found, key=found.__getitem__)

    def hazard_coded(self, code: str) -> Hazard | None:
        """The hazard of an OASIS event code."""
        return next((hazard for hazard, words in self.hazards.items() if code in words.event_codes), None)

    def level_of(self, word: str) -> Level | None:
        """The level a colour or a number before 级 stands for; None when the word is neither."""
        plain = word.strip().removesuffix("级").lower()
        for level, words in self.levels.items():
            if plain in {name.lower() for name in (*words.names, *words.numbers)}:
                return level
        return None

    def highest(self, levels: list[Level]) -> Level | None:
        """The highest of several stated levels; None of none."""
        return next((level for level in self.levels if level in levels), None)


def load_facts(path: Path) -> Facts:
    """One hazards file; raises BadSettings naming the file and each key that is wrong."""
    try:
        facts = Facts.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError) as error:
        raise BadSettings(f"{path.name}: cannot be read: {error}") from error
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise BadSettings(f"{path.name}: mend these keys:\n  " + "\n  ".join(lines)) from error
    if list(facts.levels) != list(Level) or set(facts.hazards) != set(Hazard):
        raise BadSettings(
            f"{path.name}: 'levels' must hold the four colours, highest first, and 'hazards' all of {[*Hazard]}"
        )
    return facts


@lru_cache(maxsize=1)
def facts() -> Facts:
    """The words in force."""
    return load_facts(FILE)


def any_of(words: tuple[str, ...] | list[str]) -> str:
    """A regular expression that matches any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"
