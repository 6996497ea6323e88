"""The `weibo` kind: the public search and hot list of m.weibo.cn; off by default, never logged in, every refusal shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrapy import Request

from spiders.cursor import mark_of
from spiders.listener import Listener
from spiders.parse.weibo import container, read_cards
from spiders.saved import Saved
from store.stages import HarvestState


class WeiboListener(Listener):
    """Hears one container and the searches for the source's words, one after the other: who is refused asks no more."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = ["", *self.source.tags]

    def first(self) -> Iterator[Request]:
        """The container of the source's address; each answer leads to the next search."""
        if self.words:
            yield self.ask(container(self.source.url, word=self.words.pop(0)), self.page, is_front=True)

    def page(self, saved: Saved, number: int = 1) -> Iterator[Request]:
        """One page of posts or hot words, then the next while this one held anything new, then the next word."""
        found = read_cards(saved, now=self.now)
        if found.refusal is not None:
            self.tally.trouble(found.refusal, f"{found.said}（{saved.asked}）", front=number == 1)
            if found.refusal is HarvestState.PARSE_FAILED:
                yield from self.first()
            return
        self.leave_out(found.skipped)
        self.tally.listed += len(found.heard)
        fresh = [one for one in found.heard if self.cursor.says_new(one.url, mark_of(one.title, one.text))]
        for one in fresh:
            self.hear(one)
        if fresh and number < self.source.pages:
            yield self.ask(container(saved.asked, page=number + 1), self.page, number=number + 1)
        else:
            yield from self.first()

    def bad(self, state: HarvestState, detail: str, meta: dict[str, Any]) -> Iterator[Request]:
        """A search that failed keeps the next one from being asked only where the site refused it."""
        yield from super().bad(state, detail, meta)
        if state not in (HarvestState.BLOCKED, HarvestState.LOGIN_WALL, HarvestState.ROBOTS_DENIED):
            yield from self.first()
