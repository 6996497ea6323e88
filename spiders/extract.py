"""A news page to title, text, time and publisher: trafilatura's body, the head's metadata, and what Chinese pages need besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import trafilatura

from spiders.dates import find_time, parse_time
from spiders.parse.text import document, element_text, tidy
from spiders.saved import decode
from spiders.urls import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One article; "" and None where the page does not say."""

    url: str  # canonical
    title: str
    text: str
    published_at: datetime | None
    publisher: str = ""


def extract(html: bytes | str, *, url: str, now: datetime, select: Mapping[str, str] | None = None) -> Page:
    """The article on a page."""
    text = decode(html) if isinstance(html, bytes) else html
    page = document(text)
    if page is None:
        return Page(url=canonical(url), title="", text="", published_at=None)
    body = trafilatura.extract(text, url=url, include_comments=False, favor_recall=True) or ""
    heads = page.xpath("//h1") or page.xpath("//title")
    stated = page.xpath("//meta[contains(@property,'published_time')]/@content")
    published = parse_time(stated[0], now=now) if stated else find_time(element_text(page), now=now)
    title = element_text(heads[0]) if heads else ""
    return Page(url=canonical(url), title=title, text=tidy(body), published_at=published)


def page_row(page: Page) -> dict[str, object]:
    """The page as `chaoxin extract` prints it."""
    return {
        "url": page.url,
        "title": page.title,
        "text": page.text,
        "published_at": page.published_at.isoformat() if page.published_at else None,
        "publisher": page.publisher,
    }
