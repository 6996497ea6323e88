"""The `sitemap` kind: news sitemaps and the young sitemaps of an index to articles, read as the `news` kind reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Request

from spiders.cursor import mark_of
from spiders.heard import Heard
from spiders.news import NewsListener
from spiders.parse.sitemap import Listed, Sitemap, read_sitemap
from spiders.saved import Saved
from store.stages import HarvestState

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
MOST_DEPTH = 2  # an index may list sitemaps, not further indexes of indexes
MOST_UNDATED = 20_000  # addresses without a date remembered a sitemap


class SitemapListener(NewsListener):
    """Hears one site by its sitemap."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # By sitemap, digests of the addresses without a date that are known; the first sight of a sitemap is its archive.
        self.undated: dict[str, list[str]] = self.cursor.marks.setdefault("undated", {})
        self.children: list[str] = []

    def first(self) -> Iterator[Request]:
        """The sitemap or index, and the young articles again, to see edits."""
        yield self.front(self.source.url, self.sitemap)
        for url in self.cursor.due(now=self.now, days=self.source.revisit):
            yield self.ask(url, self.listed, known=self.cursor.pages[url], optional=True)

    def sitemap(self, saved: Saved, depth: int = 1, changed: datetime | None = None) -> Iterator[Request]:
        """One sitemap: its young articles that are new or changed, or the youngest sitemaps of an index."""
        found = read_sitemap(saved, now=self.now)
        if not found.is_sitemap or (not found.pages and depth > MOST_DEPTH):
            self.unreadable(saved, is_front=depth == 1, what=found.trouble or "站点地图套了太多层")
            return
        self.note(found, saved, is_front=depth == 1)
        for child in self.young(found.sitemaps)[: self.source.pages]:
            known = self.cursor.pages.get(child.url)
            if self.cursor.is_new(child.url, mark_of(child.changed)) or child.changed is None:
                yield self.ask(child.url, self.sitemap, known=known, depth=depth + 1, changed=child.changed)
        fresh = [p for p in self.young(found.pages) if p.date and self.cursor.is_new(p.url, _mark(p))]
        for page in [*fresh, *self.unknown([p for p in found.pages if not p.date], saved.asked)]:
            known = self.cursor.pages.get(page.url)
            yield self.ask(page.url, self.listed, known=known, mark=_mark(page), told=page, sitemap=saved.asked)
        if depth > 1:
            self.children.append(saved.asked)
            self.cursor.page(saved, now=self.now, published=LONG_AGO, mark=mark_of(changed))

    def unknown(self, pages: list[Listed], sitemap: str) -> list[Listed]:
        """The pages without a date that a sitemap did not list before; at its first sight none."""
        if sitemap not in self.undated:
            self.undated[sitemap] = [mark_of(page.url) for page in pages[-MOST_UNDATED:]]
            return []
        known = set(self.undated[sitemap])
        if len(pages) > MOST_UNDATED:
            self.leave_out(("没有日期的地址太多，只看末尾的一部分",))
        return [page for page in pages[-MOST_UNDATED:] if mark_of(page.url) not in known]

    def note(self, found: Sitemap, saved: Saved, *, is_front: bool) -> None:
        """Count what a sitemap held; the validators of the first join the cursor."""
        if found.trouble and not (is_front and self.tally.front_troubles):
            self.tally.trouble(HarvestState.TRUNCATED, f"{found.trouble}（{saved.asked}）", front=is_front)
        self.tally.listed += len(found.pages)
        self.leave_out(found.skipped)
        if is_front:
            self.cursor.front(saved, now=self.now)

    def young(self, listed: tuple[Listed, ...]) -> list[Listed]:
        """What changed within the source's days of revisiting, or says no date, newest first."""
        oldest = self.now - timedelta(days=self.source.revisit)
        kept = [one for one in listed if one.date is None or one.date >= oldest]
        return sorted(kept, key=lambda one: one.date or self.now, reverse=True)

    def listed(self, saved: Saved, mark: str = "", told: Listed | None = None, sitemap: str = "") -> Iterator[Request]:
        """One article; its title and time are the sitemap's where the page says none."""
        heard = self.read(saved)
        if heard is None:
            self.unreadable(saved, is_front=False, what="没有认出正文")
            return
        heard = self.with_listing(heard, told) if told else heard
        self.cursor.page(saved, now=self.now, published=heard.published_at, mark=mark)
        if told and not told.date:
            self.undated.setdefault(sitemap, []).append(mark_of(told.url))
        if self.cursor.says_new(heard.url, mark_of(heard.title, heard.text)):
            self.hear(heard)
        yield from ()

    def with_listing(self, heard: Heard, told: Listed) -> Heard:
        """The article with what only its listing says; a stated publication time is the publisher's own word."""
        return replace(
            heard,
            title=heard.title or told.title,
            published_at=told.published_at or heard.published_at or told.changed,
            publisher=heard.publisher or told.publisher,
        )

    def finish(self) -> None:
        """An article that could not be had is found again only by reading its sitemap again."""
        if self.tally.inner_troubles:
            for url in self.children:
                self.cursor.pages.pop(url, None)


def _mark(page: Listed) -> str:
    return mark_of(page.title, page.date)
