"""How we behave as a guest: Scrapy's settings and the middlewares that refuse, archive and wait."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Sequence
from datetime import UTC
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred

from spiders.archive import keep
from spiders.job import Job
from spiders.parse.links import on_same_site

LONGEST_PAUSE = 30.0  # seconds between two attempts of one request


class AddressRefusedError(IgnoreRequest):
    """A request that would leave the source's site or reach into a private network."""


def scrapy_settings(job: Job) -> dict[str, Any]:
    """Scrapy's settings for one run: robots.txt obeyed, slow, small, without cookies."""
    limits, source = job.limits, job.source
    delay = limits.delay_seconds if source.delay is None else source.delay
    here = "spiders.politeness"
    return {
        "USER_AGENT": source.user_agent or job.user_agent,
        "ROBOTSTXT_OBEY": not source.permission,
        "DOWNLOAD_DELAY": delay,
        "CONCURRENT_REQUESTS": limits.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": limits.concurrency if delay < 1 else 1,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": delay,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(limits.concurrency),
        "DOWNLOAD_TIMEOUT": limits.request_seconds if source.timeout is None else source.timeout,
        "DOWNLOAD_MAXSIZE": limits.response_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": False,  # a cut body is kept and named
        "CLOSESPIDER_TIMEOUT": limits.run_seconds,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_MAXDELAY": 5,
        "RETRY_TIMES": 2,
        "RETRY_HTTP_CODES": [500, 502, 504, 522, 524, 408],
        # A site that stalls is not asked again in the same run; the next run is the retry.
        "RETRY_EXCEPTIONS": [
            "twisted.internet.error.ConnectionDone",
            "twisted.internet.error.ConnectionLost",
            "twisted.web.client.ResponseFailed",
        ],
        "HTTPPROXY_ENABLED": not source.allow_private,
        "DNS_RESOLVER": CachingThreadedResolver if source.allow_private else f"{here}.PublicResolver",
        "DEFAULT_REQUEST_HEADERS": {"Accept": "*/*", "Accept-Language": f"{source.language},zh;q=0.9,en;q=0.5"},
        "DOWNLOADER_MIDDLEWARES": {
            f"{here}.Guard": 60,  # before robots.txt is asked
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
            f"{here}.PatientRetry": 550,
            f"{here}.Archive": 890,  # next to the wire: bodies as they came
        },
        "LOG_LEVEL": "WARNING",
        "LOGSTATS_INTERVAL": 0.0,
        "MEMUSAGE_ENABLED": False,
        "WARN_ON_GENERATOR_RETURN_VALUE": False,  # it reads the callback's source anew for every response: 4 ms each
    }


def is_private(host: str) -> bool:
    """Whether a host is written as an address that is not public; a name is judged when it is resolved."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return False


class Guard:
    """Refuses requests, redirected ones too, that leave the source's site or reach a private address."""

    def __init__(self, job: Job) -> None:
        self.source = job.source

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Guard:
        """Scrapy's constructor."""
        return cls(crawler.settings["CHAOXIN_JOB"])

    def process_request(self, request: Request) -> None:
        """Raise AddressRefusedError for a request that may not be sent."""
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https"):
            raise AddressRefusedError("不是 http 或 https 地址")
        if is_private(parts.hostname or "") and not self.source.allow_private:
            raise AddressRefusedError("内网或本机地址，未获允许（allow_private）")
        hosts = self.source.hosts
        if not on_same_site(request.url, self.source.url) and parts.netloc.lower() not in hosts:
            raise AddressRefusedError("转到了别的站点，未列入 hosts")


class PublicResolver(CachingThreadedResolver):
    """Resolves names and refuses those that lead into a private network, whatever the name says."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 - Twisted's name
        """The public IPv4 address of a name; fails with AddressRefusedError for any other."""
        return super().getHostByName(name, timeout).addCallback(_public)


def _public(address: str) -> str:
    if is_private(address):
        raise AddressRefusedError("域名指向内网或本机地址，未获允许（allow_private）")
    return address


class PatientRetry(RetryMiddleware):
    """Asks again after a server error, waiting twice as long each time."""

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        self.pause = settings["CHAOXIN_JOB"].limits.retry_seconds

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        """The response, or the same request once more after a pause."""
        answer = super().process_response(request, response)
        if isinstance(answer, Request):
            times = int(request.meta.get("retry_times", 0))
            await asyncio.sleep(min(LONGEST_PAUSE, self.pause * 2**times))
        return answer


class Archive:
    """Keeps every answer with a body in the run's WARC file."""

    def __init__(self, job: Job) -> None:
        self.job = job

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Archive:
        """Scrapy's constructor."""
        return cls(crawler.settings["CHAOXIN_JOB"])

    def process_response(self, request: Request, response: Response) -> Response:
        """The response as it came, after it was kept; pictures are known by their hash and not kept."""
        if self.job.archive and response.body and not request.meta.get("is_picture"):
            keep(self.job.archive, response, at=self.job.now.astimezone(UTC))
        return response
