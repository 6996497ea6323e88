"""A site that asks one source to come back later is left alone by the other sources of the same site too."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from spiders.classify import retry_after
from spiders.hosts import BEIJING, keep_rest, resting_until
from spiders.job import Job
from spiders.refusal import RequestRefusedError
from spiders.saved import Saved
from store.stages import HarvestState

HURRIED = (418, 429, 432, 503)  # refusals that mean us and not the page: nothing more is asked
SHORTEST = timedelta(hours=1)  # where the site does not say when


class HostRest:
    """Notes when a site wants its rest, and refuses requests to it before that time."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.met: set[str] = set()  # sites this run has begun to ask

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostRest:
        """Scrapy's constructor."""
        return cls(crawler.settings["CHAOXIN_JOB"])

    def process_request(self, request: Request) -> None:
        """Raise RequestRefusedError while the site rests."""
        site = urlsplit(request.url).netloc.lower()
        if not self.job.hosts or site in self.met:
            return
        until = resting_until(self.job.hosts, site)
        if until > self.job.now.timestamp():
            shown = datetime.fromtimestamp(until, BEIJING).strftime("%m月%d日 %H:%M")
            detail = f"{site} 要求稍后再来，{shown}（北京时间）之前不再访问"
            raise RequestRefusedError(HarvestState.BLOCKED, detail, is_ours=True)
        self.met.add(site)

    def process_response(self, request: Request, response: Response) -> Response:
        """The response; one that sends us away is remembered for the site."""
        headers = {name: _header(response, name) for name in ("Retry-After", "Date")}
        if self.job.hosts and response.status in HURRIED and (response.status != 503 or headers["Retry-After"]):
            told = {name.lower(): value for name, value in headers.items()}
            asked = retry_after(Saved(url=response.url, body=b"", headers=told), now=self.job.now)
            until = asked or self.job.now + SHORTEST
            keep_rest(self.job.hosts, urlsplit(request.url).netloc.lower(), int(until.timestamp()))
        return response


def _header(response: Response, name: str) -> str:
    return bytes(response.headers.get(name) or b"").decode("latin-1")
