"""One pace a host in one process: what AutoThrottle learned of a host with one source is where the next source begins."""

from __future__ import annotations

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

LEARNED: dict[str, float] = {}  # seconds between two requests, by download slot (the host's name)


class SharedPace:
    """Carries the delay of a host's download slot from one crawler of the process to the next."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SharedPace:
        """Scrapy's constructor."""
        extension = cls(crawler)
        crawler.signals.connect(extension.opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.downloaded, signal=signals.response_downloaded)
        return extension

    def opened(self, spider: Spider) -> None:  # noqa: ARG002 - Scrapy's signature
        """Begin with what is known; a source that wants to be slower stays slower."""
        own = self.crawler.settings.getfloat("DOWNLOAD_DELAY")
        slots = self.crawler.engine.downloader.per_slot_settings
        for host, delay in LEARNED.items():
            slots.setdefault(host, {"delay": max(own, delay)})

    def downloaded(self, response: Response, request: Request, spider: Spider) -> None:  # noqa: ARG002
        """Note the delay as AutoThrottle leaves it."""
        host = request.meta.get("download_slot", "")
        slot = self.crawler.engine.downloader.slots.get(host)
        if slot is not None:
            LEARNED[host] = slot.delay
