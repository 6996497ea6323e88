"""Finds many words in a text at once: one regular expression built as a trie, the longest word first."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

BUNDLE = 16  # alternatives of a regular expression tried one after another


def finder(words: Iterable[str]) -> re.Pattern[str]:
    """Finds the longest of these words; a look at the first character spares most places of a text."""
    known = list(words)
    firsts = "".join(sorted({re.escape(word[0]) for word in known}))
    return re.compile(f"(?=[{firsts}])(?:{trie_pattern(known)})")


def trie_pattern(words: Iterable[str]) -> str:
    """A regular expression that matches the longest of these words; shared beginnings are walked once."""
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for character in word:
            node = node.setdefault(character, {})
        node[""] = {}
    return _alternatives(root)


def _alternatives(node: Mapping[str, Any]) -> str:
    branches = [
        (character, re.escape(character) + _alternatives(below))
        for character, below in sorted(node.items())
        if character
    ]
    if not branches:
        return ""
    body = branches[0][1] if len(branches) == 1 else f"(?:{_choice(branches)})"
    return f"(?:{body})?" if "" in node else body


def _choice(branches: Sequence[tuple[str, str]]) -> str:
    """The branches as one alternation.

    Many are parted into bundles behind a look at the first character, since the engine tries alternatives one by one: for
    two thousand words this is five times as fast.
    """
    if len(branches) <= BUNDLE:
        return "|".join(pattern for _, pattern in branches)
    size = max(BUNDLE, math.isqrt(len(branches)))
    return "|".join(_bundle(branches[start : start + size]) for start in range(0, len(branches), size))


def _bundle(branches: Sequence[tuple[str, str]]) -> str:
    firsts = "".join(re.escape(first) for first, _ in branches)
    return f"(?=[{firsts}])(?:{'|'.join(pattern for _, pattern in branches)})"


class WordGroups:
    """Named groups of words that count together, all found in one scan; the longest word wins."""

    def __init__(self, words: Mapping[str, Sequence[str]], reasons: Mapping[str, str] | None = None) -> None:
        self.names = tuple(words)
        self.reasons = reasons or {}
        self._groups: dict[str, list[str]] = {}
        for name, group in words.items():
            for word in group:
                self._groups.setdefault(word, []).append(name)
        self._find = finder(self._groups).findall

    def found(self, text: str) -> dict[str, list[str]]:
        """The different words of each group in a normalised text, in order; groups with none are left out."""
        found: dict[str, list[str]] = {}
        for word in dict.fromkeys(self._find(text)):
            for name in self._groups[word]:
                found.setdefault(name, []).append(word)
        return found

    def counts(self, text: str) -> dict[str, int]:
        """How many different words of each group a normalised text holds; groups with none are left out."""
        counts: dict[str, int] = {}
        for word in dict.fromkeys(self._find(text)):  # in order, so that reasons come out alike every time
            for name in self._groups[word]:
                counts[name] = counts.get(name, 0) + 1
        return counts
