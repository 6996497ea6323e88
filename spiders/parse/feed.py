"""RSS and Atom to items, broken feeds included: what is readable is read, what is wrong is named."""

from __future__ import annotations

import hashlib
import re
from calendar import timegm
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import feedparser

from spiders.dates import parse_time
from spiders.heard import Heard
from spiders.parse.text import CONTROL, html_text, one_line
from spiders.parse.xml import without_doctype
from spiders.saved import Saved
from spiders.urls import canonical, joined

END = re.compile(r"</(?:rss|feed|rdf:RDF)\s*>\s*(?:<!--.*?-->\s*)*$", re.IGNORECASE | re.DOTALL)
ITEM_END = re.compile(r"</(item|entry)\s*>", re.IGNORECASE)
ITEM_START = re.compile(r"<(item|entry)[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a feed; `link` is its address as written, `is_whole` whether it holds the article's text."""

    heard: Heard
    link: str
    is_whole: bool
    updated: str = ""
    id: str = ""  # as the feed gives it


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed's items, the records left out, and what is wrong with it as a whole."""

    items: tuple[Item, ...] = ()
    skipped: tuple[str, ...] = ()
    trouble: str = ""  # Chinese, "" when the feed is sound
    is_cut: bool = False
    is_feed: bool = True
    following: str = ""  # address of the page with older items, "" where the feed names none
    is_guess: bool = False  # `following` is WordPress's custom, not the feed's word: it may not exist

    def only(self, pattern: str) -> Iterator[Item]:
        """The items whose id, link or title holds a regular expression; all of them for an empty one."""
        wanted = re.compile(pattern)
        return (item for item in self.items if any(map(wanted.search, (item.id, item.link, item.heard.title))))


def read_feed(saved: Saved, *, now: datetime) -> Feed:
    """The items of an RSS or Atom document, in its order."""
    text, skipped, trouble, is_cut = _mended(saved)
    parsed = feedparser.parse(
        text.encode(),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": saved.url},
    )
    if not parsed.get("version"):
        return Feed(is_feed=False, trouble="返回的内容不是 RSS 或 Atom")
    if parsed.bozo and not trouble:
        trouble = f"订阅源不是规范的 XML（{type(parsed.bozo_exception).__name__}）"
    items: list[Item] = []
    for entry in parsed.entries:
        item = _item(entry, saved, now=now)
        if item:
            items.append(item)
        else:
            skipped.append("既无标题也无正文的条目")
    following, is_guess = _following(parsed.feed, saved)
    return Feed(
        items=tuple(items),
        skipped=tuple(skipped),
        trouble=trouble,
        is_cut=is_cut,
        following=following,
        is_guess=is_guess,
    )


def _following(head: Any, saved: Saved) -> tuple[str, bool]:
    """The page with older items: as RFC 5005 links it, else WordPress's `?paged=N`."""
    for rel in ("next", "prev-archive"):
        for link in head.get("links", []):
            if link.get("rel") == rel and link.get("href"):
                return joined(saved.url, link["href"]), False
    if not re.match(r"https?://wordpress\.org/\?v=", head.get("generator", "")):
        return "", False
    parts = urlsplit(saved.asked or saved.url)
    query = dict(parse_qsl(parts.query))
    number = query.get("paged", "1")
    query["paged"] = str(int(number) + 1 if number.isdigit() else 2)
    return urlunsplit((*parts[:3], urlencode(query), "")), True


def _mended(saved: Saved) -> tuple[str, list[str], str, bool]:
    """The feed's text made well-formed as far as can be, with what was lost on the way."""
    text = CONTROL.sub("", saved.text)
    broken = text.count("\ufffd")
    is_cut = saved.is_cut or saved.ends_inside_character or not END.search(text[-400:])
    skipped: list[str] = []
    trouble = f"有 {broken} 处字符被截断，已略去" if broken else ""
    if is_cut and ITEM_START.search(text):
        ends = list(ITEM_END.finditer(text))
        cut = ends[-1].end() if ends else ITEM_START.search(text).start()  # type: ignore[union-attr]
        if ITEM_START.search(text[cut:]):
            skipped.append("末尾一条不完整")
        root = "feed" if re.search(r"<feed[\s>]", text[:2000]) else "rss"
        text = text[:cut] + ("</feed>" if root == "feed" else "</channel></rss>")
        trouble = "订阅源在中途断开，只读到完整的条目"
    # The text is handed on as UTF-8 whatever it was.
    text = without_doctype(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    return text.replace("\ufffd", ""), skipped, trouble, is_cut


def _item(entry: Any, saved: Saved, *, now: datetime) -> Item | None:
    title = one_line(entry.get("title", ""))
    contents = [c.get("value", "") for c in entry.get("content", [])]
    whole = html_text(max(contents, key=len, default=""))
    text = whole or html_text(entry.get("summary") or "")
    if not title and not text:
        return None
    link = _link(entry, saved)
    updated = entry.get("updated", "") or entry.get("published", "")
    heard = Heard(
        url=canonical(link) or _own_address(entry, saved, title),
        title=title,
        text=text,
        published_at=_time(entry, now=now),
        author=str(entry.get("author", "")),
        publisher=one_line(str(entry.get("source", {}).get("title", ""))),
    )
    return Item(heard=heard, link=link, is_whole=bool(whole), updated=updated, id=str(entry.get("id", "")))


def _link(entry: Any, saved: Saved) -> str:
    """The item's address: its alternate link of whatever type, else a guid that is one. Never the feed's own self link."""
    alternates = [
        link.get("href", "") for link in entry.get("links", []) if link.get("rel", "alternate") == "alternate"
    ]
    for written in (*alternates, entry.get("link", ""), entry.get("id", "")):
        if written and (written in alternates or re.match(r"https?://", written.strip())):
            return joined(saved.url, written)
    return ""


def _own_address(entry: Any, saved: Saved, title: str) -> str:
    identity = entry.get("id") or f"{title}|{entry.get('published', '')}"
    return canonical(saved.asked or saved.url) + "#entry-" + hashlib.sha256(identity.encode()).hexdigest()[:16]


def _time(entry: Any, *, now: datetime) -> datetime | None:
    """The stated time by our own reading (zone-less is Beijing), by feedparser's where ours does not know the form.

    None where it lies more than a day ahead: nothing is published in the future.
    """
    found = _stated(entry, now=now)
    return found if found and found <= now + timedelta(days=1) else None


def _stated(entry: Any, *, now: datetime) -> datetime | None:
    for name in ("published", "updated", "created"):
        stated = entry.get(name, "")
        found = parse_time(stated, now=now) if stated else None
        if found:
            return found
        parsed = entry.get(f"{name}_parsed")
        if parsed:
            return datetime.fromtimestamp(timegm(parsed), UTC)
    return None
