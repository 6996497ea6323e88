"""What the JSON of boards has in common: objects that may be anything, counts that may be missing, posts written in HTML."""

from __future__ import annotations

import json
from typing import Any

import lxml.etree
import lxml.html

from spiders.parse.select import without_noise
from spiders.parse.text import CONTROL, element_text, html_text
from spiders.saved import Saved


def object_in(saved: Saved) -> dict[str, Any]:
    """The JSON object of an answer, {} when it is none."""
    found = value_in(saved)
    return found if isinstance(found, dict) else {}


def value_in(saved: Saved) -> object:
    """The JSON value of an answer, None when it is none."""
    try:
        return json.loads(saved.text)
    except (json.JSONDecodeError, RecursionError):
        return None


def rows_in(value: object) -> list[dict[str, Any]]:
    """The objects of a JSON list; what is no list or no object is left out."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def part(row: dict[str, Any], name: str) -> dict[str, Any]:
    """The object under a name, {} when there is none."""
    found = row.get(name)
    return found if isinstance(found, dict) else {}


def count(value: object) -> int | None:
    """A JSON number that counts something, None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def post_text(html: str) -> str:
    """The words of a post's author: without quotes, previews of links and captions of images."""
    try:
        element = lxml.html.fragment_fromstring(CONTROL.sub("", html), create_parent="div")
    except (lxml.etree.ParserError, ValueError):
        return html_text(html)
    for extra in element.xpath(".//aside | .//div[@class='meta']"):
        extra.drop_tree()
    return element_text(without_noise(element))
