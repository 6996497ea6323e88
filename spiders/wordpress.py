"""The `wordpress` kind: posts (and comments) by the REST API, back to the newest change known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from scrapy import Request

from spiders.cursor import mark_of
from spiders.listener import Listener
from spiders.parse.wordpress import (
    COMMENT_FIELDS,
    COMMENTS,
    PER_PAGE,
    POST_FIELDS,
    POSTS,
    Answered,
    endpoint,
    plain,
    read_comments,
    read_posts,
)
from spiders.saved import Saved
from spiders.told import SAID
from store.stages import HarvestState

MOST_PAGES = 50  # of one run when catching up: 5,000 changes
READERS: dict[str, Callable[..., Answered]] = {POSTS: read_posts, COMMENTS: read_comments}


class WordPressListener(Listener):
    """Hears one WordPress site."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.newest: dict[str, str] = self.cursor.marks.setdefault("newest", {})  # by route, the site's own clock
        self.met: dict[str, str] = {}  # the newest change seen in this run
        self.is_whole = {POSTS: False, COMMENTS: False}  # whether a route was read down to what is known

    def first(self) -> Iterator[Request]:
        """The newest changes of each route."""
        site = self.cursor.marks.get("site", self.source.url)
        yield self.front(self.address(site, POSTS), self.page, route=POSTS, site=site)
        if self.source.comments:
            yield self.front(self.address(site, COMMENTS), self.page, route=COMMENTS, site=site)

    def address(self, site: str, route: str, number: int = 1) -> str:
        """One page of a route: what changed after the newest change known, newest first."""
        bound = _just_before(self.newest.get(route, ""))
        if route == POSTS:
            query = {"_embed": "author", "_fields": POST_FIELDS, "modified_after": bound, "orderby": "modified"}
        else:
            query = {"_fields": COMMENT_FIELDS, "after": bound, "orderby": "date"}
        return endpoint(site, route, **query, order="desc", per_page=PER_PAGE, page=number)

    def page(self, saved: Saved, route: str, site: str, number: int = 1) -> Iterator[Request]:
        """One page: what is new on it, then the next until the newest change known is reached."""
        found = READERS[route](saved, now=self.now)
        if not found.is_answer:
            self.unreadable(saved, is_front=number == 1, what="回答不是 WordPress 的接口数据")
            return
        self.cursor.marks["site"] = site
        self.leave_out(found.skipped)
        self.tally.listed += len(found.made)
        bound = self.newest.get(route, "")
        for one in found.made:
            self.met[route] = max(self.met.get(route, bound), one.changed)
            if self.cursor.says_new(one.heard.url, mark_of(one.heard.title, one.heard.text)):
                self.hear(one.heard)
        # An old WordPress does not know modified_after and goes on below the bound.
        reaches = bool(bound and found.made and found.made[-1].changed <= bound)
        most = MOST_PAGES if bound else self.source.pages
        if not reaches and number < min(found.pages, most):
            yield self.ask(self.address(site, route, number + 1), self.page, route=route, site=site, number=number + 1)
            return
        self.is_whole[route] = True
        if bound and not reaches and number < found.pages:
            self.tally.trouble(HarvestState.PARTIAL, f"改动太多，只读了最近 {number} 页（{saved.asked}）", front=False)

    def front(self, url: str, then: Any, **kept: Any) -> Request:
        """Ask for the first page of a route; the API gives no validators."""
        return self.ask(url, then, is_front=True, **kept)

    def bad(self, state: HarvestState, detail: str, meta: dict[str, Any]) -> Iterator[Request]:
        """Where the pretty address is not found the plain one is asked, once."""
        kept = meta["kept"]
        if SAID[404] in detail and meta["is_front"] and "rest_route" not in kept["site"]:
            site = plain(kept["site"])
            yield self.front(self.address(site, kept["route"]), self.page, route=kept["route"], site=site)
            return
        yield from super().bad(state, detail, meta)

    def finish(self) -> None:
        """What was read down to the known is known from now on; a route cut short is read again from the old bound."""
        self.newest.update({route: self.met[route] for route in self.met if self.is_whole[route]})


def _just_before(moment: str) -> str:
    """A second earlier: the API leaves out what changed in the second it is given, and two changes may share one."""
    try:
        return (datetime.fromisoformat(moment) - timedelta(seconds=1)).isoformat()
    except ValueError:
        return moment
