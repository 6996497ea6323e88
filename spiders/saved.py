"""A saved response: what the parsers read, whether it came from the network, a WARC or a test's folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from spiders.parse.text import parsed

# Labels that boards and portals write although the bytes are the larger set.
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs"}
# What servers declare when nobody told them: Chinese bytes are never this.
SAY_NOTHING = ("iso-8859-1", "latin-1", "latin1", "windows-1252", "us-ascii", "ascii")
META = re.compile(rb"<meta[^>]+charset=[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
XML = re.compile(rb"<\?xml[^>]+encoding=[\"']([A-Za-z0-9_-]+)", re.IGNORECASE)
ASCII = bytes(range(0x80))
MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@dataclass(frozen=True)
class Saved:
    """One response; `asked` is the address first asked for, `url` the one that answered."""

    url: str
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    asked: str = ""
    encoding: str = ""  # overrides every declaration
    is_cut: bool = False  # the connection ended before the promised length

    @cached_property
    def text(self) -> str:
        """The body as text, read by `decode`."""
        return decode(self.body, declared=declared_encoding(self), override=self.encoding)

    @cached_property
    def page(self) -> etree._Element | None:
        """The body as a parsed page, None where there is nothing to parse. Whoever changes the tree parses his own."""
        return parsed(self.text)

    @property
    def content_type(self) -> str:
        """The media type without parameters, lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_markup(self) -> bool:
        """Whether the body is a page or a document of tags (declared so, or not declared at all)."""
        return "json" not in self.content_type and self.body.lstrip()[:1] in (b"<", b"\xef", b"\xff", b"\xfe")

    @property
    def ends_inside_character(self) -> bool:
        """Whether the body is UTF-8 that stops inside a character."""
        return ends_inside_character(self.body)


def declared_encoding(saved: Saved) -> str:
    """The encoding the headers or the first bytes declare, "" when they declare none."""
    match = re.search(r"charset=[\"']?([\w-]+)", saved.headers.get("content-type", ""), re.IGNORECASE)
    if match:
        return match[1].lower()
    found = XML.search(saved.body[:200]) or META.search(saved.body[:4000])
    return found[1].decode("ascii").lower() if found else ""


def decode(body: bytes, *, declared: str = "", override: str = "") -> str:
    """Bytes to text although the declaration may be wrong; what cannot be read becomes U+FFFD.

    UTF-8 proves itself: Chinese text in a national encoding is practically never valid UTF-8. So bytes that are mostly
    valid UTF-8 are read so whatever is declared, even when a character or two were cut in the middle.
    """
    if override:
        return body.decode(_wider(override), "replace")
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            return body.decode(name, "replace")
    if _is_utf8(body):
        return body.decode("utf-8", "replace")
    for name in (_wider(declared), "gb18030"):
        if name and name not in ("utf-8", *SAY_NOTHING):
            try:
                return body.decode(name)
            except (UnicodeDecodeError, LookupError):
                continue
    tried = [body.decode(name, "replace") for name in _known(_wider(declared), "gb18030", "utf-8")]
    return min(tried, key=lambda text: text.count("\ufffd"))


def ends_inside_character(body: bytes) -> bool:
    """Whether bytes are UTF-8 up to a last character of which bytes are missing."""
    match = re.search(rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})$", body[-4:])
    if not match:
        return False
    try:
        body[: len(body) - len(match[0])].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        high = len(body.translate(None, ASCII))
        valid = sum(len(m) for m in MULTIBYTE.findall(body))
        return valid >= 0.98 * high or (high - valid) <= 3 < valid
    return True


def _wider(name: str) -> str:
    name = name.lower().strip()
    return WIDER.get(name, "utf-8" if name == "utf8" else name)


def _known(*names: str) -> list[str]:
    known = []
    for name in names:
        try:
            known.append(name if b"".decode(name) == "" and name else "utf-8")
        except LookupError:
            continue
    return known
