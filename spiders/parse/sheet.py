"""A page laid out once: its lines in order, each with the block it stands in. Title, body, time and images are read from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from spiders.parse.text import BLOCKS, parsed

UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "iframe", "button", "select", "textarea", "svg", "head", "object"}
)
EDGES = BLOCKS | {"body", "html", "center", "caption", "details", "summary", "td", "th", "form", "menu"}
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
STAMP = re.compile(r"\s*(?:(?:19|20)\d{2}\D|\d{10}(?:\d{3})?\s*$)")
LONGEST_TITLE = 500
LONGEST_STAMP = 40
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
STAMPED = ("title", "datetime", "data-time", "data-timestamp", "data-date")
SOURCES = (
    "data-original",
    "data-src",
    "data-lazy-src",
    "data-url",
    "original",
    "file",
    "zoomfile",
    "src",
)  # lazy ones first


@dataclass(slots=True)
class Block:
    """An element that starts a line; blocks stand in the page's order, so what is inside one lies between `place` and `end`."""

    tag: str
    name: str  # class and id
    parent: int  # place of the block round it; the outermost is its own
    end: int = 0  # place after its last inner block
    is_hidden: bool = False


@dataclass(slots=True)
class Line:
    """What a reader sees as one line; white space is folded."""

    text: str
    block: int
    links: int  # characters that are link text
    cell: bool  # whether it goes on in the row of the line before
    names: str = ""  # class and id of the inline elements in it
    stamps: tuple[str, ...] = ()  # times in attributes of its elements: title, datetime, data-time


@dataclass(frozen=True, slots=True)
class Picture:
    """An image where it stands; `source` is as written."""

    source: str
    alt: str
    line: int  # number of lines before it
    block: int
    width: int | None  # declared, in pixels
    height: int | None


@dataclass
class Sheet:
    """A page's lines, blocks and pictures. Not safe to use after its tree was changed."""

    page: etree._Element
    blocks: list[Block] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)

    @cached_property
    def metas(self) -> list[tuple[str, str]]:
        """Name (lower case) and content of the head's meta elements, in order."""
        found = []
        for meta in self.page.iter("meta"):
            name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
            content = (meta.get("content") or "").strip()
            if name and content:
                found.append((name.lower(), content))
        return found

    @cached_property
    def head_title(self) -> str:
        """The document's title on one line, at most `LONGEST_TITLE` characters of it."""
        return next((" ".join("".join(title.itertext()).split()) for title in self.page.iter("title")), "")[
            :LONGEST_TITLE
        ]

    def inside(self, line: Line, block: int) -> bool:
        """Whether a line stands inside a block."""
        return block <= line.block < self.blocks[block].end


def read_sheet(html: str) -> Sheet | None:
    """The page of an HTML text, None when there is nothing to read."""
    page = parsed(html)
    return lay_out(page) if page is not None else None


def lay_out(page: etree._Element) -> Sheet:
    """The lines of a parsed page; the tree is left as it is."""
    sheet = Sheet(page)
    writer = _Writer(sheet)
    walk = etree.iterwalk(page, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if element.tag in UNSEEN:
                walk.skip_subtree()
            else:
                writer.enter(element)
        elif event == "end" and element.tag not in UNSEEN:
            writer.leave(element)
        if event != "start" and element.tail and element is not page:
            writer.write(element.tail)
    writer.end_line()
    return sheet


class _Writer:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.open: list[int] = []
        self.pieces: list[str] = []
        self.names: list[str] = []
        self.stamps: list[str] = []
        self.links = 0
        self.in_link = 0
        self.in_code = 0
        self.cell = False

    def enter(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in EDGES:
            self.end_line(cell=tag in ("td", "th") and element.getprevious() is not None)
            self._open(element)
        elif tag == "br":
            self.end_line()
        elif tag == "img":
            self._picture(element)
        elif tag == "a":
            self.in_link += 1
        else:
            self._inline(element)
        if tag in ("pre", "code"):
            self.in_code += 1
        if element.text:
            self.write(element.text)

    def leave(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in EDGES:
            self.end_line()
            self.sheet.blocks[self.open.pop()].end = len(self.sheet.blocks)
        elif tag == "a":
            self.in_link -= 1
        if tag in ("pre", "code"):
            self.in_code -= 1

    def write(self, text: str) -> None:
        if self.in_code and "\n" in text:  # code keeps its lines
            for piece in text.splitlines():
                self.pieces.append(piece)
                self.end_line()
            return
        self.pieces.append(text)
        if self.in_link:
            self.links += len(text.strip())

    def end_line(self, *, cell: bool = False) -> None:
        if self.pieces or self.stamps:
            text = " ".join("".join(self.pieces).split())
            if text or self.stamps:
                names, stamps = " ".join(self.names), tuple(self.stamps)
                block = self.open[-1] if self.open else 0
                self.sheet.lines.append(Line(text, block, self.links, self.cell, names, stamps))
                self.names, self.stamps, self.cell = [], [], False
            self.pieces.clear()
        self.links = 0
        self.cell = cell

    def _open(self, element: etree._Element) -> None:
        block = Block(element.tag, "", self.open[-1] if self.open else 0)
        if element.keys():
            block.name = " ".join(name for name in (element.get("class"), element.get("id")) if name)
            style = element.get("style")
            block.is_hidden = bool(style and HIDDEN.search(style))
            self._stamp(element)
        self.open.append(len(self.sheet.blocks))
        self.sheet.blocks.append(block)

    def _inline(self, element: etree._Element) -> None:
        if element.keys():
            self.names += [name for name in (element.get("class"), element.get("id")) if name]
            self._stamp(element)

    def _stamp(self, element: etree._Element) -> None:
        for key in STAMPED:
            value = element.get(key)
            if value and len(value) < LONGEST_STAMP and STAMP.match(value):
                self.stamps.append(value)
                return

    def _picture(self, element: etree._Element) -> None:
        source = next((s for key in SOURCES if (s := element.get(key, "").strip()) and not s.startswith("data:")), "")
        if source:
            alt = " ".join((element.get("alt") or "").split())
            block = self.open[-1] if self.open else 0
            size = (_pixels(element, "width"), _pixels(element, "height"))
            self.sheet.pictures.append(Picture(source, alt, len(self.sheet.lines), block, *size))


def _pixels(element: etree._Element, side: str) -> int | None:
    written = element.get(side) or next(
        iter(re.findall(rf"(?<![-\w]){side}\s*:\s*([\d.]+)px", element.get("style") or "")), ""
    )
    match = re.match(r"\s*(\d+)(?:\.\d+)?\s*(?:px)?\s*$", written)
    return int(match[1]) if match else None


def joined(lines: Iterator[Line]) -> str:
    """Lines as a text: paragraphs parted by a line break, cells of a row by a space."""
    pieces: list[str] = []
    for line in lines:
        if line.text:
            pieces += [" " if line.cell and pieces else "\n", line.text]
    return "".join(pieces[1:])
