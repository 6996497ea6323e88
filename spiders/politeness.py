"""How we behave as a guest: Scrapy's settings and the middlewares that refuse, archive and wait."""

from __future__ import annotations

import asyncio
from datetime import UTC
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response

from spiders.addresses import PublicResolver, is_private
from spiders.archive import keep
from spiders.failures import is_for_good
from spiders.job import Job
from spiders.parse.links import on_same_site
from spiders.refusal import RequestRefusedError
from store.stages import HarvestState

LONGEST_PAUSE = 30.0  # seconds between two attempts of one request


def scrapy_settings(job: Job) -> dict[str, Any]:
    """Scrapy's settings for one run: robots.txt obeyed, slow, small, without cookies."""
    limits, source = job.limits, job.source
    delay = limits.delay_seconds if source.delay is None else source.delay
    here = "spiders.politeness"
    return {
        "USER_AGENT": source.user_agent or job.user_agent,
        "ROBOTSTXT_OBEY": False,  # Robots, below, obeys it and keeps it
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
        "DOWNLOAD_VERIFY_CERTIFICATES": not source.any_certificate,
        "DOWNLOAD_HANDLERS": {
            **dict.fromkeys(("http", "https"), "spiders.limits.NarrowHandler"),
            **dict.fromkeys(("file", "ftp", "s3", "data")),
        },
        "TELNETCONSOLE_ENABLED": False,
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_MAXDELAY": 5,
        "RETRY_TIMES": 2,
        "RETRY_HTTP_CODES": [500, 502, 504, 522, 524, 408],
        # A site that stalls is not asked again in the same run; the next run is the retry.
        "RETRY_EXCEPTIONS": [
            "twisted.internet.error.ConnectionDone",
            "twisted.internet.error.ConnectionLost",
            "scrapy.exceptions.DownloadFailedError",
        ],
        "HTTPPROXY_ENABLED": not source.allow_private,
        "TWISTED_DNS_RESOLVER": "spiders.addresses.PublicResolver",
        "DEFAULT_REQUEST_HEADERS": {"Accept": "*/*", "Accept-Language": f"{source.language},zh;q=0.9,en;q=0.5"},
        "DOWNLOADER_MIDDLEWARES": {
            f"{here}.Guard": 60,  # before robots.txt is asked
            "spiders.rest.HostRest": 90,
            "spiders.robots.Robots": 100,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
            "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
            f"{here}.PatientRetry": 550,
            f"{here}.MetaRefresh": 580,
            "spiders.limits.TextOnly": 870,  # before anything is unpacked (590)
            "spiders.limits.HostBudget": 880,  # every request that goes out, redirects and robots.txt too
            f"{here}.Archive": 890,  # next to the wire: bodies as they came
        },
        "EXTENSIONS": {"spiders.pace.SharedPace": 900},  # after AutoThrottle
        "LOG_LEVEL": "WARNING",
        "LOGSTATS_INTERVAL": 0.0,
        "MEMUSAGE_ENABLED": False,
        "WARN_ON_GENERATOR_RETURN_VALUE": False,  # it reads the callback's source anew for every response: 4 ms each
    }


class Guard:
    """Refuses requests, redirected ones too, that leave the source's site or reach a private address."""

    def __init__(self, job: Job) -> None:
        self.source = job.source
        if job.source.allow_private:
            hosts = (job.source.hostname, *(host.partition(":")[0] for host in job.source.hosts))
            PublicResolver.allowed.update(hosts)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Guard:
        """Scrapy's constructor."""
        return cls(crawler.settings["CHAOXIN_JOB"])

    def process_request(self, request: Request) -> None:
        """Raise RequestRefusedError for a request that may not be sent."""
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https"):
            raise _refused("不是 http 或 https 地址")
        if is_private(parts.hostname or "") and not self.source.allow_private:
            raise _refused("内网或本机地址，未获允许（allow_private）")
        hosts = self.source.hosts
        if not on_same_site(request.url, self.source.url) and parts.netloc.lower() not in hosts:
            raise _refused("转到了别的站点，未列入 hosts")


def _refused(detail: str) -> RequestRefusedError:
    return RequestRefusedError(HarvestState.UNREACHABLE, detail)


class MetaRefresh(MetaRefreshMiddleware):
    """Follows a page that sends on by itself; one that sends on to a script or to nowhere is read as it is."""

    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        """The response, or the request for the page it sends on to."""
        try:
            found: Request | Response = super().process_response(request, response)
        except ValueError:  # no address at all
            return response
        return found


class PatientRetry(RetryMiddleware):
    """Asks again after a server error or a lost connection, waiting twice as long each time."""

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        self.pause = settings["CHAOXIN_JOB"].limits.retry_seconds

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        """The response, or the same request once more after a pause."""
        answer = super().process_response(request, response)
        if isinstance(answer, Request):
            await self._wait(request)
        return answer

    async def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        """The same request once more after a pause, None for what asking again does not mend."""
        if is_for_good(exception):
            return None
        answer = super().process_exception(request, exception)
        if answer is not None:
            await self._wait(request)
        return answer

    async def _wait(self, request: Request) -> None:
        times = int(request.meta.get("retry_times", 0))
        await asyncio.sleep(min(LONGEST_PAUSE, self.pause * 2**times))


class Archive:
    """Keeps every answer with a body in the run's WARC file; a disk that takes no more is noted and stops nothing."""

    def __init__(self, job: Job, stats: Any) -> None:
        self.job, self.stats = job, stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Archive:
        """Scrapy's constructor."""
        return cls(crawler.settings["CHAOXIN_JOB"], crawler.stats)

    def process_response(self, request: Request, response: Response) -> Response:
        """The response as it came, after it was kept; pictures are known by their hash and not kept."""
        if self.job.archive and response.body and not request.meta.get("is_picture"):
            try:
                keep(self.job.archive, response, at=self.job.now.astimezone(UTC))
            except OSError as error:
                self.stats.set_value("chaoxin/not_archived", error.strerror)
        return response
