"""`python -m spiders.child JOB.json`: one source heard once, in a process of its own; what it heard lies in the job's spool."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from pathlib import Path

from scrapy.crawler import CrawlerProcess

from spiders.board import BoardListener
from spiders.bulletin import BulletinListener
from spiders.cap import CapListener
from spiders.discourse import DiscourseListener
from spiders.discuz import DiscuzListener
from spiders.feed import FeedListener
from spiders.job import read_job
from spiders.listener import Listener
from spiders.mastodon import MastodonListener
from spiders.messages import MessagesListener
from spiders.news import NewsListener
from spiders.nodebb import NodebbListener
from spiders.politeness import scrapy_settings
from spiders.tieba import TiebaListener
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
}


def main(path: str) -> None:
    """Hear the source of a job file; the closing record in the spool is the result."""
    job = read_job(Path(path))
    logging.getLogger("scrapy").setLevel(logging.WARNING)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
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
