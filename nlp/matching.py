"""Finds many words in a text at once (Aho and Corasick 1975, by the crate of BurntSushi), and spares patterns no text needs.

The automaton walks a text once however many words it knows: twice the words cost next to nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from nlp.literals import literals

Span = tuple[int, int, int]  # number of the word, first character, character after the last


class Finder:
    """Finds words in a text, one beside the other: of those that begin together the longest wins."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)
        self._automaton = AhoCorasick(self.words, matchkind=MatchKind.LeftmostLongest, store_patterns=False)

    def __call__(self, text: str) -> list[Span]:
        """The words found, from left to right, none over another."""
        return self._automaton.find_matches_as_indexes(text)


class Overlaps:
    """Finds every word of a text, also those inside others."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)
        self._automaton = AhoCorasick(self.words, matchkind=MatchKind.Standard, store_patterns=False)

    def __call__(self, text: str) -> list[Span]:
        """The words found, by where they end: of two that begin together the longer comes later."""
        return self._automaton.find_matches_as_indexes(text, overlapping=True)


class WordGroups:
    """Named groups of words that count together, all found in one scan; the longest word wins."""

    def __init__(self, words: Mapping[str, Sequence[str]], reasons: Mapping[str, str] | None = None) -> None:
        self.names = tuple(words)
        self.reasons = reasons or {}
        groups: dict[str, list[str]] = {}
        for name, group in words.items():
            for word in group:
                groups.setdefault(word, []).append(name)
        self._find = Finder(groups)
        self._groups = tuple(groups.values())

    def counts(self, text: str) -> dict[str, int]:
        """How many different words of each group a normalised text holds; groups with none are left out."""
        counts: dict[str, int] = {}
        for word in dict.fromkeys([number for number, _, _ in self._find(text)]):  # in order: reasons come out alike
            for name in self._groups[word]:
                counts[name] = counts.get(name, 0) + 1
        return counts


class Sieve:
    """Tells which of many regular expressions can match a text at all, by the words every match must hold."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        needed = [literals(pattern.pattern) if not pattern.flags & re.IGNORECASE else None for pattern in patterns]
        self._always = sum(1 << number for number, words in enumerate(needed) if words is None)
        masks: dict[str, int] = {}
        for number, words in enumerate(needed):
            for word in words or ():
                masks[word] = masks.get(word, 0) | 1 << number
        self._find = Overlaps(masks)
        self._masks = tuple(masks.values())

    def passed(self, text: str) -> tuple[int, ...]:
        """The numbers of the patterns worth searching, in order; one left out has no match in the text."""
        mask = self._always
        for word, _, _ in self._find(text):
            mask |= self._masks[word]
        return _numbers(mask)


@lru_cache(maxsize=4096)
def _numbers(mask: int) -> tuple[int, ...]:
    return tuple(number for number in range(mask.bit_length()) if mask >> number & 1)
