"""Reads the files of thresholds under data/: each entry is a value with its unit and the reason for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import yaml

from store.errors import BadSettings
from store.places import DATA

ENTRY_KEYS = {"value", "unit", "reason"}
Parameters = TypeVar("Parameters")


def load_parameters(kind: type[Parameters], name: str, *, folder: Path = DATA) -> Parameters:
    """The values of `folder/name` as the dataclass `kind`, field by field.

    Read strictly: a missing, unknown or oddly shaped key raises BadSettings naming file and key.
    """
    path = folder / name
    entries = _read(path)
    wanted = {field.name: field.type for field in fields(kind)}  # type: ignore[arg-type]
    for key in sorted(set(entries) ^ set(wanted)):
        raise BadSettings(f"{path.name}: key '{key}' is {'unknown' if key in entries else 'missing'}")
    return kind(**{key: _value(path, key, entries[key], str(wanted[key])) for key in wanted})


def _read(path: Path) -> Mapping[str, Any]:
    try:
        entries = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise BadSettings(f"{path.name}: cannot be read: {error}") from error
    if not isinstance(entries, dict):
        raise BadSettings(f"{path.name}: holds no entries, expected 'name: {{value, unit, reason}}'")
    return entries


def _value(path: Path, key: str, entry: object, kind: str) -> object:
    if not isinstance(entry, dict) or set(entry) != ENTRY_KEYS:
        raise BadSettings(f"{path.name}: '{key}' must hold exactly value, unit and reason")
    value = entry["value"]
    if kind == "float" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if kind == "int" and isinstance(value, int) and not isinstance(value, bool):
        return value
    raise BadSettings(f"{path.name}: '{key}' is {value!r}, expected {kind}")
