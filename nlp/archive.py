"""Reads a skops archive of plain values and arrays, and nothing else: no type in it is ever looked up, let alone called.

Written by `skops.io.dumps`, readable by `skops.io.loads`; reading it here spares a command the second or two that skops
and scikit-learn take to import, and leaves no loader to an intruder.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

SCHEMA = "schema.json"
VALUES = (str, int, float, bool, type(None))


class ForeignType(ValueError):
    """The archive holds another type than plain values and arrays; the text is its name."""


def plain(content: bytes) -> Any:
    """The dicts, lists, strings, numbers and arrays of the archive.

    Raises ForeignType naming any other type, and BadZipFile, KeyError or ValueError for what is no such archive.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return _value(json.loads(archive.read(SCHEMA)), archive)


def _value(node: Mapping[str, Any], archive: zipfile.ZipFile) -> Any:
    name = f"{node['__module__']}.{node['__class__']}"
    match name, node["__loader__"]:
        case "builtins.dict", "DictNode":
            return {key: _value(below, archive) for key, below in node["content"].items()}
        case "builtins.list", "ListNode":
            return [_value(below, archive) for below in node["content"]]
        case "numpy.ndarray", "NdArrayNode":
            return _array(node, archive)
        case (("builtins.str" | "builtins.int" | "builtins.float" | "builtins.bool" | "builtins.NoneType"), "JsonNode"):
            return _simple(json.loads(node["content"]))
    raise ForeignType(name)


def _simple(value: Any) -> Any:
    if not isinstance(value, VALUES):
        raise ForeignType(type(value).__name__)
    return value


def _array(node: Mapping[str, Any], archive: zipfile.ZipFile) -> NDArray[Any]:
    if node["type"] != "numpy":
        raise ForeignType(f"array of {node['type']}")
    return np.asarray(np.lib.format.read_array(io.BytesIO(archive.read(node["file"])), allow_pickle=False))
