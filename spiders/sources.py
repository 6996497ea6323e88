"""Source files to Sources: one `data/sources/<slug>.yml` a source, read strictly (docs/add-a-source.md explains each key)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from spiders.keys import READERS, WEB, Expect, address
from store.errors import BadSource
from store.stages import SourceKind

# Kinds that do not speak http; everything else does.
SCHEMES = {SourceKind.IMAP: ("imaps",), SourceKind.FILES: ("file",)}
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
    expect: Expect = field(default_factory=Expect)
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
            read[key] = READERS[key](value)
        except (ValueError, TypeError) as error:
            raise BadSource(f"{where}: key {key!r}: {error}", key=key) from error
    try:
        read["url"] = address(read["url"], ports_from=ports_from, schemes=SCHEMES.get(read["kind"], WEB))
    except ValueError as error:
        raise BadSource(f"{where}: key 'url': {error}", key="url") from error
    source = Source(slug=slug, **read)
    _need_selectors(source, where)
    return source


def _need_selectors(source: Source, where: str) -> None:
    lacking = [name for name in NEEDED_SELECTORS.get(source.kind, ()) if name not in source.select]
    if lacking and source.on:  # a file that is still being filled in stops nobody else's run
        raise BadSource(
            f"{where}: key 'select': kind {source.kind} needs {', '.join(lacking)}; docs/add-a-source.md shows how to find them",
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
