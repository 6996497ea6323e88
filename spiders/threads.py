"""What the kinds that go from a list to threads to posts share: which threads are read, from where, and what is remembered of them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scrapy import Request

from spiders.cursor import mark_of
from spiders.heard import Heard
from spiders.listener import Listener
from spiders.parse.threads import Line, ListPage, ThreadPage, counted
from spiders.saved import Saved
from store.stages import Engagement, HarvestState

MOST_PAGES = 100  # of one thread in one run
KNOWN_THREADS = 2000
LONG_AGO = datetime.fromtimestamp(0, UTC)  # so that no look at a vanished thread is due
VANISHED = (404, 410)


class ThreadListener(Listener):
    """Hears a board: every post of every thread once. A kind overrides `read_list` and `read_thread`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # Thread to the page read last and the address of its first post.
        self.threads: dict[str, list[str]] = self.cursor.marks.setdefault("threads", {})
        self.asked: set[str] = set()  # thread pages asked in this run
        self.counts: dict[str, Engagement] = {}  # of each listed thread
        self.done: set[str] = set()  # threads read to their end in this run
        self.shown: dict[str, str] = {}  # marks of listed threads that are being read again anyway

    def list_address(self) -> str:
        """Where the list of threads is asked."""
        return self.source.url

    @abstractmethod
    def read_list(self, saved: Saved) -> ListPage:
        """One page of the list of threads."""

    @abstractmethod
    def read_thread(self, saved: Saved, start: str) -> ThreadPage:
        """One page of the thread that begins at `start`."""

    def first(self) -> Iterator[Request]:
        """The list, and the young threads again, to see edits."""
        yield self.front(self.list_address(), self.listed)
        for url in self.cursor.due(now=self.now, days=self.source.revisit):
            self.asked.add(url)
            yield self.ask(url, self.thread, known=self.cursor.pages[url], optional=True, start=url)

    def listed(self, saved: Saved, number: int = 1, *, of_index: bool = False) -> Iterator[Request]:
        """One page of the list: the threads with something new, then the next page."""
        page = self.read_list(saved)
        if page.trouble:
            self.unreadable(saved, is_front=number == 1 and not of_index, what=page.trouble)
            return
        if of_index and not page.lines:  # a forum's list names other forums; an index leads one step down only
            self.unreadable(saved, is_front=False, what="页面上没有认出主题列表")
            return
        for url in page.forums:
            yield self.ask(url, self.listed, of_index=True)
        if page.lines and number == 1 and not of_index:
            self.cursor.front(saved, now=self.now)
        self.tally.listed += len(page.lines)
        self.counts.update((line.url, line.engagement) for line in page.lines)
        fresh = [line for line in page.lines if self.cursor.is_new(line.url, mark_of(line.state) if line.state else "")]
        for line in fresh:
            yield from self._grown(line)
        if (fresh or self.is_catching_up) and page.following and number < self.source.pages:
            yield self.ask(page.following, self.listed, number=number + 1, of_index=of_index, optional=True)

    def thread(self, saved: Saved, start: str, mark: str = "", number: int = 1) -> Iterator[Request]:
        """One page of a thread, then the next. `start` is the thread's own address, by which it is remembered."""
        page = self.read_thread(saved, start)
        if page.is_gone:
            self._gone(start, mark)
            return
        if page.trouble:
            self.unreadable(saved, is_front=False, what=page.trouble)
            return
        self.leave_out(page.skipped)
        first = page.first or self.threads.get(start, ["", ""])[1]
        for post in page.posts:
            heard = self._in_thread(post, first, start)
            self.tell(heard, heard.text)
        self.threads.pop(start, None)  # met again: it falls out last
        self.threads[start] = [page.here or saved.asked, first]
        if page.following and page.following not in self.asked and number < MOST_PAGES:
            self.asked.add(page.following)
            yield self.ask(page.following, self.thread, start=start, mark=mark, number=number + 1)
            return
        # Validators are of one page; those of a later page say nothing of the first.
        own = replace(saved, asked=start, headers=saved.headers if saved.asked == start else {})
        published = page.posts[-1].published_at if page.posts else None
        self.done.add(start)
        self.cursor.page(own, now=self.now, published=published, mark=mark or self.shown.get(start, ""))

    def bad(self, state: HarvestState, detail: str, meta: dict[str, Any]) -> Iterator[Request]:
        """A thread that vanished is left out, not a fault; one whose last page vanished is read from its beginning."""
        kept = meta["kept"]
        start = kept.get("start", "")
        if not start or kept.get("optional") or meta.get("status") not in VANISHED:
            yield from super().bad(state, detail, meta)
        elif meta["asked"] == start or start in self.asked:
            self._gone(start, kept["mark"], "主题" if meta["asked"] == start else "主题的后一页")
        else:
            self.threads.pop(start, None)
            self.asked.add(start)
            yield self.ask(start, self.thread, mark=kept["mark"], start=start)

    def finish(self) -> None:
        """Forget the threads longest unread."""
        self.cursor.marks["threads"] = dict(list(self.threads.items())[-KNOWN_THREADS:])

    def _grown(self, line: Line) -> Iterator[Request]:
        """Ask for a thread with something new: from the last page read where it is known."""
        mark = mark_of(line.state)
        known = self.threads.get(line.url)
        where = known[0] if known else line.url
        if where in self.asked:  # read again in this run anyway
            self.shown[line.url] = mark
            if line.url in self.done:
                self.cursor.pages[line.url].mark = mark
            return
        self.asked.add(where)
        yield self.ask(where, self.thread, mark=mark, start=line.url)

    def _in_thread(self, post: Heard, first: str, start: str) -> Heard:
        """The first post with the counts of its list; any other answers the first unless it names what it answers."""
        if post.url == first:
            return counted(post, self.counts.get(start, Engagement()))
        return post if post.reply_to else replace(post, reply_to=first)

    def _gone(self, start: str, mark: str, what: str = "主题") -> None:
        """Leave a vanished thread out, and ask for it again only when the list shows it otherwise."""
        self.tally.skipped += 1
        self.logger.info("source=%s %s is gone: %s", self.source.slug, what, start)
        self.cursor.page(Saved(url=start, body=b"", asked=start), now=self.now, published=LONG_AGO, mark=mark)
