"""JSON Feed 1.0 and 1.1 (jsonfeed.org) to items; a feed cut in the middle yields its whole items."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from typing import Any

from spiders.dates import parse_time
from spiders.heard import Heard
from spiders.parse.feed import Feed, Item, read_feed
from spiders.parse.text import html_text, one_line, tidy
from spiders.saved import Saved
from spiders.urls import canonical, joined

VERSION = "https://jsonfeed.org/version/1"
ITEMS = re.compile(r'"items"\s*:\s*\[')


def read_any_feed(saved: Saved, *, now: datetime) -> Feed:
    """The items of an RSS, Atom or JSON Feed document, in its order."""
    return (
        read_json_feed(saved, now=now)
        if saved.text.lstrip("\ufeff \r\n\t").startswith("{")
        else read_feed(saved, now=now)
    )


def read_json_feed(saved: Saved, *, now: datetime) -> Feed:
    """The items of a JSON Feed, in its order."""
    head, rows, is_cut = _rows(saved.text.lstrip("\ufeff"))
    if not str(head.get("version", "")).startswith(VERSION):
        return Feed(is_feed=False, trouble="返回的内容不是 RSS、Atom 或 JSON Feed")
    items = [_item(row, saved, now=now) for row in rows]
    skipped = ["既无标题也无正文的条目"] * items.count(None) + ["末尾一条不完整"] * is_cut
    following = head.get("next_url")
    return Feed(
        items=tuple(item for item in items if item),
        skipped=tuple(skipped),
        trouble="订阅源在中途断开，只读到完整的条目" if is_cut else "",
        is_cut=is_cut,
        following=joined(saved.url, following) if isinstance(following, str) else "",
    )


def _rows(text: str) -> tuple[dict[str, Any], list[Any], bool]:
    """The feed's head, its items, and whether it ends too early."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):  # numbers and nests beyond all measure too
        return _cut_rows(text)
    if not isinstance(found, dict):
        return {}, [], False
    rows = found.get("items")
    return found, rows if isinstance(rows, list) else [], False


def _cut_rows(text: str) -> tuple[dict[str, Any], list[Any], bool]:
    start = ITEMS.search(text)
    version = re.search(r'"version"\s*:\s*"([^"]+)"', text[: start.start()] if start else text)
    if not start or not version:
        return {}, [], False
    rows: list[Any] = []
    at, decoder = start.end(), json.JSONDecoder()
    while True:
        opening = re.compile(r"[\s,]*(?=\{)").match(text, at)
        try:
            row, at = decoder.raw_decode(text, opening.end() if opening else at)
        except (ValueError, RecursionError):  # numbers and nests beyond all measure too
            return {"version": version[1]}, rows, True
        rows.append(row)


def _item(row: object, saved: Saved, *, now: datetime) -> Item | None:
    if not isinstance(row, dict):
        return None
    title = one_line(_said(row, "title"))
    whole = html_text(_said(row, "content_html")) or tidy(_said(row, "content_text"))
    text = whole or tidy(_said(row, "summary"))
    if not title and not text:
        return None
    link = _said(row, "url") or _said(row, "external_url")
    link = link or (_said(row, "id") if re.match(r"https?://", _said(row, "id")) else "")
    link = joined(saved.url, link) if link else ""
    own = f"{canonical(saved.asked or saved.url)}#entry-{_digest(_said(row, 'id') or title)}"
    heard = Heard(
        url=canonical(link) or own,
        title=title,
        text=text,
        published_at=parse_time(_said(row, "date_published") or _said(row, "date_modified"), now=now),
        author=_author(row),
    )
    return Item(heard=heard, link=link, is_whole=bool(whole), updated=_said(row, "date_modified"), id=_said(row, "id"))


def _digest(identity: str) -> str:
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def _said(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return str(value) if isinstance(value, str | int | float) else ""


def _author(row: dict[str, Any]) -> str:
    """The first author's name; version 1.0 has one `author`, 1.1 a list of `authors`."""
    authors = row.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else row.get("author")
    return _said(first, "name") if isinstance(first, dict) else ""
