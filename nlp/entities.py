"""Loads what has a name in texts about the sea: bodies, living things, ships, hazards, typhoons; each word with what it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from nlp.word_files import exact_keys, one_of, read_yaml, word_list
from store.errors import BadSettings

PROTECTION = {"一级", "二级", "无"}
EATING = {"可食", "慎食", "有毒", "不食"}


class Kind(StrEnum):
    """What a named thing is; each kind has its file in data/lexicons."""

    BODY = "body"
    SPECIES = "species"
    SHIP = "ship"
    HAZARD = "hazard"
    TYPHOON = "typhoon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A named thing. Fields that its kind does not have keep their defaults."""

    kind: Kind
    name: str  # as its file spells it
    group: str  # the file's section: forecast, fish, cargo …; a hazard's own name, of a typhoon 台风
    matter: str = ""  # key of the category it usually belongs to, "" for none
    official: bool = False  # bodies and ships: an authority or a vessel of one
    protection: str = "无"  # species: 一级, 二级 or 无
    eating: str = ""  # species: 可食, 慎食, 有毒 or 不食
    marine: bool = True  # hazards: whether the sea's offices deal with it


def entities(folder: Path, matters: set[str]) -> Iterator[tuple[str, Entity]]:
    """Every word of the five files with the thing it names; `matters` are the keys of the taxonomy.

    Raises BadSettings naming file and key, also where two things of one file share a word.
    """
    for read in (_bodies, _species, _ships, _hazards, _typhoons):
        seen: dict[str, str] = {}
        for word, entity in read(folder, matters):
            if seen.setdefault(word, entity.name) != entity.name:
                raise BadSettings(f"{word!r} names both {seen[word]} and {entity.name}: take it from one of them")
            yield word, entity


def _sections(folder: Path, name: str, keys: set[str]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    content = read_yaml(folder / name)
    if not isinstance(content, Mapping):
        raise BadSettings(f"{name}: expected sections, found {type(content).__name__}")
    for section, entry in content.items():
        yield section, f"{name} '{section}'", exact_keys(entry, keys, f"{name} '{section}'")


def _bodies(folder: Path, _: set[str]) -> Iterator[tuple[str, Entity]]:
    for group, where, section in _sections(folder, "institutions.yml", {"official", "bodies"}):
        official = one_of(section["official"], {True, False}, f"{where} official")
        for name, others in section["bodies"].items():
            entity = Entity(kind=Kind.BODY, name=name, group=group, official=official)
            yield from _named(entity, others, f"{where} '{name}'")


def _species(folder: Path, matters: set[str]) -> Iterator[tuple[str, Entity]]:
    for group, where, section in _sections(folder, "species.yml", {"matter", "species"}):
        matter = one_of(section["matter"], matters, f"{where} matter")
        for name, line in section["species"].items():
            spot = f"{where} '{name}'"
            if not isinstance(line, list) or len(line) < 2:
                raise BadSettings(f"{spot}: expected [protection, eating, other names...], found {line!r}")
            protection, eating = one_of(line[0], PROTECTION, spot), one_of(line[1], EATING, spot)
            entity = Entity(
                kind=Kind.SPECIES, name=name, group=group, matter=matter, protection=protection, eating=eating
            )
            yield from _named(entity, line[2:], spot)


def _ships(folder: Path, matters: set[str]) -> Iterator[tuple[str, Entity]]:
    for group, where, section in _sections(folder, "ships.yml", {"matter", "official", "ships"}):
        matter = one_of(section["matter"], matters | {""}, f"{where} matter")
        official = one_of(section["official"], {True, False}, f"{where} official")
        for name, others in section["ships"].items():
            entity = Entity(kind=Kind.SHIP, name=name, group=group, matter=matter, official=official)
            yield from _named(entity, others, f"{where} '{name}'")


def _hazards(folder: Path, _: set[str]) -> Iterator[tuple[str, Entity]]:
    for name, where, section in _sections(folder, "hazard_words.yml", {"marine", "words"}):
        marine = one_of(section["marine"], {True, False}, f"{where} marine")
        entity = Entity(kind=Kind.HAZARD, name=name, group=name, marine=marine)
        for word in word_list(section["words"], where):
            yield word, entity


def _typhoons(folder: Path, matters: set[str]) -> Iterator[tuple[str, Entity]]:
    matter = one_of("disaster", matters, "typhoon_names.yml: the matter of typhoons")
    for name in word_list(read_yaml(folder / "typhoon_names.yml"), "typhoon_names.yml"):
        yield name, Entity(kind=Kind.TYPHOON, name=name, group="台风", matter=matter)


def _named(entity: Entity, others: object, where: str) -> Iterator[tuple[str, Entity]]:
    for word in word_list([entity.name, *others] if isinstance(others, list) else others, where):
        yield word, entity
