"""The next page by numbers, where no link says 下一页: the address that differs from the current one in its page number alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

PARAMETERS = {
    "page": 1,
    "p": 1,
    "pg": 1,
    "pageno": 1,
    "pageindex": 1,
    "paged": 1,
    "cp": 1,
}  # name to the first page's number
OFFSETS = {"start": 0, "offset": 0, "pn": 0}  # these count posts, so they step by more than one


@dataclass(frozen=True, slots=True)
class Numbered:
    """An address with the part of it that counts pages, and its number."""

    url: str
    part: str
    number: int


def numbered_next(urls: Iterable[str], *, current: str, start: str) -> str:
    """Of a page's links the one to the page after `current` in the series that begins at `start`; "" when there is none."""
    here = _numbered(current, start)
    pages = [found for found in (_numbered(url, start) for url in urls) if found]
    for part in dict.fromkeys(page.part for page in pages):
        at = here.number if here and here.part == part else {**PARAMETERS, **OFFSETS}.get(part, 1)
        later = sorted((page for page in pages if page.part == part and page.number > at), key=lambda page: page.number)
        if later:
            return _stepped(later[0], at + 1)
    return ""


def _stepped(page: Numbered, wanted: int) -> str:
    """The next page although the pager leaves it out (1 … 9): its address is made from the one that is there."""
    if page.part in OFFSETS or page.number == wanted:
        return page.url
    if page.part in PARAMETERS:
        return re.sub(rf"([?&]{page.part}=)\d+", rf"\g<1>{wanted}", page.url)
    return re.sub(rf"{page.number}(?=(?:\.\w+)?/?$)", str(wanted), page.url) if page.part == "path" else page.url


def _numbered(url: str, start: str) -> Numbered | None:
    one, two = urlsplit(start), urlsplit(url)
    if one.netloc != two.netloc:
        return None
    if one.path.rstrip("/") == two.path.rstrip("/"):
        return _by_parameter(url, dict(parse_qsl(one.query)), dict(parse_qsl(two.query)))
    stem = re.sub(r"(\.\w+)?/?$", "", one.path)
    match = re.fullmatch(re.escape(stem) + r"(?:/page/|/p|/|_|-)(\d{1,4})(?:\.\w+)?/?", two.path)
    return Numbered(url, "path", int(match[1])) if match else _by_place(url, one.path, two.path)


def _by_parameter(url: str, first: dict[str, str], other: dict[str, str]) -> Numbered | None:
    for name in (*PARAMETERS, *OFFSETS):
        rest = {key: value for key, value in other.items() if key != name}
        if other.get(name, "").isdigit() and rest == {key: value for key, value in first.items() if key != name}:
            return Numbered(url, name, int(other[name]))
    return None


def _by_place(url: str, first: str, other: str) -> Numbered | None:
    """As in thread-101-1-1.html and thread-101-2-1.html: of several numbers the one that was 1."""
    before, after = re.findall(r"\d+", first), re.findall(r"\d+", other)
    if re.sub(r"\d+", "0", first) != re.sub(r"\d+", "0", other) or len(before) < 2:
        return None
    changed = [place for place, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]
    if len(changed) != 1 or before[changed[0]] != "1":
        return None
    return Numbered(url, f"place {changed[0]}", int(after[changed[0]]))
