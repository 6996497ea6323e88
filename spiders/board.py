"""The `board` kind: any board of list, threads and posts, read by the selectors of its source file alone."""

from __future__ import annotations

from collections import Counter
from typing import Any

from spiders.parse.board import read_board_list, read_board_thread, unfound
from spiders.parse.threads import ListPage, ThreadPage
from spiders.saved import Saved
from spiders.threads import ThreadListener
from store.stages import HarvestState

ENOUGH_POSTS = 3  # a selector that found nothing in so many posts is wrong; a lone post may lack an author or a time


class BoardListener(ThreadListener):
    """Hears one board, or one forum of it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.posts = self.read = 0
        self.unfound: Counter[str] = Counter()

    def read_list(self, saved: Saved) -> ListPage:
        """A list page by `list`, `thread`, `replies`, `last` and `next`."""
        return read_board_list(saved, self.source.select)

    def read_thread(self, saved: Saved, start: str) -> ThreadPage:
        """A page of a thread by `post`, `author`, `time`, `text`, `title` and `thread_next`."""
        page = read_board_thread(saved, self.source.select, start=start, now=self.now)
        if page.posts:
            self.read += 1
            self.posts += len(page.posts)
            self.unfound.update(page.unfound)
        return page

    def finish(self) -> None:
        """Name the selectors that found nothing on any page of the run."""
        for name, times in sorted(self.unfound.items()):
            if times == self.read and self.posts >= ENOUGH_POSTS:
                detail = f"{unfound(name, self.source.select, f'读到的 {self.read} 个主题页')}，其余内容已收下"
                self.tally.trouble(HarvestState.PARSE_FAILED, detail, front=False)
        super().finish()
