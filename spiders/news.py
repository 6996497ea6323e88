"""The `news` kind: list pages to articles; known articles are read again only while they are young."""

from __future__ import annotations

from collections.abc import Iterator

from scrapy import Request

from spiders.cursor import mark_of
from spiders.extract import extract_saved
from spiders.heard import Heard
from spiders.listener import Listener
from spiders.parse.links import article_links, next_page
from spiders.saved import Saved


class NewsListener(Listener):
    """Hears one column of a news site."""

    def first(self) -> Iterator[Request]:
        """The first list page, and the young articles again, to see edits."""
        yield self.front(self.source.url, self.list_page)
        for url in self.cursor.due(now=self.now, days=self.source.revisit):
            yield self.ask(url, self.article, known=self.cursor.pages[url], optional=True)

    def list_page(self, saved: Saved, number: int = 1) -> Iterator[Request]:
        """One list page: its new articles, then the next page while there is anything new on this one."""
        links = article_links(saved, self.source.select)
        if not links:
            self.unreadable(saved, is_front=number == 1, what="列表页上没有认出文章链接")
            return
        self.tally.listed += len(links)
        if number == 1:
            self.cursor.front(saved, now=self.now)
        fresh = [link for link in links if self.cursor.is_new(link.url, mark_of(link.title))]
        for link in fresh:
            known = self.cursor.pages.get(link.url)
            yield self.ask(link.url, self.article, known=known, mark=mark_of(link.title))
        following = next_page(saved, self.source.select)
        if (fresh or self.is_catching_up) and following and number < self.source.pages:
            yield self.ask(following, self.list_page, number=number + 1, optional=True)

    def article(self, saved: Saved, mark: str = "") -> Iterator[Request]:
        """One article's page."""
        heard = self.read(saved)
        if heard is None:
            self.unreadable(saved, is_front=False, what="没有认出正文")
            return
        self.cursor.page(saved, now=self.now, published=heard.published_at, mark=mark)
        self.tell(heard, heard.title, heard.text)
        yield from ()

    def read(self, saved: Saved) -> Heard | None:
        """The article on a page, None where there is none."""
        page = extract_saved(saved, now=self.now, select=self.source.select)
        if not page.text:
            return None
        return Heard(
            url=page.url,
            title=page.title,
            text=page.text,
            published_at=page.published_at,
            author=page.author,
            publisher=page.publisher,
            engagement=page.engagement,
            images=page.images,
        )
