"""Finds many words in a text at once (Aho and Corasick 1975, by the crate of BurntSushi), and spares patterns no text needs.

The automaton walks a text once however many words it knows: twice the words cost next to nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain

import numpy as np
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


def between_borders(find: Overlaps, texts: Sequence[str], tokens: Sequence[Sequence[str]]) -> list[list[Span]]:
    """The words found in each text, from left to right, none over another and none across the border of a token.

    `tokens[i]` are what `texts[i]` was cut into. A word begins with a token; of those that begin together the longest
    counts, if it ends with a token or lies within one, where a single character does not count.
    """
    joined = "\0".join([*texts, ""])  # no word holds the sign between the texts
    found = np.fromiter(chain.from_iterable(find(joined)), dtype=np.int64).reshape(-1, 3)
    sizes = np.array([len(text) + 1 for text in texts], dtype=np.int64)
    ends = np.cumsum(sizes)
    border = np.zeros(len(joined) + 1, dtype=bool)
    border[ends - 1] = True
    lengths = np.fromiter(map(len, chain.from_iterable(tokens)), dtype=np.int64)
    border[np.cumsum(lengths) - lengths + np.repeat(np.arange(len(texts)), list(map(len, tokens)))] = True
    longest = np.full(len(joined), -1, dtype=np.int64)
    longest[found[:, 1]] = np.arange(len(found))  # those that end later come later and stay
    word, start, end = found[longest[longest >= 0]].T
    inner = np.cumsum(border)
    within = (end - start > 1) & (inner[end - 1] == inner[start])
    chosen = border[start] & (border[end] | within)
    rows = np.searchsorted(ends, start[chosen], side="right")
    offsets = (ends - sizes).tolist()
    spans: list[list[Span]] = [[] for _ in texts]
    taken = 0
    for row, number, first, last in np.stack([rows, word[chosen], start[chosen], end[chosen]], axis=1).tolist():
        if first >= taken:
            offset = offsets[row]
            spans[row].append((number, first - offset, last - offset))
            taken = last
    return spans


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

    def found(self, text: str) -> dict[str, list[str]]:
        """The different words of each group in a normalised text, in order; groups with none are left out."""
        found: dict[str, list[str]] = {}
        for word, start, end in self._find(text):
            for name in self._groups[word]:
                words = found.setdefault(name, [])
                if text[start:end] not in words:
                    words.append(text[start:end])
        return found

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
