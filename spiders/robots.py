"""robots.txt before every request: obeyed, its pause kept, kept itself for a day, and asked again when it cannot be had."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from spiders.hosts import KeptRobots, keep_robots, kept_robots
from spiders.job import Job
from spiders.parse.robots import LONGEST_READ, Rules, read_robots
from spiders.refusal import RequestRefusedError
from store.stages import HarvestState

FEWEST = 4  # requests; a pause that leaves a run fewer can follow no list to its articles, so the source is not for us
ASKED: dict[str, float] = {}  # by host that wants a pause, when this process asked it last; monotonic seconds


class Robots:
    """Refuses what a site's robots.txt forbids and slows down to the pause it wants."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.job: Job = crawler.settings["CHAOXIN_JOB"]
        self.rules: dict[str, asyncio.Task[Rules]] = {}
        self.asked: dict[str, int] = {}  # requests of this run by host, where the site wants a pause

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Robots:
        """Scrapy's constructor."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise RequestRefusedError for what may not be asked for; a robots.txt that cannot be had forbids for now."""
        if self.job.source.permission or request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._of(request)
        if not rules.allows(request.url):
            raise RequestRefusedError(HarvestState.ROBOTS_DENIED, "robots.txt 不允许")
        if rules.pause_seconds > self.crawler.settings.getfloat("DOWNLOAD_DELAY"):
            await self._slow_down(request, rules.pause_seconds)

    async def _slow_down(self, request: Request, pause: float) -> None:
        """Keep the site's pause in the download slot of its host; a run that it leaves too few requests does not start."""
        host = urlsplit(request.url).hostname or ""
        length = self.job.limits.run_seconds
        if pause * FEWEST > length:
            detail = f"robots.txt 要求每 {pause:g} 秒只访问一次，一次运行等不了这么久"
            raise RequestRefusedError(HarvestState.ROBOTS_DENIED, detail)
        self.asked[host] = self.asked.get(host, 0) + 1
        most = int(length / pause) - 1  # robots.txt was one
        if self.asked[host] > most:
            detail = f"robots.txt 要求每 {pause:g} 秒只访问一次，本次运行只够访问 {most} 次"
            raise RequestRefusedError(HarvestState.PARTIAL, detail, is_ours=True)
        request.meta["autothrottle_dont_adjust_delay"] = True  # AutoThrottle would shorten it again
        downloader = self.crawler.engine.downloader
        downloader.per_slot_settings[host] = {"delay": pause, "concurrency": 1, "jitter": 0}  # when it is made anew
        slot = downloader.slots.get(host)
        if slot is not None:
            slot.delay, slot.concurrency, slot.jitter = pause, 1, 0.0
        if (
            self.asked[host] == 1
        ):  # the slot knows of no request yet, the source heard before this one may have made some
            await asyncio.sleep(ASKED.get(host, float("-inf")) + pause - time.monotonic())
        ASKED[host] = time.monotonic()

    async def _of(self, request: Request) -> Rules:
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self.rules:
            self.rules[origin] = asyncio.ensure_future(self._read(origin))
        return await self.rules[origin]

    async def _read(self, origin: str) -> Rules:
        folder, now = self.job.hosts, self.job.now
        kept = kept_robots(folder, origin) if folder else None
        if kept is None or not kept.is_fresh(now=now):
            kept = await self._asked(origin, kept)
            if folder:
                keep_robots(folder, origin, kept)
        return read_robots(kept.body.encode(), user_agent=self.crawler.settings["USER_AGENT"])

    async def _asked(self, origin: str, kept: KeptRobots | None) -> KeptRobots:
        """The robots.txt as the site gives it now. 2xx is read, 4xx means there is none, anything else forbids for now."""
        now = self.job.now
        usable = kept if kept and kept.is_usable(now=now) else None
        meta = {"dont_obey_robotstxt": True, "handle_httpstatus_list": [304]}
        request = Request(
            f"{origin}/robots.txt",
            headers=kept.validators if kept else {},
            priority=1000,
            meta=meta,
            callback=NO_CALLBACK,
        )
        try:
            response = await self.crawler.engine.download_async(request)
        except RequestRefusedError as refused:
            if refused.is_ours:
                raise
            return KeptRobots(int(now.timestamp()))  # moved to another site: there is none here
        except IgnoreRequest:
            return KeptRobots(int(now.timestamp()))  # more redirects than RFC 9309 2.3.1.2 asks to follow
        except Exception:  # the network's many errors: the page's own request is answered with the same one
            if usable:
                return usable
            raise
        return self._judged(response, kept, usable)

    def _judged(self, response: Response, kept: KeptRobots | None, usable: KeptRobots | None) -> KeptRobots:
        at = int(self.job.now.timestamp())
        if response.status == 304 and kept:
            return KeptRobots(at, kept.body, kept.etag, kept.modified)
        if 200 <= response.status < 300:
            body = response.body[:LONGEST_READ].decode("utf-8-sig", errors="ignore")
            return KeptRobots(at, body, _header(response, "ETag"), _header(response, "Last-Modified"))
        if response.status >= 500 or response.status == 429:
            if usable:
                return usable
            state = HarvestState.BLOCKED if response.status == 429 else HarvestState.UNREACHABLE
            detail = f"robots.txt 回答 {response.status}，按规范（RFC 9309）这次不采集"
            raise RequestRefusedError(state, detail)
        return KeptRobots(at)


def _header(response: Any, name: str) -> str:
    return bytes(response.headers.get(name) or b"").decode("latin-1")
