"""What every spider shares: asking politely and conditionally, naming every bad answer, handing entries through the gate."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from spiders.aside import Aside, Kept, kept_step
from spiders.classify import classify, retry_after
from spiders.cursor import Cursor, Known, mark_of
from spiders.failures import why
from spiders.gallery import Gallery
from spiders.heard import Heard
from spiders.job import Job
from spiders.outcome import Tally, conclude
from spiders.outcome import message as sentence
from spiders.parse.feed import Feed
from spiders.privacy import Gate
from spiders.refusal import RequestRefusedError
from spiders.rest import HURRIED
from spiders.revisit import Looks, is_missing
from spiders.rhythm import rhythm
from spiders.saved import Saved
from spiders.spool import Closing, Writer
from store.stages import Engagement, HarvestState, Sighting

STOPPING = 3  # pages refused in one run before it stops asking
OURS = {*range(400, 600), 304}  # answers the spiders judge themselves; redirects are Scrapy's
SAID = {
    400: "请求无效（400）",
    401: "要求登录（401）",
    403: "拒绝访问（403）",
    404: "页面不存在（404）",
    410: "页面已删除（410）",
    412: "被防火墙拦截（412）",
    418: "拒绝自动访问（418）",
    429: "请求过多（429）",
    432: "拒绝未登录的访问（432）",
    521: "被防火墙拦截（521）",
}

Answer = Iterator[Request]
Then = Callable[..., Answer]


class Listener(Spider):
    """A spider that hears one source once; kinds override `first` and parse in callbacks that take a Saved."""

    name = "listener"

    def __init__(self, *, job: Job) -> None:
        super().__init__(name=job.source.slug)
        self.source, self.now, self.limits = job.source, job.now, job.limits
        self.before, self.cursor = job.cursor, Cursor.from_json(job.cursor)
        self.tally = Tally()
        self.out = Writer(job.spool)
        self.gate = Gate(job.secret.read_text(encoding="ascii").strip().encode(), job.limits.author_key_days)
        self.looks = Looks()
        self.aside = Aside(job.archive.parent if job.archive else None)
        self.sightings: dict[str, Engagement] = {}
        self.holds: dict[str, str] = {}  # address of a page to the URL of the first thing it held
        self.reading: Kept | None = None  # the answer under the parser's eyes
        self.refusals, self.was_sent_away = 0, False
        self.wanted: datetime | None = None  # when a refusing site wants to be asked again, as it said
        self.is_catching_up = bool(self.cursor.marks.pop("behind", False))  # the last run left list pages unread
        self.gallery = Gallery(ask=self._ask_beside, release=self._hand_over)

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

    def first(self) -> Answer:
        """The requests a run starts with; every kind has its own."""
        raise NotImplementedError

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
        saved = _saved(response, self.source.encoding)
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
            yield from self.bad(state, _told(saved, state), meta)
            if state is HarvestState.BLOCKED:
                self._refused(saved, is_front=is_front)
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

    def tell(self, heard: Heard, *wording: object) -> None:
        """Hear what is new or reads otherwise than before; of the rest only the public counts are handed over.

        `wording` is what makes it another wording: title, text, time of the edit.
        """
        if self.cursor.says_new(heard.url, mark_of(*wording)):
            self.hear(heard)
        else:
            self.count(heard)

    def count(self, heard: Heard) -> None:
        """Hand over the public counts of a known thing that reads as before."""
        self._holds(heard)
        if heard.engagement != Engagement():
            self.sightings[heard.url] = heard.engagement

    def hear(self, heard: Heard) -> None:
        """Hand one thing through the privacy gate to the spool, after its pictures where the source wants them.

        One that the gate cannot take is set aside with its answer.
        """
        self._holds(heard)
        if self.source.images and heard.images:
            self.gallery.take(heard)
        else:
            self._hand_over(heard)

    def _holds(self, heard: Heard) -> None:
        if self.reading:
            self.holds.setdefault(self.reading.saved.asked, heard.url)

    def took(self, feed: Feed, saved: Saved, *, is_front: bool = True) -> None:
        """Note what a feed held and what was wrong with it; the validators of its first page join the cursor."""
        if feed.trouble and not (is_front and self.tally.front_troubles):
            state = HarvestState.TRUNCATED if feed.is_cut else HarvestState.PARTIAL
            self.tally.trouble(state, f"{feed.trouble}（{saved.asked}）", front=is_front)
        self.tally.listed += len(feed.items)
        self.leave_out(feed.skipped)
        if is_front:
            self.cursor.front(saved, now=self.now)

    def leave_out(self, reasons: tuple[str, ...]) -> None:
        """Note odd records that are skipped; the answer that holds them is set aside."""
        self.tally.skipped += len(reasons)
        if reasons and self.reading and not is_missing(self.reading.saved):
            self.aside.put(self.reading, f"{len(reasons)} 条记录无法读取：{reasons[0]}")
        for reason in reasons:
            self.logger.warning("source=%s skipped: %s", self.source.slug, reason)

    def unreadable(self, saved: Saved, *, is_front: bool, what: str) -> None:
        """Note a page that answered well but holds nothing we can read."""
        self.tally.trouble(HarvestState.PARSE_FAILED, f"{what}（{saved.asked or saved.url}）", front=is_front)
        if self.reading:
            self.aside.put(self.reading, what)

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
        for url, held in self.holds.items():
            if url != held and url in self.cursor.pages:
                self.cursor.pages[url].held = held
        state, message = conclude(self.tally, self.source)
        self._remember_refusal(state)
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
        told = sentence(HarvestState.FAILED, f"磁盘写不进去（{error.strerror}），请腾出空间")
        self.out.close(replace(closing, state=HarvestState.FAILED, message=told, cursor=self.before))

    def _hand_over(self, heard: Heard) -> None:
        try:
            entry = self.gate.entry(heard, self.source, now=self.now)
        except Exception as error:  # noqa: BLE001 - an odd thing costs only itself, and nothing passes the gate unmasked
            self.leave_out((f"隐私过滤出错 {type(error).__name__}",))
            return
        self.tally.entries += 1
        self.out.add(entry)

    def _ask_beside(self, request: Request) -> None:
        self.crawler.engine.crawl(request)

    def _count(self, is_front: bool, how: str) -> None:
        name = f"{'fronts' if is_front else 'inner'}_{how}"
        setattr(self.tally, name, getattr(self.tally, name) + 1)

    def _refused(self, saved: Saved, *, is_front: bool) -> None:
        self.wanted = retry_after(saved, now=self.now) or self.wanted
        self.refusals += 1
        if is_front or saved.status in HURRIED or self.refusals >= STOPPING:
            self.was_sent_away = True
            raise CloseSpider("refused")

    def _remember_refusal(self, state: HarvestState) -> None:
        """A site that sent us away is left alone for a while; one that let us in is not held to what it did before."""
        if state is HarvestState.LOGIN_WALL or self.was_sent_away or self.wanted:
            as_state = HarvestState.LOGIN_WALL if state is HarvestState.LOGIN_WALL else HarvestState.BLOCKED
            troubles = (*self.tally.front_troubles, *self.tally.inner_troubles)
            told = next((trouble.detail for trouble in troubles if trouble.state is as_state), "")
            self.cursor.refused(as_state.value, told, now=self.now, until=self.wanted)
        elif self.tally.fronts_read or self.tally.fronts_unchanged:
            self.cursor.welcome()


def _saved(response: Response, encoding: str) -> Saved:
    headers = {k.decode("latin-1").lower(): b",".join(v).decode("latin-1") for k, v in response.headers.items()}
    return Saved(
        url=response.url,
        body=response.body,
        status=response.status,
        headers=headers,
        asked=response.meta["asked"],
        encoding=encoding,
        is_cut="dataloss" in response.flags,
    )


def _told(saved: Saved, state: HarvestState) -> str:
    where = saved.asked or saved.url
    said = SAID.get(saved.status, f"回答 {saved.status}") if saved.status >= 400 else _plain(saved, state)
    again = saved.headers.get("retry-after", "")
    return f"{said}{f'，要求 {again} 秒后再来' if again.isdigit() else ''}（{where}）"


def _plain(saved: Saved, state: HarvestState) -> str:
    return {
        HarvestState.EMPTY: f"回答 200，正文 {len(saved.body)} 字节",
        HarvestState.LOGIN_WALL: "转到了登录页" if saved.url != saved.asked else "页面要求登录",
        HarvestState.BLOCKED: "出现验证码或拦截页面",
        HarvestState.TRUNCATED: f"只收到 {len(saved.body)} 字节，正文不完整",
        HarvestState.PARSE_FAILED: f"返回的不是文字（{saved.content_type or '类型不明'}）",
    }.get(state, state.value)
