"""Reads the word lists and tables of data/ strictly: an unknown or missing key fails, naming file and key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from nlp.normalise import normalise
from store.errors import BadSettings
from store.settings import DATA

LEXICONS = DATA / "lexicons"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where libyaml is there


def read_yaml(path: Path) -> Any:
    """A data file's content; raises BadSettings naming the file when it cannot be read."""
    try:
        return yaml.load(path.read_text("utf-8"), Loader=LOADER)  # noqa: S506 - the safe loader, in C
    except (OSError, yaml.YAMLError) as error:
        raise BadSettings(f"{path.name}: cannot be read: {error}") from error


def exact_keys(entry: object, keys: set[str], where: str) -> Mapping[str, Any]:
    """The entry when it is a mapping with exactly these keys; raises BadSettings naming place and key."""
    if not isinstance(entry, Mapping):
        raise BadSettings(f"{where}: expected a mapping with {', '.join(sorted(keys))}, found {entry!r}")
    for key in sorted(set(entry) ^ keys):
        raise BadSettings(f"{where}: key '{key}' is {'unknown' if key in entry else 'missing'}")
    return entry


def word_list(value: object, where: str) -> tuple[str, ...]:
    """A list of words in normal form; raises BadSettings when it holds anything else or a word twice."""
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise BadSettings(f"{where}: expected a list of words (quote numbers), found {value!r}")
    words = tuple(normalise(word) for word in value)
    for word in {word for word in words if words.count(word) > 1}:
        raise BadSettings(f"{where}: '{word}' stands twice")
    return words


def one_of(value: object, allowed: Mapping[Any, object] | set[Any], where: str) -> Any:
    """The value when it is one of those allowed; raises BadSettings naming the place and what is allowed."""
    if isinstance(value, str | bool) and value in allowed:
        return value
    raise BadSettings(f"{where}: {value!r} is not one of {', '.join(sorted(map(str, allowed)))}")


def compiled(pattern: object, where: str) -> re.Pattern[str]:
    """A regular expression of a data file; raises BadSettings naming the place when it cannot be compiled."""
    try:
        return re.compile(str(pattern))
    except re.error as error:
        raise BadSettings(f"{where}: {pattern!r} is no regular expression: {error}") from error
