"""The `feed` kind: RSS, Atom and JSON Feed, page by page; where it holds only summaries and `follow` is set, the article is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrapy import Request

from spiders.cursor import mark_of
from spiders.extract import extract_saved
from spiders.heard import Heard
from spiders.listener import Listener
from spiders.parse.feed import Item
from spiders.parse.json_feed import read_any_feed
from spiders.saved import Saved
from spiders.told import SAID
from store.stages import HarvestState

DEEPER = "deeper"  # pages of older items that were due and could not be had yet
MOST_DEEPER = 5


class FeedListener(Listener):
    """Hears one feed."""

    def first(self) -> Iterator[Request]:
        """The feed, the older pages an earlier run could not have, and the young articles that were followed before."""
        yield self.front(self.source.url, self.feed)
        for url in self.deeper[:MOST_DEEPER]:
            yield self.ask(url, self.feed, number=2)
        if self.source.follow:
            for url in self.cursor.due(now=self.now, days=self.source.revisit):
                yield self.ask(url, self.article, known=self.cursor.pages[url], optional=True)

    @property
    def deeper(self) -> list[str]:
        """The pages of older items that are due; one leaves the list when it was read."""
        found: list[str] = self.cursor.marks.setdefault(DEEPER, [])
        return found

    def feed(self, saved: Saved, number: int = 1, *, is_guess: bool = False) -> Iterator[Request]:
        """Items to entries, or to their articles; then the page of older items while this one held anything new."""
        feed = read_any_feed(saved, now=self.now)
        if saved.asked in self.deeper:
            self.deeper.remove(saved.asked)
        if not feed.is_feed:
            if not is_guess:
                self.unreadable(saved, is_front=number == 1, what=feed.trouble)
            return
        self.took(feed, saved, is_front=number == 1)
        fresh = [item for item in feed.only(self.source.only) if self.is_new(item)]
        for item in fresh:
            yield from self.item(item)
        if fresh and feed.following not in ("", saved.url, saved.asked) and number < self.source.pages:
            self.deeper.append(feed.following)
            yield self.ask(feed.following, self.feed, number=number + 1, is_guess=feed.is_guess)

    def bad(self, state: HarvestState, detail: str, meta: dict[str, Any]) -> Iterator[Request]:
        """A page past the last that WordPress's custom made us guess is no trouble: it ends there."""
        if meta["kept"].get("is_guess") and SAID[404] in detail:
            self.cursor.marks[DEEPER] = [url for url in self.deeper if url != meta["asked"]]
            return
        yield from super().bad(state, detail, meta)

    def follows(self, item: Item) -> bool:
        """Whether an item's article is fetched."""
        return bool(self.source.follow and item.link and not item.is_whole)

    def is_new(self, item: Item) -> bool:
        """Whether an item was never met or reads otherwise; what is heard as it is counts as met from here on."""
        if self.follows(item):
            return self.cursor.is_new(item.link, _mark(item))
        if self.cursor.says_new(item.heard.url, _mark(item)):
            return True
        self.count(item.heard)
        return False

    def item(self, item: Item) -> Iterator[Request]:
        """One new item: heard as it is, or followed to its article."""
        if not self.follows(item):
            self.hear(item.heard)
            return
        known = self.cursor.pages.get(item.link)
        yield self.ask(item.link, self.article, known=known, mark=_mark(item), fallback=item.heard)

    def article(self, saved: Saved, mark: str = "", fallback: Heard | None = None) -> Iterator[Request]:
        """A followed article; what its page does not say is the feed's."""
        page = extract_saved(saved, now=self.now)
        if not page.text and fallback is None:
            return
        told = fallback or Heard(url=page.url)
        self.cursor.page(saved, now=self.now, published=page.published_at or told.published_at, mark=mark)
        heard = Heard(
            url=told.url,
            title=page.title or told.title,
            text=page.text or told.text,
            published_at=told.published_at or page.published_at,
            author=told.author or page.author,
            publisher=page.publisher or told.publisher,
            engagement=page.engagement,
            images=page.images,
        )
        self.tell(heard, heard.title, heard.text)
        yield from ()


def _mark(item: Item) -> str:
    return mark_of(item.heard.title, item.heard.text, item.updated)
