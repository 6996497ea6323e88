"""The `discuz` kind: forum list to threads to every page of replies; each post is an entry of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scrapy import Request

from spiders.cursor import mark_of
from spiders.listener import Listener
from spiders.parse.discuz import Line, forums, read_forum, read_thread
from spiders.saved import Saved

MOST_PAGES = 100  # of one thread in one run
KNOWN_THREADS = 2000


class DiscuzListener(Listener):
    """Hears one forum, or every forum of a board's index."""

    def first(self) -> Iterator[Request]:
        """The list or index, and the young threads again, to see edits."""
        yield self.front(self.source.url, self.forum)
        for url in self.cursor.due(now=self.now, days=self.source.revisit):
            yield self.ask(url, self.thread, known=self.cursor.pages[url], optional=True, start=url)

    def forum(self, saved: Saved, number: int = 1, *, of_index: bool = False) -> Iterator[Request]:
        """One list page: the threads with something new, then the next page."""
        page = read_forum(saved)
        inner = [] if page.lines or of_index else forums(saved)
        if not page.lines and not inner:
            self.unreadable(saved, is_front=number == 1 and not of_index, what="页面上没有认出主题列表")
            return
        for url in inner:
            yield self.ask(url, self.forum, of_index=True)
        self.tally.listed += len(page.lines)
        fresh = [line for line in page.lines if self.cursor.is_new(line.url, mark_of(line.state))]
        for line in fresh:
            yield self.ask(self._from_where(line), self.thread, mark=mark_of(line.state), start=line.url)
        if (fresh or self.is_catching_up) and page.following and number < self.source.pages:
            yield self.ask(page.following, self.forum, number=number + 1, of_index=of_index, optional=True)

    def thread(self, saved: Saved, start: str, mark: str = "", first: str = "", number: int = 1) -> Iterator[Request]:
        """One page of a thread, then the next. `start` is the thread's own address, by which it is remembered."""
        page = read_thread(saved, now=self.now)
        if not page.posts:
            self.unreadable(saved, is_front=False, what="主题页上没有认出帖子")
            return
        self.leave_out(page.skipped)
        threads = self.cursor.marks.setdefault("threads", {})
        first = page.first or first or threads.get(page.tid, ["", ""])[1]
        for post in page.posts:
            heard = post if post.url == first else replace(post, reply_to=first)
            if self.cursor.says_new(heard.url, mark_of(heard.text)):
                self.hear(heard)
        threads.pop(page.tid, None)
        threads[page.tid] = [saved.asked, first]
        if page.following and number < MOST_PAGES:
            yield self.ask(page.following, self.thread, start=start, mark=mark, first=first, number=number + 1)
            return
        own = replace(saved, asked=start) if not first or number == 1 else replace(saved, asked=start, headers={})
        self.cursor.page(own, now=self.now, published=page.posts[-1].published_at, mark=mark)

    def finish(self) -> None:
        """Forget the threads longest unread."""
        threads = self.cursor.marks.get("threads", {})
        self.cursor.marks["threads"] = dict(list(threads.items())[-KNOWN_THREADS:])

    def _from_where(self, line: Line) -> str:
        """The last page read of a known thread, else its first page."""
        known = self.cursor.marks.get("threads", {}).get(line.tid)
        return str(known[0]) if known else line.url
