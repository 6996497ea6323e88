"""How every spider asks: politely and conditionally, naming every bad answer, and saying at the end how the run went."""

from __future__ import annotations

import traceback
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from spiders.aside import Kept, kept_step
from spiders.classify import classify
from spiders.cursor import Known
from spiders.failures import why
from spiders.hearing import Hearer
from spiders.job import Job
from spiders.outcome import conclude
from spiders.outcome import message as sentence
from spiders.received import received
from spiders.refusal import RequestRefusedError
from spiders.revisit import Looks
from spiders.rhythm import rhythm
from spiders.spool import Closing
from spiders.told import told
from spiders.welcome import Welcome
from store.stages import HarvestState, Sighting

OURS = {*range(400, 600), 304}  # answers the spiders judge themselves; redirects are Scrapy's

Answer = Iterator[Request]
Then = Callable[..., Answer]


class Listener(Hearer, ABC):
    """A spider that hears one source once; kinds override `first` and parse in callbacks that take a Saved."""

    name = "listener"

    def __init__(self, *, job: Job) -> None:
        super().__init__(job=job)
        self.before = job.cursor
        self.looks, self.welcome = Looks(), Welcome()
        self.is_catching_up = bool(self.cursor.marks.pop("behind", False))  # the last run left list pages unread

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Listener:
        """Scrapy's constructor; signal handlers are bound methods, for Scrapy holds them weakly."""
        spider: Listener = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.broke, signal=signals.spider_error)
        crawler.signals.connect(spider.dropped, signal=signals.request_dropped)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """The first requests."""
        for request in self.first():
            yield request

    @abstractmethod
    def first(self) -> Answer:
        """The requests a run starts with; every kind has its own."""

    def front(self, url: str, then: Then) -> Request:
        """Ask for a feed, list or timeline, conditionally where it gave validators."""
        return self.ask(url, then, known=self.cursor.fronts.get(url), is_front=True)

    def ask(self, url: str, then: Then, *, known: Known | None = None, is_front: bool = False, **kept: Any) -> Request:
        """A request whose good answer goes to `then(saved, **kept)`.

        In `kept`, `mark` is what the list says about the page, `fallback` is heard when the page cannot be had,
        `optional` makes a bad answer no trouble.
        """
        meta = {"handle_httpstatus_list": OURS, "asked": url, "is_front": is_front, "kept": kept}
        return Request(
            url,
            callback=self.answered,
            errback=self.unanswered,
            headers=known.validators if known else {},
            meta=meta,
            cb_kwargs={"then": then},
            dont_filter=is_front,
        )

    def answered(self, response: Response, then: Then) -> Answer:
        """Sort an answer: unchanged, refused, or content for `then`."""
        self.reading = None
        saved = received(response, self.source.encoding)
        meta = response.meta
        meta["status"] = saved.status
        kept, is_front = meta["kept"], meta["is_front"]
        if meta["asked"] in self.cursor.pages and self.looks.note(saved) and kept.get("optional"):
            return
        if saved.status == 304:
            self.cursor.unchanged(meta["asked"], now=self.now, mark=kept.get("mark", ""))
            self._count(is_front, "unchanged")
            return
        state = classify(saved)
        if state is not None:
            yield from self.bad(state, told(saved, state), meta)
            if state is HarvestState.BLOCKED and self.welcome.refused(saved, is_front=is_front, now=self.now):
                raise CloseSpider("refused")
            if not (state is HarvestState.TRUNCATED and is_front):
                return
        else:
            self._count(is_front, "read")
        given = {name: value for name, value in kept.items() if name != "optional"}
        yield from self.drive(then(saved, **given), kept_step(then, given, saved), meta)

    def unanswered(self, failure: Failure) -> Answer:
        """Name a request that brought no answer at all."""
        self.reading = None
        meta = failure.request.meta  # type: ignore[attr-defined]
        state, detail = why(failure)
        if isinstance(failure.value, RequestRefusedError) and failure.value.is_ours:
            self.cursor.marks["behind"] = True
            meta["kept"].pop("optional", None)  # what we left is never passed over in silence
        yield from self.bad(state, f"{detail}（{meta['asked']}）", meta)

    def bad(self, state: HarvestState, detail: str, meta: dict[str, Any]) -> Answer:
        """Note a bad answer; kinds may add requests."""
        kept = meta["kept"]
        if kept.get("fallback"):
            self.hear(kept["fallback"])
        if not kept.get("optional"):
            self.logger.warning("source=%s state=%s %s", self.source.slug, state.value, detail)
            self.tally.trouble(state, detail, front=meta["is_front"])
        yield from ()

    def drive(self, steps: Answer, kept: Kept, meta: dict[str, Any]) -> Answer:
        """Take a parser's steps; where it breaks, what it had found stays, the answer is set aside and the run says so."""
        while True:
            self.reading = kept  # another answer may have been read since the last step
            try:
                request = next(steps)
            except StopIteration:
                return
            except (CloseSpider, OSError):  # a full disk is no fault of the page
                raise
            except Exception as error:  # noqa: BLE001 - whatever a page does to a parser, it costs no other page
                what = f"解析出错 {type(error).__name__}"
                place = traceback.extract_tb(error.__traceback__)[-1]  # its message may quote the page: not for a log
                self.logger.warning("source=%s %s %s:%s", self.source.slug, what, place.filename, place.lineno)
                self.tally.trouble(
                    HarvestState.PARSE_FAILED, f"{what}（{kept.saved.url}）", front=bool(meta["is_front"])
                )
                self.aside.put(kept, what)
                if meta["kept"].get("fallback"):
                    self.hear(meta["kept"]["fallback"])
                return
            yield request

    def dropped(self, request: Request) -> None:
        """A redirect to an address that was asked before: where it was one of the same chain, the page goes round in a circle."""
        if request.url in request.meta.get("redirect_urls", ()):
            detail = f"重定向转了一圈又回到原处（{request.meta['asked']}）"
            for _ in self.bad(HarvestState.UNREACHABLE, detail, request.meta):
                pass  # no kind asks for anything instead of a page that goes round

    def broke(self, failure: Failure, response: Response) -> None:
        """Something beside the parsers raised: the source's run is not good, and says so."""
        if isinstance(failure.value, OSError):
            self.tally.trouble(HarvestState.FAILED, f"磁盘写不进去（{failure.value.strerror}），请腾出空间", front=True)
            return
        detail = f"解析出错 {failure.value.__class__.__name__}（{response.url}）"
        self.tally.trouble(HarvestState.PARSE_FAILED, detail, front=bool(response.meta.get("is_front")))

    def finish(self) -> None:
        """Hear what was held back; kinds that hold things back override it."""

    def closed(self, reason: str) -> None:
        """Write the closing record, the last thing a run does."""
        self.reading = None
        self.finish()
        self.gallery.rest()
        if reason == "closespider_timeout":
            self.tally.trouble(HarvestState.TIMED_OUT, "超过本来源的最长运行时间", front=True)
        elif reason not in ("finished", "refused"):
            self.tally.trouble(HarvestState.FAILED, f"采集提前结束（{reason}）", front=True)
        vanished = () if self.tally.front_troubles else self.looks.conclude(self.cursor, now=self.now, by=rhythm())
        stats = self.crawler.stats
        lost = stats.get_value("chaoxin/not_archived")
        if lost:
            self.tally.trouble(HarvestState.PARTIAL, f"原始响应未能存档（{lost}）", front=False)
        if self.tally.inner_troubles or self.tally.front_troubles:
            self.cursor.fronts.clear()  # else a 304 of the list would hide what could not be had
        self.keep_holds()
        state, message = conclude(self.tally, self.source)
        self.welcome.remember(self.cursor, self.tally, state, now=self.now)
        closing = Closing(
            state=state,
            message=message,
            cursor=self.cursor.as_json(),
            requests=int(stats.get_value("downloader/request_count", 0)),
            bytes_received=int(stats.get_value("downloader/response_bytes", 0)),
            skipped=self.tally.skipped,
            unreadable=self.tally.unreadable,
            listed=self.tally.listed,
            sightings=tuple(Sighting(url=u, engagement=e) for u, e in self.sightings.items()),
            vanished=vanished,
            unread=tuple(self.aside.found.values()),
        )
        try:
            self.out.close(closing)
        except OSError as error:
            self._close_in_need(closing, error)

    def _close_in_need(self, closing: Closing, error: OSError) -> None:
        """The disk took not all: what it took is handed over, and the old cursor, from which the next run hears the rest."""
        self.out.waiting.clear()
        self.logger.critical("source=%s the disk takes no more: %s", self.source.slug, error.strerror)
        message = sentence(HarvestState.FAILED, f"磁盘写不进去（{error.strerror}），请腾出空间")
        self.out.close(replace(closing, state=HarvestState.FAILED, message=message, cursor=self.before))

    def _count(self, is_front: bool, how: str) -> None:
        name = f"{'fronts' if is_front else 'inner'}_{how}"
        setattr(self.tally, name, getattr(self.tally, name) + 1)
