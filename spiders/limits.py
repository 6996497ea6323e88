"""How much of an answer is taken in: headers, layers of compression, kinds of content, and what one host gives in a day."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Headers, Response
from twisted.python.failure import Failure

from spiders.classify import is_no_text
from spiders.hosts import Budget, Ledger
from spiders.job import Job
from spiders.refusal import RequestRefusedError
from store.stages import HarvestState

HEADER_BYTES = 64 * 1024  # of one answer; browsers and servers stop between 8 and 256 KiB
LAYERS = 2  # of compression; a server that compresses through a proxy makes two, nobody makes three in good faith
BLOCK = 20  # requests taken from the day's budget at once


class HeaderFloodError(Exception):
    """The headers of an answer do not end."""


class NarrowHandler(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, with an end to how many bytes of headers it takes."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _narrow(self._pool._factory)  # type: ignore[assignment]


def _narrow(factory: type) -> type:
    class Factory(factory):  # type: ignore[misc]
        def buildProtocol(self, address: Any) -> Any:  # noqa: N802 - Twisted's name
            protocol = super().buildProtocol(address)
            _count_headers(protocol)
            return protocol

    return Factory


def _count_headers(protocol: Any) -> None:
    received, seen = protocol.dataReceived, 0

    def counting(data: bytes) -> None:
        nonlocal seen
        received(data)
        parser = protocol._parser
        seen = seen + len(data) if parser is not None and parser.state in ("STATUS", "HEADER") else 0
        if seen > HEADER_BYTES:
            protocol._giveUp(Failure(HeaderFloodError(seen)))  # type: ignore[no-untyped-call]

    protocol.dataReceived = counting


class TextOnly:
    """Stops an answer whose header says that it is no text, and one that is compressed over and over.

    A request whose meta holds `is_picture` takes anything, within the limit of size.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> TextOnly:
        """Scrapy's constructor."""
        middleware = cls()
        crawler.signals.connect(middleware.headers_received, signal=signals.headers_received)
        return middleware

    def headers_received(self, headers: Headers, body_length: int, request: Request, spider: Spider) -> None:  # noqa: ARG002
        """Raise StopDownload before the body of what cannot be read; the answer is then named by its content type."""
        declared = bytes(headers.get("Content-Type") or b"").decode("latin-1")
        if is_no_text(declared) and not request.meta.get("is_picture"):
            raise StopDownload(fail=False)

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002 - Scrapy's signature
        """The response, unless its body would have to be unpacked again and again."""
        layers = b",".join(response.headers.getlist("Content-Encoding")).split(b",")
        if len([layer for layer in layers if layer.strip()]) > LAYERS:
            raise RequestRefusedError(HarvestState.TRUNCATED, f"回答被压缩了 {len(layers)} 层，没有展开")
        return response


class HostBudget:
    """Counts requests and bytes by host against the day's budget, over all runs of this installation."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.budget = Budget(job.limits.host_requests, job.limits.host_bytes)
        self.left: dict[str, int] = {}
        self.received: dict[str, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostBudget:
        """Scrapy's constructor."""
        middleware = cls(crawler.settings["CHAOXIN_JOB"])
        crawler.signals.connect(middleware.spider_closed, signal=signals.spider_closed)
        return middleware

    def process_request(self, request: Request) -> None:
        """Raise RequestRefusedError when the day's budget of the host is spent."""
        if not self.job.hosts or not (self.budget.requests or self.budget.size):
            return
        host = urlsplit(request.url).hostname or ""
        if self.left.get(host, 0) < 1:
            self.left[host] = self._ledger(host).take(BLOCK, received=self.received.pop(host, 0))
        if self.left[host] < 1 or self._is_heavy(host):
            detail = (
                f"今天对 {host} 的访问额度已用完（{self.budget.requests} 次、{self.budget.size // 1_000_000} 兆字节）"
            )
            raise RequestRefusedError(HarvestState.PARTIAL, f"{detail}，余下的明天再取", is_ours=True)
        self.left[host] -= 1

    def process_response(self, request: Request, response: Response) -> Response:
        """The response, its bytes as they came over the wire counted."""
        host = urlsplit(request.url).hostname or ""
        self.received[host] = self.received.get(host, 0) + len(response.body)
        return response

    def spider_closed(self) -> None:
        """Book what was received and give back what was not asked."""
        for host, unused in self.left.items():
            self._ledger(host).give_back(unused, received=self.received.pop(host, 0))
        self.left.clear()

    def _is_heavy(self, host: str) -> bool:
        return bool(self.budget.size) and self.received.get(host, 0) >= self.budget.size

    def _ledger(self, host: str) -> Ledger:
        assert self.job.hosts is not None
        return Ledger(self.job.hosts, host, now=self.job.now, budget=self.budget)
