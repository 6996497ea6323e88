"""`python -m spiders.child JOB.json`: one source heard once, in a process of its own; what it heard lies in the job's spool."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from pathlib import Path

from scrapy.crawler import CrawlerProcess

from spiders.bulletin import BulletinListener
from spiders.cap import CapListener
from spiders.discuz import DiscuzListener
from spiders.feed import FeedListener
from spiders.files import FilesReader
from spiders.imap import MailReader
from spiders.job import read_job
from spiders.listener import Listener
from spiders.mastodon import MastodonListener
from spiders.news import NewsListener
from spiders.plain import PlainReader
from spiders.politeness import scrapy_settings
from spiders.sitemap import SitemapListener
from spiders.weibo import WeiboListener
from spiders.wordpress import WordPressListener
from store.stages import SourceKind

SPIDERS: dict[SourceKind, type[Listener]] = {
    SourceKind.FEED: FeedListener,
    SourceKind.NEWS: NewsListener,
    SourceKind.MASTODON: MastodonListener,
    SourceKind.DISCUZ: DiscuzListener,
    SourceKind.CAP: CapListener,
    SourceKind.BULLETIN: BulletinListener,
    SourceKind.SITEMAP: SitemapListener,
    SourceKind.WORDPRESS: WordPressListener,
    SourceKind.WEIBO: WeiboListener,
}
# Kinds that ask no web server: read in the same process, without Scrapy.
READERS: dict[SourceKind, type[PlainReader]] = {SourceKind.IMAP: MailReader, SourceKind.FILES: FilesReader}


def main(path: str) -> None:
    """Hear the source of a job file; the closing record in the spool is the result."""
    job = read_job(Path(path))
    logging.getLogger("scrapy").setLevel(logging.WARNING)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    if job.source.kind in READERS:
        READERS[job.source.kind](job).run()
        return
    process = CrawlerProcess({**scrapy_settings(job), "CHAOXIN_JOB": job})
    process.crawl(SPIDERS[job.source.kind], job=job)
    process.start()


def _end_with_parent(parent: int) -> None:
    """End at once when the process that started us is gone: nobody will read what we write."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(75)


if __name__ == "__main__":
    main(sys.argv[1])
