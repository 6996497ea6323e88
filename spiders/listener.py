"""What every spider shares: asking politely and conditionally, naming every bad answer, handing entries through the gate."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from spiders.classify import classify, retry_after
from spiders.cursor import Cursor, Known
from spiders.heard import Heard
from spiders.job import Job
from spiders.outcome import Tally, conclude
from spiders.parse.feed import Feed
from spiders.privacy import Gate
from spiders.saved import Saved
from spiders.spool import Closing, Writer
from store.stages import HarvestState

STOPPING = 3  # pages refused in one run before it stops asking
TIMEOUTS = {"TimeoutError", "DownloadTimeoutError", "TCPTimedOutError", "UserTimeoutError"}
OURS = {*range(400, 600), 304}  # answers the spiders judge themselves; redirects are Scrapy's
NO_HOST = "域名无法解析，或指向内网而未获允许（allow_private）"  # the resolver gives both the same error
SAID = {
    400: "请求无效（400）",
    401: "要求登录（401）",
    403: "拒绝访问（403）",
    404: "页面不存在（404）",
    410: "页面已删除（410）",
    418: "拒绝自动访问（418）",
    429: "请求过多（429）",
}

Answer = Iterator[Request]
Then = Callable[..., Answer]


class Listener(Spider):
    """A spider that hears one source once; kinds override `first` and parse in callbacks that take a Saved."""

    name = "listener"

    def __init__(self, *, job: Job) -> None:
        super().__init__(name=job.source.slug)
        self.source, self.now, self.limits = job.source, job.now, job.limits
        self.cursor = Cursor.from_json(job.cursor)
        self.tally = Tally()
        self.out = Writer(job.spool)
        self.gate = Gate(job.secret.read_text(encoding="ascii").strip().encode(), job.limits.author_key_days)
        self.refusals = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Listener:
        """Scrapy's constructor; signal handlers are bound methods, for Scrapy holds them weakly."""
        spider: Listener = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.broke, signal=signals.spider_error)
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
        saved = _saved(response, self.source.encoding)
        meta = response.meta
        kept, is_front = meta["kept"], meta["is_front"]
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
        yield from then(saved, **{k: v for k, v in kept.items() if k != "optional"})

    def unanswered(self, failure: Failure) -> Answer:
        """Name a request that brought no answer at all."""
        meta = failure.request.meta  # type: ignore[attr-defined]
        state, detail = _why(failure)
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

    def hear(self, heard: Heard) -> None:
        """Hand one thing through the privacy gate to the spool."""
        self.out.add(self.gate.entry(heard, self.source, now=self.now))
        self.tally.entries += 1

    def took(self, feed: Feed, saved: Saved) -> None:
        """Note what a feed held and what was wrong with it; its validators join the cursor."""
        if feed.trouble and not self.tally.front_troubles:
            state = HarvestState.TRUNCATED if feed.is_cut else HarvestState.PARTIAL
            self.tally.trouble(state, f"{feed.trouble}（{saved.asked}）", front=True)
        self.tally.listed += len(feed.items)
        self.leave_out(feed.skipped)
        self.cursor.front(saved, now=self.now)

    def leave_out(self, reasons: tuple[str, ...]) -> None:
        """Note odd records that are skipped."""
        self.tally.skipped += len(reasons)
        for reason in reasons:
            self.logger.warning("source=%s skipped: %s", self.source.slug, reason)

    def unreadable(self, saved: Saved, *, is_front: bool, what: str) -> None:
        """Note a page that answered well but holds nothing we can read."""
        self.tally.trouble(HarvestState.PARSE_FAILED, f"{what}（{saved.asked or saved.url}）", front=is_front)

    def broke(self, failure: Failure, response: Response) -> None:
        """A parser raised: the source's run is not good, and says so."""
        detail = f"解析出错 {failure.value.__class__.__name__}（{response.url}）"
        self.tally.trouble(HarvestState.PARSE_FAILED, detail, front=bool(response.meta.get("is_front")))

    def finish(self) -> None:
        """Hear what was held back; kinds that hold things back override it."""

    def closed(self, reason: str) -> None:
        """Write the closing record, the last thing a run does."""
        self.finish()
        if reason == "closespider_timeout":
            self.tally.trouble(HarvestState.TIMED_OUT, "超过本来源的最长运行时间", front=True)
        elif reason not in ("finished", "refused"):
            self.tally.trouble(HarvestState.FAILED, f"采集提前结束（{reason}）", front=True)
        if self.tally.inner_troubles or self.tally.front_troubles:
            self.cursor.fronts.clear()  # else a 304 of the list would hide what could not be had
        state, message = conclude(self.tally, self.source)
        stats = self.crawler.stats
        self.out.close(
            Closing(
                state=state,
                message=message,
                cursor=self.cursor.as_json(),
                requests=int(stats.get_value("downloader/request_count", 0)),
                bytes_received=int(stats.get_value("downloader/response_bytes", 0)),
                skipped=self.tally.skipped,
                unreadable=self.tally.unreadable,
            )
        )

    def _count(self, is_front: bool, how: str) -> None:
        name = f"{'fronts' if is_front else 'inner'}_{how}"
        setattr(self.tally, name, getattr(self.tally, name) + 1)

    def _refused(self, saved: Saved, *, is_front: bool) -> None:
        until = retry_after(saved, now=self.now)
        if until:
            self.cursor.blocked_until = int(until.timestamp())
        self.refusals += 1
        if is_front or saved.status in (418, 429, 503) or self.refusals >= STOPPING:
            raise CloseSpider("refused")


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
    }.get(state, state.value)


def _why(failure: Failure) -> tuple[HarvestState, str]:
    names = {cls.__name__ for cls in type(failure.value).__mro__}
    text = failure.getErrorMessage()
    if "robots.txt" in text:
        return HarvestState.ROBOTS_DENIED, "robots.txt 不允许"
    if names & TIMEOUTS:
        return HarvestState.TIMED_OUT, "等待回答超时"
    if "AddressRefusedError" in names:
        return HarvestState.UNREACHABLE, text
    if "max redirections" in text:
        return HarvestState.UNREACHABLE, "重定向次数过多"
    if names & {"CancelledError", "DownloadCancelledError"}:
        return HarvestState.FAILED, "回答过大，已停止接收"
    known = {"ConnectionRefusedError": "连接被拒绝", "DownloadConnectionRefusedError": "连接被拒绝"}
    known |= {"DNSLookupError": NO_HOST, "CannotResolveHostError": NO_HOST}
    said = next((known[name] for name in known if name in names), f"连接失败（{failure.value.__class__.__name__}）")
    return HarvestState.UNREACHABLE, said
