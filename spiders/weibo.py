"""The `weibo` kind: the public search and hot list of m.weibo.cn; off by default, never logged in, every refusal shown."""

from __future__ import annotations

from collections.abc import Iterator

from scrapy import Request
from scrapy.exceptions import CloseSpider

from spiders.cursor import mark_of
from spiders.listener import Listener
from spiders.parse.weibo import container, read_cards
from spiders.saved import Saved
from store.stages import HarvestState


class WeiboListener(Listener):
    """Hears one container and the searches for the source's words."""

    def first(self) -> Iterator[Request]:
        """The container of the source's address, and a search for each of its words."""
        for word in ("", *self.source.tags):
            yield self.ask(container(self.source.url, word=word), self.page, is_front=True)

    def page(self, saved: Saved, number: int = 1) -> Iterator[Request]:
        """One page of posts or hot words, then the next while this one held anything new."""
        found = read_cards(saved, now=self.now)
        if found.refusal is not None:
            self.tally.trouble(found.refusal, f"{found.said}（{saved.asked}）", front=number == 1)
            if found.refusal is not HarvestState.PARSE_FAILED:
                raise CloseSpider("refused")  # a site that shows the door is not asked again in this run
            return
        self.leave_out(found.skipped)
        self.tally.listed += len(found.heard)
        fresh = [one for one in found.heard if self.cursor.says_new(one.url, mark_of(one.title, one.text))]
        for one in fresh:
            self.hear(one)
        if fresh and number < self.source.pages:
            yield self.ask(container(saved.asked, page=number + 1), self.page, number=number + 1)
