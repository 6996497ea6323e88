"""Loads the word lists of data/ strictly and finds their words in a text: sea words, category triggers, guards, places.

One scan finds all lists together, so that the longest word wins over every other: 大港油田 swallows the place 大港.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from nlp.entities import Entity, Kind, entities
from nlp.matching import Overlaps, Sieve, WordGroups, between_borders
from nlp.word_files import LEXICONS, compiled, exact_keys, read_yaml, word_list
from store.errors import BadSettings
from store.settings import DATA
from store.stages import Place


class Shore(StrEnum):
    """Where a place lies towards the sea."""

    SEA = "sea"
    SHORE = "shore"
    INLAND = "inland"


class Grade(StrEnum):
    """How surely a word tells the sea; see the head of data/lexicons/sea_words.yml."""

    STRONG = "strong"
    LIKELY = "likely"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Part:
    """A second-level matter of a category with its trigger words."""

    name: str
    sea: tuple[str, ...]
    topic: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """A first-level matter: `key` for code, `name` for people."""

    key: str
    name: str
    parts: tuple[Part, ...]


@dataclass(slots=True)
class Entry:
    """Everything the lists say of one word; the numbers in `sea` and `topic` are positions in the taxonomy."""

    word: str
    grade: Grade | None = None
    sea: set[int] = field(default_factory=set)
    topic: set[int] = field(default_factory=set)
    places: list[tuple[Place, Shore]] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    guard: str = ""  # why the word is no sea word, "" when it is none


class Hit(NamedTuple):
    """A lexicon word found in a text, at characters `start` to `end`."""

    start: int
    end: int
    entry: Entry


@lru_cache(maxsize=1)
def taxonomy(path: Path = DATA / "taxonomy.yml") -> tuple[Category, ...]:
    """The categories in the file's order; raises BadSettings naming file and key."""
    return tuple(_category(entry, f"{path.name} entry {number}") for number, entry in enumerate(read_yaml(path), 1))


def _category(entry: object, where: str) -> Category:
    known = exact_keys(entry, {"key", "name", "parts"}, where)
    parts = []
    for name, found in known["parts"].items():
        lists = exact_keys(found, {"sea", "topic"}, f"{where} '{name}'")
        parts.append(Part(name, *(word_list(lists[key], f"{where} '{name}' {key}") for key in ("sea", "topic"))))
    return Category(known["key"], known["name"], tuple(parts))


@lru_cache(maxsize=1)
def category_names() -> tuple[str, ...]:
    """First-level names in the taxonomy's order: the labels of the category model."""
    return tuple(category.name for category in taxonomy())


class Lexicon:
    """All lists in one: find every word of them in a text at once."""

    def __init__(self, entries: Iterable[Entry], guard_patterns: Sequence[tuple[str, str]]) -> None:
        self.entries = {entry.word: entry for entry in entries}
        patterns = [re.compile(pattern) for pattern, _ in guard_patterns]
        self._guards = [
            (pattern.finditer, reason) for pattern, (_, reason) in zip(patterns, guard_patterns, strict=True)
        ]
        self._worth = Sieve(patterns).passed
        _inherit(self.entries)
        self._find = Overlaps(self.entries)
        self._entry = tuple(self.entries.values())

    def hits(self, text: str, starts: Sequence[int]) -> list[Hit]:
        """`all_hits` of one text; `starts` are the beginnings of its tokens and its length (nlp/segment.py)."""
        return list(self.all_hits([text], [[text[start:end] for start, end in pairwise(starts)]])[0])

    def all_hits(self, texts: Sequence[str], tokens: Sequence[Sequence[str]]) -> list[tuple[Hit, ...]]:
        """The words of the lists in each normalised text, in order, longest first, none inside a guard.

        `tokens` are what the texts were cut into (nlp/segment.py): a hit begins with a word and cuts none that follows,
        so 上海鲜肉 holds no 海鲜.
        """
        entries = self._entry
        spans = between_borders(self._find, texts, tokens)
        return [
            self._guarded(text, [Hit(start, end, entries[word]) for word, start, end in found])
            for text, found in zip(texts, spans, strict=True)
        ]

    def _guarded(self, text: str, hits: list[Hit]) -> tuple[Hit, ...]:
        """The hits with those of the guards' patterns, without what lies inside these."""
        guards = [
            Hit(*found.span(), Entry(found.group(), guard=reason))
            for number in self._worth(text)
            for find, reason in [self._guards[number]]
            for found in find(text)
        ]
        if not guards:
            return tuple(hits)
        spans = [(hit.start, hit.end) for hit in guards]
        free = [hit for hit in hits if not any(hit.start < end and start < hit.end for start, end in spans)]
        return tuple(sorted(guards + free, key=lambda hit: hit.start))


def _inherit(entries: Mapping[str, Entry]) -> None:
    """A longer word keeps what its parts say: 天津港爆炸 still names 天津港, 天津近岸海域 still says 近岸海域."""
    for entry in entries.values():
        if entry.guard:
            continue
        inner = [entries[part] for part in _parts(entry.word) if part in entries and not entries[part].guard]
        if not entry.places:
            entry.places.extend(place for part in inner for place in part.places)
        if not entry.entities:
            entry.entities.extend(dict.fromkeys(entity for part in inner for entity in part.entities))
        if not (entry.sea or entry.topic or entry.grade):
            for part in inner:
                entry.sea |= part.sea
                entry.topic |= part.topic
                entry.grade = entry.grade or part.grade


def _parts(word: str) -> list[str]:
    return [word[i:j] for i in range(len(word)) for j in range(i + 2, len(word) + 1) if j - i < len(word)]


@lru_cache(maxsize=1)
def lexicon(folder: Path = LEXICONS) -> Lexicon:
    """The lists of the folder and the taxonomy, loaded once (about 0.2 s); raises BadSettings naming file and key."""
    entries: defaultdict[str, Entry] = _Entries()
    for grade, words in _sea_words(folder).items():
        for word in words:
            entries[word].grade = grade
    _add_categories(entries)
    for name, place, shore in gazetteer(folder / "places.yml"):
        entries[name].places.append((place, shore))
    _add_entities(entries, folder)
    patterns = []
    for words, pattern, reason in _guards(folder):
        patterns.extend([(pattern, reason)] if pattern else [])
        entries.update({word: Entry(word, guard=reason) for word in words})
    return Lexicon(entries.values(), patterns)


class _Entries(defaultdict[str, Entry]):
    """Entries by word; an unknown word gets an empty one."""

    def __missing__(self, word: str) -> Entry:
        return self.setdefault(word, Entry(word))


def _add_categories(entries: defaultdict[str, Entry]) -> None:
    """A category's sea word is strong unless data/lexicons/sea_words.yml grades it lower."""
    for number, category in enumerate(taxonomy()):
        for part in category.parts:
            for word in part.sea:
                entries[word].sea.add(number)
                entries[word].grade = entries[word].grade or Grade.STRONG
            for word in part.topic:
                entries[word].topic.add(number)


def _add_entities(entries: defaultdict[str, Entry], folder: Path) -> None:
    """Creatures, ships and typhoons are sea words of grade likely and tell their matter, unless another list grades them."""
    numbers = {category.key: number for number, category in enumerate(taxonomy())}
    for word, entity in entities(folder, set(numbers)):
        entry = entries[word]
        entry.entities.append(entity)
        if entity.kind in (Kind.SPECIES, Kind.SHIP, Kind.TYPHOON) and entry.grade is None:
            entry.grade = Grade.LIKELY
            if entity.matter and not entry.sea:
                entry.sea.add(numbers[entity.matter])


def _sea_words(folder: Path) -> dict[Grade, tuple[str, ...]]:
    name = "sea_words.yml"
    lists = exact_keys(read_yaml(folder / name), {*Grade}, name)
    return {grade: word_list(lists[grade], f"{name} '{grade}'") for grade in reversed(Grade)}


def _guards(folder: Path) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for number, guard in enumerate(read_yaml(folder / "guards.yml"), 1):
        where = f"guards.yml entry {number}"
        kind = "pattern" if isinstance(guard, Mapping) and "pattern" in guard else "words"
        known = exact_keys(guard, {kind, "reason"}, where)
        if kind == "words":
            yield word_list(known["words"], where), "", known["reason"]
        else:
            yield (), compiled(known["pattern"], where).pattern, known["reason"]


def gazetteer(path: Path = LEXICONS / "places.yml") -> Iterator[tuple[str, Place, Shore]]:
    """Every name and other name of the gazetteer with its place; raises BadSettings naming file and place."""
    sections = exact_keys(read_yaml(path), {*Shore}, path.name)
    for shore in Shore:
        for name, line in sections[shore].items():
            if (
                not isinstance(line, list)
                or len(line) < 3
                or not all(isinstance(number, float) for number in line[1:3])
            ):
                raise BadSettings(f"{path.name} '{name}': expected [within, longitude, latitude, other names...]")
            within, longitude, latitude, *others = line
            place = Place(name=name, within=within, longitude=longitude, latitude=latitude)
            for known_as in word_list([name, *others], f"{path.name} '{name}'"):
                yield known_as, place, shore


@lru_cache(maxsize=1)
def other_matters(path: Path = LEXICONS / "other_matters.yml") -> WordGroups:
    """Matters that are not the bureau's, with the words that show them; raises BadSettings naming file and key."""
    entries = {
        name: exact_keys(entry, {"words", "reason"}, f"{path.name} '{name}'") for name, entry in read_yaml(path).items()
    }
    words = {name: word_list(entry["words"], f"{path.name} '{name}'") for name, entry in entries.items()}
    return WordGroups(words, {name: entry["reason"] for name, entry in entries.items()})


@lru_cache(maxsize=1)
def moods(path: Path = LEXICONS / "stance_words.yml") -> WordGroups:
    """Words of approval, refusal, asking and so on; raises BadSettings naming file and key."""
    return WordGroups({name: word_list(words, f"{path.name} '{name}'") for name, words in read_yaml(path).items()})


@lru_cache(maxsize=1)
def guard_reasons() -> tuple[str, ...]:
    """The reasons of the guards, each once, in the file's order."""
    return tuple(dict.fromkeys(reason for _, _, reason in _guards(LEXICONS)))
