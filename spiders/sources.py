"""Source files to Sources: one `data/sources/<slug>.yml` a source, read strictly (docs/add-a-source.md explains each key)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from cssselect import SelectorError
from parsel import css2xpath

from store.errors import BadSource
from store.stages import SourceKind

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
# Kinds that do not speak http; everything else does.
SCHEMES = {SourceKind.IMAP: ("imaps",), SourceKind.FILES: ("file",)}
WEB = ("http", "https")
SELECTORS = frozenset({"list", "article", "next", "title", "text", "time", "publisher"})
# Of boards and message boards: on list pages; on thread pages.
SELECTORS |= {"thread", "replies", "last"} | {"post", "author", "likes", "views", "thread_next"}
SELECTORS |= {"department", "reply", "reply_time", "status"}  # of a citizens' message
NEEDED_SELECTORS: Mapping[SourceKind, tuple[str, ...]] = {SourceKind.BOARD: ("list", "post")}


class _Loader(yaml.SafeLoader):
    """YAML whose only booleans are true and false: in YAML 1.1 the key `on` would be one too. It knows no aliases."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """A node; aliases are refused, for a few of them can stand for millions of values."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not read; write the value out")
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:bool"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


class _Dumper(yaml.SafeDumper):
    """Writes what _Loader reads: the key `on` without quotes."""


_Dumper.yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers


@dataclass(frozen=True, slots=True)
class Expect:
    """How many things a run should see listed; outside is shown, never silent."""

    min: int = 0
    max: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that is heard, as its file describes it."""

    slug: str  # file stem
    title: str
    publisher: str
    kind: SourceKind
    url: str  # feed, first list page, forum list, timeline; imap: imaps://host/folder; files: file:folder
    terms: str  # terms of use, as found
    cadence: timedelta
    emergency: timedelta = timedelta(minutes=2)  # cadence while an emergency is declared
    language: str = "zh-CN"
    expect: Expect = Expect()
    select: Mapping[str, str] = field(default_factory=dict)  # CSS, only where the automatic way fails
    tags: tuple[str, ...] = ()  # mastodon: hashtag timelines read besides `url`; weibo: words searched besides it
    hosts: tuple[str, ...] = ()  # further hosts its articles may lie on
    platform: str = ""  # scope of author keys; "" means the host
    encoding: str = ""  # overrides what the site declares
    user_agent: str = ""  # overrides ours where a publisher asks for it
    note: str = ""
    only: str = (
        ""  # feed, cap: regular expression that an item's id, link or title must hold, asked before anything is fetched
    )
    login: str = ""  # imap: name of the secret that holds user and password, never the secret itself
    permission: str = ""  # who allowed us what robots.txt forbids, and when; only then robots.txt is not asked
    pages: int = 1  # most list pages a run
    revisit: int = 3  # days a page is read again to see edits
    delay: float | None = None  # seconds between two requests; None: the setting
    timeout: float | None = None  # seconds for one response; None: the setting
    official: bool = False
    images: bool = False  # fetch the pictures of articles to know them again
    follow: bool = False  # feed: fetch the article where the feed holds only a summary
    comments: bool = False  # wordpress: read the comments too
    watch: bool = False  # read by the watch for official bulletins
    allow_private: bool = False  # loopback and private addresses
    any_certificate: bool = False  # take a TLS certificate nobody vouches for
    verified: bool = False  # whether somebody saw it answer as described
    on: bool = True

    @property
    def host(self) -> str:
        """Host and port as written in the URL, lower case."""
        return urlsplit(self.url).netloc.lower()

    @property
    def hostname(self) -> str:
        """The host without its port."""
        return urlsplit(self.url).hostname or ""


REQUIRED = ("title", "publisher", "kind", "url", "terms", "cadence")
NEEDED_KEYS: Mapping[str, tuple[str, ...]] = {SourceKind.IMAP.value: ("login",)}  # what one kind cannot do without


def load_sources(folder: Path, *, ports_from: int = 0) -> list[Source]:
    """Every source file of a folder, by slug. Raises BadSource naming file and key."""
    if not folder.is_dir():
        raise BadSource(f"{folder}: no such folder; set CHAOXIN_SOURCES to the folder of source files")
    return [load_source(path, ports_from=ports_from) for path in sorted(folder.glob("*.yml"))]


def load_source(path: Path, *, ports_from: int = 0) -> Source:
    """One source file; `{sample:1}` in its URL is the sample site on port `ports_from` + 1."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSource(f"{path}: cannot be read as YAML: {error}") from error
    return read_source(path.stem, read_values(text, where=str(path)), where=str(path), ports_from=ports_from)


def read_values(text: str, *, where: str) -> object:
    """What a source file's text holds, not yet checked; raises BadSource where it is no YAML."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, RecursionError) as error:
        raise BadSource(f"{where}: cannot be read as YAML: {error}") from error


def source_text(values: Mapping[str, object]) -> str:
    """A mapping of keys as the text of a source file, lists and mappings on one line; `read_values` turns it back."""
    return "".join(_key_text(key, value) for key, value in values.items())


def _key_text(key: str, value: object) -> str:
    written: dict[str, Any] = {"Dumper": _Dumper, "allow_unicode": True, "sort_keys": False, "width": 1000}
    if isinstance(value, Mapping | list | tuple):
        plain = dict(value) if isinstance(value, Mapping) else list(value)
        return f"{key}: {yaml.dump(plain, default_flow_style=True, **written)}"
    return str(yaml.dump({key: value}, default_flow_style=False, **written))


def read_source(slug: str, values: object, *, where: str, ports_from: int = 0) -> Source:
    """A mapping as found in a source file to a Source; `where` names the file in errors."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", slug):
        raise BadSource(f"{where}: the file name must be small letters, digits and hyphens, like tj-news.yml")
    if not isinstance(values, dict):
        raise BadSource(f"{where}: must be a mapping of keys to values")
    known = {f.name for f in fields(Source)} - {"slug"}
    for key in values:
        if key not in known:
            raise BadSource(f"{where}: unknown key {key!r}; known keys: {', '.join(sorted(known))}", key=str(key))
    for key in (*REQUIRED, *NEEDED_KEYS.get(str(values.get("kind")), ())):
        if key not in values:
            raise BadSource(f"{where}: key {key!r} is missing", key=key)
    read: dict[str, Any] = {}
    for key, value in values.items():
        try:
            read[key] = _READERS[key](value)
        except (ValueError, TypeError) as error:
            raise BadSource(f"{where}: key {key!r}: {error}", key=key) from error
    try:
        read["url"] = address(read["url"], ports_from=ports_from, schemes=SCHEMES.get(read["kind"], WEB))
    except ValueError as error:
        raise BadSource(f"{where}: key 'url': {error}", key="url") from error
    _need_selectors(read["kind"], read.get("select", {}), where)
    return Source(slug=slug, **read)


def _need_selectors(kind: SourceKind, select: Mapping[str, str], where: str) -> None:
    lacking = [name for name in NEEDED_SELECTORS.get(kind, ()) if name not in select]
    if lacking:
        raise BadSource(
            f"{where}: key 'select': kind {kind} needs {', '.join(lacking)}; docs/add-a-source.md shows how to find them",
            key="select",
        )


def as_mapping(source: Source) -> dict[str, object]:
    """A Source as its file would hold it, plain JSON values only; `read_source` turns it back."""
    plain: dict[str, object] = {}
    for f in fields(source):
        value = getattr(source, f.name)
        if f.name == "slug" or value is None:
            continue
        if isinstance(value, timedelta):
            value = f"{int(value.total_seconds())}s"
        elif isinstance(value, Expect):
            value = {"min": value.min, "max": value.max}
        elif isinstance(value, tuple):
            value = list(value)
        plain[f.name] = dict(value) if isinstance(value, Mapping) else value
    return plain


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
    chosen = {str(k): _text(v) for k, v in value.items()}
    for name, css in chosen.items():
        try:
            css2xpath(css)
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


_READERS: Mapping[str, Callable[[object], object]] = {
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
