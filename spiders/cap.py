"""The `cap` kind: an Atom or RSS feed whose items link to CAP 1.2 alerts; each alert is read once."""

from __future__ import annotations

from collections.abc import Iterator

from scrapy import Request

from spiders.cursor import mark_of
from spiders.listener import Listener
from spiders.parse.feed import read_feed
from spiders.parse.official import read_cap
from spiders.saved import Saved


class CapListener(Listener):
    """Hears one feed of official alerts."""

    def first(self) -> Iterator[Request]:
        """The feed."""
        yield self.front(self.source.url, self.feed)

    def feed(self, saved: Saved) -> Iterator[Request]:
        """Each alert the feed links to that was not read before."""
        feed = read_feed(saved, now=self.now)
        if not feed.is_feed:
            yield from self.alert(saved, is_front=True)  # some institutions publish the current alert at one address
            return
        self.took(feed, saved)
        for item in feed.only(self.source.only):
            mark = mark_of(item.updated)
            if item.link and self.cursor.is_new(item.link, mark):
                yield self.ask(item.link, self.alert, known=self.cursor.pages.get(item.link), mark=mark)

    def alert(self, saved: Saved, mark: str = "", *, is_front: bool = False) -> Iterator[Request]:
        """One CAP message."""
        heard = read_cap(saved, now=self.now)
        if heard is None:
            self.unreadable(saved, is_front=is_front, what="不是 CAP 1.2 预警")
            return
        self.cursor.page(saved, now=self.now, published=heard.published_at, mark=mark)
        if self.cursor.says_new(heard.url, mark_of(heard.raw)):
            self.hear(heard)
        yield from ()
