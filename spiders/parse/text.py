"""HTML to plain text: paragraphs parted by one line break, nothing of scripts, styles or forms."""

from __future__ import annotations

import html as entities
import re

import lxml.etree
import lxml.html
from lxml.html import HtmlElement

DROPPED = {"script", "style", "noscript", "template", "iframe", "form", "button", "select", "textarea", "svg", "head"}
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tr",
        "ul",
    ]
)
# Pages that close the document in their middle (www.gov.cn does); a browser reads on, libxml2 stops.
ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def document(html: str) -> HtmlElement | None:
    """The parsed page, None when there is nothing to parse."""
    clean = _clean(html)
    if not clean.strip():
        return None
    try:
        return lxml.html.document_fromstring(clean)
    except (lxml.etree.ParserError, ValueError):
        return None


def parsed(html: str) -> lxml.etree._Element | None:
    """As `document`, of plain elements: to read, not to change; a third faster to walk."""
    clean = _clean(html)
    if not clean.strip():
        return None
    try:
        return lxml.etree.fromstring(clean, lxml.etree.HTMLParser())
    except (lxml.etree.LxmlError, ValueError):
        return None


def _clean(html: str) -> str:
    return ENDS.sub("", re.sub(r"^\s*<\?xml[^>]*\?>", "", CONTROL.sub("", html)))


def shows_more(page: lxml.etree._Element, characters: int) -> bool:
    """Whether a page shows more than so many characters besides white space; reads no further than it must."""
    shown = 0
    walk = lxml.etree.iterwalk(page, events=("start", "end"))
    for event, element in walk:
        if event == "start" and element.tag in DROPPED:
            walk.skip_subtree()
            continue
        text = element.text if event == "start" else element.tail
        shown += len("".join(text.split())) if text else 0
        if shown > characters:
            return True
    return False


def html_text(html: str) -> str:
    """The text of a fragment or page of HTML."""
    if "<" not in html:
        return tidy(entities.unescape(html))
    try:
        return element_text(lxml.html.fragment_fromstring(CONTROL.sub("", html), create_parent="div"))
    except (lxml.etree.ParserError, ValueError):
        return tidy(entities.unescape(re.sub(r"<[^>]*>", " ", html)))


def element_text(element: HtmlElement) -> str:
    """The text of an element and what is inside it."""
    pieces: list[str] = []
    _collect(element, pieces)
    return tidy("".join(pieces))


def one_line(text: str) -> str:
    """Tags, entities and line breaks out: a title."""
    return re.sub(r"\s+", " ", html_text(text).replace("\ufffd", "")).strip()


def tidy(text: str) -> str:
    """White space folded inside lines, blank lines dropped."""
    text = CONTROL.sub("", text).replace("\r", "\n")
    lines = (re.sub(r"[ \t\u00a0\u3000]+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _collect(element: HtmlElement, pieces: list[str]) -> None:
    tag = element.tag
    if isinstance(tag, str) and tag not in DROPPED:
        if tag in BLOCKS or tag == "br":
            pieces.append("\n")
        elif tag in ("td", "th"):
            pieces.append(" ")
        pieces.append(_inner(element.text))
        for child in element:
            _collect(child, pieces)
            pieces.append(_inner(child.tail))
        if tag in BLOCKS:
            pieces.append("\n")


def _inner(text: str | None) -> str:
    # Line breaks in the source are white space to a reader.
    return re.sub(r"[\r\n\t ]+", " ", text) if text else ""
