"""The `feed` kind: RSS and Atom; where the feed holds only summaries and `follow` is set, the article is fetched."""

from __future__ import annotations

from collections.abc import Iterator

from scrapy import Request

from spiders.cursor import mark_of
from spiders.extract import extract
from spiders.heard import Heard
from spiders.listener import Listener
from spiders.parse.feed import Item, read_feed
from spiders.saved import Saved


class FeedListener(Listener):
    """Hears one feed."""

    def first(self) -> Iterator[Request]:
        """The feed, and the young articles that were followed before."""
        yield self.front(self.source.url, self.feed)
        if self.source.follow:
            for url in self.cursor.due(now=self.now, days=self.source.revisit):
                yield self.ask(url, self.article, known=self.cursor.pages[url], optional=True)

    def feed(self, saved: Saved) -> Iterator[Request]:
        """Items to entries, or to their articles."""
        feed = read_feed(saved, now=self.now)
        if not feed.is_feed:
            self.unreadable(saved, is_front=True, what=feed.trouble)
            return
        self.took(feed, saved)
        for item in feed.items:
            yield from self.item(item)

    def item(self, item: Item) -> Iterator[Request]:
        """One item: heard as it is, or followed to its article."""
        mark = mark_of(item.heard.title, item.heard.text, item.updated)
        if not (self.source.follow and item.link and not item.is_whole):
            self.tell(item.heard, item.heard.title, item.heard.text, item.updated)
        elif self.cursor.is_new(item.link, mark):
            known = self.cursor.pages.get(item.link)
            yield self.ask(item.link, self.article, known=known, mark=mark, fallback=item.heard)

    def article(self, saved: Saved, mark: str = "", fallback: Heard | None = None) -> Iterator[Request]:
        """A followed article; what its page does not say is the feed's."""
        page = extract(saved.text, url=saved.url, now=self.now)
        if not page.text and fallback is None:
            return
        told = fallback or Heard(url=page.url)
        self.cursor.page(saved, now=self.now, published=page.published_at or told.published_at, mark=mark)
        heard = Heard(
            url=told.url,
            title=page.title or told.title,
            text=page.text or told.text,
            published_at=told.published_at or page.published_at,
            author=told.author,
            publisher=page.publisher or told.publisher,
        )
        self.tell(heard, heard.title, heard.text)
        yield from ()
