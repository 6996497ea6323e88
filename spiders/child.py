"""`python -m spiders.child BATCH.json`: a batch of sources heard once, side by side; what each said lies in its job's spool."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from spiders.board import BoardListener
from spiders.bulletin import BulletinListener
from spiders.cap import CapListener
from spiders.discourse import DiscourseListener
from spiders.discuz import DiscuzListener
from spiders.feed import FeedListener
from spiders.files import FilesReader
from spiders.imap import MailReader
from spiders.job import STARTED, Job, read_job
from spiders.listener import Listener
from spiders.mastodon import MastodonListener
from spiders.messages import MessagesListener
from spiders.news import NewsListener
from spiders.nodebb import NodebbListener
from spiders.plain import PlainReader
from spiders.politeness import scrapy_settings
from spiders.sitemap import SitemapListener
from spiders.tieba import TiebaListener
from spiders.weibo import WeiboListener
from spiders.wordpress import WordPressListener
from store.stages import SourceKind

SPIDERS: dict[SourceKind, type[Listener]] = {
    SourceKind.FEED: FeedListener,
    SourceKind.NEWS: NewsListener,
    SourceKind.MASTODON: MastodonListener,
    SourceKind.DISCUZ: DiscuzListener,
    SourceKind.BOARD: BoardListener,
    SourceKind.DISCOURSE: DiscourseListener,
    SourceKind.NODEBB: NodebbListener,
    SourceKind.TIEBA: TiebaListener,
    SourceKind.MESSAGES: MessagesListener,
    SourceKind.CAP: CapListener,
    SourceKind.BULLETIN: BulletinListener,
    SourceKind.SITEMAP: SitemapListener,
    SourceKind.WORDPRESS: WordPressListener,
    SourceKind.WEIBO: WeiboListener,
}
# Kinds that ask no web server: read in the same process, in a thread of their own, without Scrapy.
READERS: dict[SourceKind, type[PlainReader]] = {SourceKind.IMAP: MailReader, SourceKind.FILES: FilesReader}


def main(path: str) -> None:
    """Hear the sources of a batch file; the closing record in each job's spool is the result.

    The batch is `{"jobs": [path of a job file], "side_by_side": N}`; sources of one host stand next to each other.
    """
    batch = json.loads(Path(path).read_text(encoding="utf-8"))
    jobs = [read_job(Path(job)) for job in batch["jobs"]]
    logging.getLogger("scrapy").setLevel(logging.WARNING)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    # The process's own settings are those that cannot differ within it: the resolver, the log. A batch agrees on them.
    process = AsyncCrawlerProcess(scrapy_settings(jobs[0]))
    hearing = asyncio.get_event_loop().create_task(_hear_all(process, jobs, batch["side_by_side"]))
    hearing.add_done_callback(process._stop_reactor)
    process.start(stop_after_crawl=False)


async def _hear_all(process: AsyncCrawlerProcess, jobs: Sequence[Job], side_by_side: int) -> None:
    """Hosts side by side, the sources of one host one after another: a site meets one guest, however many sources it has."""
    slots = asyncio.Semaphore(side_by_side)
    hosts = [list(group) for _, group in groupby(jobs, key=lambda job: job.host)]
    await asyncio.gather(*(_hear_host(process, host, slots) for host in hosts))


async def _hear_host(process: AsyncCrawlerProcess, jobs: Sequence[Job], slots: asyncio.Semaphore) -> None:
    async with slots:
        for number, job in enumerate(jobs):
            if number:
                await asyncio.sleep(job.delay_seconds)
            await _hear(process, job)


async def _hear(process: AsyncCrawlerProcess, job: Job) -> None:
    """One source; without a closing record the parent hears it again alone and names what went wrong."""
    (job.spool / STARTED).touch()
    values: dict[str, Any] = {**scrapy_settings(job), "CHAOXIN_JOB": job}
    try:
        if job.source.kind in READERS:
            await asyncio.to_thread(READERS[job.source.kind](job).run)
            return
        await process.crawl(Crawler(SPIDERS[job.source.kind], Settings(values, priority="cmdline")), job=job)
    except Exception:
        logging.getLogger("chaoxin.spiders").exception("source=%s could not be heard", job.source.slug)


def _end_with_parent(parent: int) -> None:
    """End at once when the process that started us is gone: nobody will read what we write."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(75)


if __name__ == "__main__":
    main(sys.argv[1])
