"""The labelled values of a page: what stands beside 来信标题, 回复单位 and their like in tables, definition lists and lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import yaml
from lxml.html import HtmlElement

from spiders.parse.text import element_text
from store.settings import DATA

LABELS = DATA / "message_labels.yml"
WORDS = ("title", "text", "reply")
LONGEST_LABEL = 12  # characters
INLINE_TAGS = frozenset({"a", "b", "br", "em", "font", "i", "img", "label", "span", "strong", "u"})
CELLS = ("td", "th", "dt", "dd")
BEGINNING = re.compile(r"\s*[\[【]?(?P<label>[^:：\n]{2,12})[\]】]?\s*[:：]")
INLINE = re.compile(r"^[\[【]?(?P<label>[^:：\n]{2,12})[\]】]?\s*[:：]\s*(?P<value>\S[\s\S]*)$")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One value with what its label means: title, text, author, time, department, reply, reply_time or status."""

    meaning: str
    value: str


def labelled_values(page: HtmlElement) -> list[Labelled]:
    """Every labelled value of a page, in its order."""
    values: list[Labelled] = []
    read: set[HtmlElement] = set()
    holding = _holding(page)
    for element in page.iter():
        if element not in holding or any(above in read for above in element.iterancestors()):
            continue
        meaning = _meaning(element)
        lines = [] if meaning else _inline(element, holding)
        if meaning:
            values.append(Labelled(meaning, _beside(element, holding)))
        elif lines:
            values.extend(lines)
        else:
            continue
        read.add(element)
    return [value for value in values if value.value]


def _holding(page: HtmlElement) -> set[HtmlElement]:
    """The elements that are, begin with or hold a label."""
    holding: set[HtmlElement] = set()
    for element in page.iter():
        if isinstance(element.tag, str) and (_meaning(element) or _starts_line(element)):
            holding.add(element)
            holding.update(element.iterancestors())
    return holding


def states() -> tuple[str, ...]:
    """The words with which a list shows how far a message has come."""
    return tuple(_words()["states"])


def _meaning(element: HtmlElement) -> str:
    """What an element that holds a label and nothing else means, "" for any other."""
    raw = "".join(element.itertext()) if len(element) <= 2 else ""
    return _meanings().get(_bare(raw), "") if len(raw) <= 40 else ""


def _bare(text: str) -> str:
    bare = re.sub(r"[\s:：\[\]【】*]", "", text)
    return bare if len(bare) <= LONGEST_LABEL else ""


def _beside(element: HtmlElement, holding: set[HtmlElement]) -> str:
    """The value of a label: the next cell, the cell below in a table of columns, the rest of its line, or what follows it."""
    if element.tag in CELLS:
        return _cell_beside(element)
    parent = element.getparent()
    if parent is None:
        return ""
    if parent.tag in CELLS and _meaning(parent):
        return _cell_beside(parent)
    value = _rest_of_line(element, holding)
    after = parent.getnext()
    if not value and after is not None and _meaning(parent) and after not in holding:
        value = element_text(after)
    return value


def _rest_of_line(element: HtmlElement, holding: set[HtmlElement]) -> str:
    """What follows a label inside its parent: text, and elements of one kind; a footer of another kind ends it."""
    rest, kind = [element.tail or ""], ""
    for sibling in element.itersiblings():
        own = (
            ""
            if sibling.tag in INLINE_TAGS or not isinstance(sibling.tag, str)
            else f"{sibling.tag}.{sibling.get('class')}"
        )
        if sibling in holding or (own and kind and own != kind):
            break
        kind = kind or own
        rest.extend([element_text(sibling) if isinstance(sibling.tag, str) else "", sibling.tail or ""])
    stripped = (part.strip(" :：\t\r\n\u3000") for part in rest)
    return "\n".join(part for part in stripped if part)


def _cell_beside(cell: HtmlElement) -> str:
    after = cell.getnext()
    if after is not None and not _meaning(after):
        return element_text(after)
    row = cell.getparent()
    below = row.getnext() if row is not None and row.tag == "tr" else None
    if row is None or below is None or not all(_meaning(other) for other in row):
        return ""
    cells = list(below)
    place = row.index(cell)
    return element_text(cells[place]) if place < len(cells) == len(row) else ""


def _inline(element: HtmlElement, holding: set[HtmlElement]) -> list[Labelled]:
    """A line such as 回复单位：市海洋局 that stands in an element of its own; several may share it (来信人：… 来信时间：…)."""
    if not _starts_line(element) or any(child in holding for child in element):
        return []
    text = element_text(element)
    match = INLINE.match(text)
    meaning = _meanings().get(_bare(match["label"]), "") if match else ""
    if not match or not meaning:
        return []
    if meaning in WORDS or "\n" in text:  # what people wrote may hold a label too
        return [Labelled(meaning, match["value"].strip())]
    parts = _any_label().split(text)[1:]
    return [Labelled(_meanings()[label], value.strip()) for label, value in zip(parts[::2], parts[1::2], strict=True)]


def _starts_line(element: HtmlElement) -> bool:
    """Whether an element's own text begins with a label and a colon."""
    match = BEGINNING.match(element.text or "")
    return bool(match and _bare(match["label"]) in _meanings())


@lru_cache(maxsize=1)
def _words() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = yaml.safe_load(LABELS.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1)
def _any_label() -> re.Pattern[str]:
    names = sorted(_meanings(), key=len, reverse=True)
    return re.compile(rf"(?<!\w)[\[【]?({'|'.join(names)})[\]】]?\s*[:：]")


@lru_cache(maxsize=1)
def _meanings() -> Mapping[str, str]:
    return {label: meaning for meaning, labels in _words().items() if meaning != "states" for label in labels}
