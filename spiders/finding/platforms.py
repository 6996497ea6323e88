"""Platforms known by what their public interfaces answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from spiders.finding.asking import Probe, Purpose
from spiders.saved import Saved


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One way to hear a site. `needs` names the selectors that a person must fill in first."""

    kind: str  # value of SourceKind
    url: str
    why: str  # Chinese, what was seen
    title: str = ""
    keys: Mapping[str, object] = field(default_factory=dict)  # further keys of the source file
    needs: tuple[str, ...] = ()


def by_interface(probes: Sequence[Probe]) -> list[Proposal]:
    """The platforms whose interface answered as it should, in the order asked."""
    found = []
    for probe in probes:
        reader = READERS.get(probe.ask.purpose)
        if reader is not None and probe.is_good and probe.saved is not None:
            one = reader(_json(probe.saved), probe.saved)
            found.extend([one] if one is not None else [])
    return found


def _wordpress(answer: object, saved: Saved) -> Proposal | None:
    if not (isinstance(answer, list) and answer and isinstance(answer[0], dict) and "date_gmt" in answer[0]):
        return None
    root = saved.url.partition("/wp-json/")[0]
    return Proposal(kind="wordpress", url=f"{root}/", why="WordPress 的公开接口能列出文章")


def _mastodon(answer: object, saved: Saved) -> Proposal | None:
    rows = answer if isinstance(answer, list) else []
    if not any(isinstance(row, dict) and {"account", "created_at", "content"} <= set(row) for row in rows):
        return None
    return Proposal(kind="mastodon", url=saved.url, why=f"公共时间线公开，一页 {len(rows)} 条", keys={"pages": 3})


def _discourse(answer: object, saved: Saved) -> Proposal | None:
    if not (isinstance(answer, dict) and "categories" in answer):
        return None
    return Proposal(kind="discourse", url=_site(saved.url), why="Discourse 论坛，接口公开")


def _nodebb(answer: object, saved: Saved) -> Proposal | None:
    if not (isinstance(answer, dict) and ("relative_path" in answer or "topicsPerPage" in answer)):
        return None
    return Proposal(kind="nodebb", url=_site(saved.url), why="NodeBB 论坛，接口公开")


READERS: Mapping[Purpose, Callable[[object, Saved], Proposal | None]] = {
    Purpose.WORDPRESS: _wordpress,
    Purpose.MASTODON: _mastodon,
    Purpose.DISCOURSE: _discourse,
    Purpose.NODEBB: _nodebb,
}


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _json(saved: Saved) -> object:
    try:
        return json.loads(saved.text)
    except (ValueError, RecursionError):
        return None
