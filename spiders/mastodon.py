"""The `mastodon` kind: public, tag and account timelines, read back to the newest status known; a gap is remembered and filled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urljoin

from scrapy import Request

from spiders.cursor import mark_of
from spiders.parse.mastodon import Status, Timeline, paged, parameter, reaches, read_timeline
from spiders.replies import ReplyListener
from spiders.rhythm import HOUR, rhythm
from spiders.saved import Saved

MOST_PAGES = 50  # of one timeline in one run when catching up; the rest is the gap of the next run


class MastodonListener(ReplyListener):
    """Hears the timelines of one server."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.timelines: dict[str, dict[str, Any]] = self.cursor.marks.setdefault("timelines", {})

    def first(self) -> Iterator[Request]:
        """Each timeline from its newest page down, and what an earlier run left out."""
        for url in self._urls():
            mark = self.timelines.setdefault(url, {"newest": "", "gaps": [], "reread": 0})
            floor = mark["newest"]
            is_rereading = bool(floor) and self._age(mark) >= rhythm().timeline_look_hours * HOUR
            if is_rereading or not floor:
                mark["reread"] = int(self.now.timestamp())
            bound = "" if is_rereading else floor
            yield self.ask(
                paged(url, since_id=bound),
                self.page,
                is_front=True,
                timeline=url,
                floor=floor,
                is_rereading=is_rereading,
            )
            for ceiling, bottom in mark["gaps"]:
                below = paged(url, max_id=ceiling, since_id=bottom)
                yield self.ask(below, self.page, timeline=url, floor=bottom, number=2)
        for url in self.cursor.due(now=self.now, days=self.source.revisit):
            yield self.ask(url, self.there, optional=True)

    def page(
        self, saved: Saved, timeline: str, floor: str, number: int = 1, *, is_rereading: bool = False
    ) -> Iterator[Request]:
        """One page: its statuses, then the next older page until the newest known one is reached.

        Rereading goes on below it, as deep as the source's pages and days of revisiting say.
        """
        found = read_timeline(saved, now=self.now)
        if not found.is_timeline:
            self.unreadable(saved, is_front=number == 1, what="回答不是 Mastodon 时间线")
            return
        self.leave_out(found.skipped)
        self.tally.listed += len(found.ids)
        mark = self.timelines[timeline]
        if number == 1 and found.ids:
            mark["newest"] = found.ids[0]
        gap = [parameter(saved.asked, "max_id"), floor]
        if gap in mark["gaps"]:
            mark["gaps"].remove(gap)
        for status in found.statuses:
            self._meet(status)
        if is_rereading and not self.source.tags:
            self._miss(found.ids)
        if floor and found.ids and reaches(found.ids, floor):
            floor = ""
            is_last = not is_rereading
        else:
            is_last = not found.ids
        if is_last or (not floor and self._is_deep(found, number, is_rereading=is_rereading)):
            yield from self.parents()
            return
        if floor:  # whatever ends this run before the next page is read, the next run goes on here
            mark["gaps"].append([found.ids[-1], floor])
        if number < MOST_PAGES:
            older = paged(timeline, max_id=found.ids[-1], since_id=parameter(saved.asked, "since_id"))
            yield self.ask(
                older, self.page, timeline=timeline, floor=floor, number=number + 1, is_rereading=is_rereading
            )

    def there(self, saved: Saved) -> Iterator[Request]:
        """A status that its timeline no longer lists and that is there all the same."""
        self.cursor.pages.pop(saved.asked, None)
        yield from ()

    def _miss(self, ids: tuple[str, ...]) -> None:
        """Statuses we hold that a page of the timeline should list and does not: their own addresses are asked later."""
        numbers = sorted(int(number) for number in ids if number.isdigit())
        for number, address in self.addresses.items() if numbers else ():
            is_within = number.isdigit() and numbers[0] < int(number) < numbers[-1]
            if is_within and number not in ids and address in self.cursor.things:
                url = urljoin(self.source.url, f"/api/v1/statuses/{quote(number)}")
                self.cursor.suspect(url, held=address, now=self.now)

    def _age(self, mark: dict[str, Any]) -> float:
        return self.now.timestamp() - float(mark["reread"])

    def _urls(self) -> list[str]:
        tags = [urljoin(self.source.url, f"/api/v1/timelines/tag/{quote(tag)}") for tag in self.source.tags]
        return [self.source.url, *tags]

    def _is_deep(self, found: Timeline, number: int, *, is_rereading: bool) -> bool:
        oldest = min((s.heard.published_at for s in found.statuses if s.heard.published_at), default=None)
        is_old = bool(oldest and oldest < self.now - timedelta(days=self.source.revisit))
        return number >= self.source.pages or (is_rereading and is_old)

    def _meet(self, status: Status) -> None:
        self.addresses.pop(status.id, None)
        self.addresses[status.id] = status.heard.url
        if not self.cursor.says_new(status.heard.url, mark_of(status.heard.text, status.edited)):
            self.count(status.heard)
            return
        self.hear_reply(status)
