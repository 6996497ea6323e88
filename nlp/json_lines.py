"""One line of JSON Lines to a value and back, by orjson, with Python's own reader where the two would differ."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import orjson


def parsed(line: str) -> Any:
    """The value of a line; raises ValueError or RecursionError as json.loads does.

    NaN, half emoji and an id of more than 64 bits are read by Python's own reader, which keeps them as they are.
    """
    try:
        value = orjson.loads(line)
    except ValueError:
        return json.loads(line)
    return json.loads(line) if isinstance(value, dict) and isinstance(value.get("id"), float) else value


def row_line(row: Mapping[str, Any]) -> bytes:
    """The row as one line of JSON in UTF-8, keys in their order, Chinese as it is, no spaces."""
    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # a whole number over 64 bits, or half an emoji, which only an escape can say
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        if any("\ud800" <= character <= "\udfff" for character in text):
            text = json.dumps(row, separators=(",", ":"))
        return text.encode() + b"\n"
