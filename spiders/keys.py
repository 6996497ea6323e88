"""The keys of a source file: what each may hold, the value it becomes, and the words for one that it may not hold.

A reader takes what YAML found and raises ValueError with a message that lacks only file and key (`spiders.sources` adds them).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from cssselect import SelectorError
from parsel import css2xpath

from store.stages import SourceKind

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
WEB = ("http", "https")  # schemes of an address, unless its kind has its own
# Parts of a page that `select` may point at: of news pages;
SELECTORS = frozenset({"list", "article", "next", "title", "text", "time", "publisher"})
# of boards and message boards, on list pages and on thread pages;
SELECTORS |= {"thread", "replies", "last"} | {"post", "author", "likes", "views", "thread_next"}
SELECTORS |= {"department", "reply", "reply_time", "status"}  # of a citizens' message


@dataclass(frozen=True, slots=True)
class Expect:
    """How many things a run should see listed; outside is shown, never silent."""

    min: int = 0
    max: int = 10_000


def duration(value: object) -> timedelta:
    """A time span written as 90s, 30m, 2h or 1d; raises ValueError for anything else."""
    match = re.fullmatch(r"(\d+)\s*([smhd])", str(value).strip())
    if not match or not int(match[1]):
        raise ValueError(f"{value!r} is not a time span; write 90s, 30m, 2h or 1d")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def address(url: str, *, ports_from: int = 0, schemes: tuple[str, ...] = WEB) -> str:
    """A URL of one of `schemes` with the sample port filled in; raises ValueError."""
    match = re.search(r"\{sample:(\d)\}", url)
    if match:
        if not ports_from:
            raise ValueError("{sample:N} is for the sample day only; write the site's address")
        url = url.replace(match[0], f"http://127.0.0.1:{ports_from + int(match[1])}")
    parts = urlsplit(url)
    is_whole = parts.path.strip("/") if parts.scheme == "file" else parts.hostname
    if parts.scheme not in schemes or not is_whole or parts.username:
        raise ValueError(f"{url!r} is not an {' or '.join(schemes)} address without credentials")
    return url


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} must be a text that is not empty")
    return value.strip()


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} must be true or false")  # noqa: TRY004 - the caller names file and key
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise ValueError(f"{value!r} must be a number of seconds, 0 or more")
    return float(value)


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} must be a whole number, 0 or more")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r} must be a list of texts")  # noqa: TRY004
    return tuple(_text(item) for item in value)


def _kind(value: object) -> SourceKind:
    if value not in list(SourceKind):
        raise ValueError(f"{value!r} is no kind of source; kinds: {', '.join(SourceKind)}")
    return SourceKind(str(value))


def _expect(value: object) -> Expect:
    if not isinstance(value, dict) or set(value) - {"min", "max"}:
        raise ValueError(f"{value!r} must be {{min: N, max: N}}")
    expect = Expect(**{str(k): _count(v) for k, v in value.items()})
    if expect.min > expect.max:
        raise ValueError(f"min {expect.min} is above max {expect.max}")
    return expect


def _select(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict) or set(value) - SELECTORS:
        raise ValueError(f"{value!r} may hold {', '.join(sorted(SELECTORS))} only")
    chosen = {}
    for name, css in value.items():
        if not isinstance(css, str) or not css.strip():
            raise ValueError(f"{name}: {css!r} is no CSS selector; write one, or take the whole line out")
        chosen[str(name)] = css.strip()
        try:
            css2xpath(chosen[name])
        except SelectorError as error:
            raise ValueError(f"{name}: {css!r} is no CSS selector: {error}") from error
    return chosen


def _encoding(value: object) -> str:
    name = _text(value)
    try:
        "".encode(name)
    except LookupError as error:
        raise ValueError(f"{name!r} is no encoding Python knows") from error
    return name


def _pattern(value: object) -> str:
    written = _optional(value)
    try:
        re.compile(written)
    except re.error as error:
        raise ValueError(f"{written!r} is no regular expression: {error}") from error
    return written


def _login(value: object) -> str:
    name = _optional(value)
    if name and not re.fullmatch(r"[a-z][a-z0-9-]{0,40}", name):
        raise ValueError(f"{value!r} must be the name of a secret in small letters, like press-inbox; never a password")
    return name


def _optional(value: object) -> str:
    return _text(value) if value != "" else ""


READERS: Mapping[str, Callable[[object], object]] = {
    **dict.fromkeys(("title", "publisher", "url", "terms", "language"), _text),
    **dict.fromkeys(("platform", "user_agent", "note", "permission"), _optional),
    **dict.fromkeys(("official", "images", "follow", "comments", "watch", "verified", "on"), _flag),
    **dict.fromkeys(("allow_private", "any_certificate"), _flag),
    **dict.fromkeys(("pages", "revisit"), _count),
    **dict.fromkeys(("delay", "timeout"), _number),
    **dict.fromkeys(("tags", "hosts"), _texts),
    **dict.fromkeys(("cadence", "emergency"), duration),
    "kind": _kind,
    "login": _login,
    "only": _pattern,
    "expect": _expect,
    "select": _select,
    "encoding": lambda value: _encoding(value) if value != "" else "",
}
