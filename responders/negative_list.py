"""The words and patterns of data/negative_list.yml as types; the file's head explains each field."""

from __future__ import annotations

import re
from functools import lru_cache

from pydantic import field_validator

from responders.rules import Strict, read
from store.settings import DATA


class NotPublic(Strict):
    """Terms of one ground not to open."""

    article: str
    words: tuple[str, ...]


class NegativeList(Strict):
    """data/negative_list.yml."""

    not_public: tuple[NotPublic, ...]
    cause: tuple[str, ...]
    verdict: tuple[str, ...]
    personal: dict[str, re.Pattern[str]]
    intimate: tuple[str, ...]
    safe: tuple[str, ...]

    @field_validator("personal", mode="before")
    @classmethod
    def _compile(cls, patterns: dict[str, str]) -> dict[str, re.Pattern[str]]:
        return {name: re.compile(pattern) for name, pattern in patterns.items()}

    def personal_data(self, text: str) -> dict[str, list[str]]:
        """Personal data found in a text: words by the kind's Chinese name; {} when there is none."""
        found = {name: [match.group() for match in pattern.finditer(text)] for name, pattern in self.personal.items()}
        return {name: words for name, words in found.items() if words}


@lru_cache(maxsize=1)
def negative_list() -> NegativeList:
    """The list in force."""
    return read(DATA / "negative_list.yml", NegativeList)
