"""Times the collection of article pages from loopback beside a bare Scrapy spider that fetches and extracts them, in one run.

Usage: python -m benchmarks.collect [--pages 2000] [--memory 20000] [--port 41455]. Ours is one source heard as the nightly
hears it: its own process, robots.txt, classification, extraction, privacy gate, spool and cursor; the archive is off and
delays are 0. Bare is a spider of a dozen lines with trafilatura.extract. Exit status 1 when a limit does not hold.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.newspaper import A_LIST, article_page, serve
from spiders.job import Job, Limits
from spiders.sources import read_source
from spiders.spool import read_closing

LEAST_RATIO = 0.8  # of the bare spider's pages a second
MOST_GROWTH = 1.15  # memory at the last mark over memory at the second: until then the cursor fills
MARKS = (2_000, 5_000, 10_000, 20_000)
NOW = datetime(2027, 1, 1, tzinfo=UTC)
CONCURRENCY = 8  # Scrapy's own default for one host, for both
BARE = """
import json, sys
import scrapy, trafilatura
from scrapy.crawler import CrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"
    start_urls = [sys.argv[1]]
    out = open(sys.argv[2], "w", encoding="utf-8")

    def parse(self, response):
        for link in response.css("li a"):
            yield response.follow(link, self.article)
        for link in response.css("a.next"):
            yield response.follow(link, self.parse)

    def article(self, response):
        text = trafilatura.extract(response.text)
        row = {"url": response.url, "title": response.css("title::text").get(), "text": text}
        self.out.write(json.dumps(row, ensure_ascii=False) + "\\n")

process = CrawlerProcess({"LOG_LEVEL": "WARNING", "ROBOTSTXT_OBEY": True})
process.crawl(Bare)
process.start()
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One collection: articles kept, seconds of the clock and of the spider's process, its peak memory in megabytes."""

    articles: int
    clock: float
    processor: float
    megabytes: float

    def shown(self, name: str) -> str:
        """One line of the table."""
        return (
            f"| {name} | {self.articles:,} | {self.articles / self.processor:.0f} | {self.articles / self.clock:.0f}"
            f" | {self.megabytes:.0f} |"
        )


def bare(address: str, work: Path) -> Run:
    """The spider most would write."""
    script, out = work / "bare.py", work / "bare.jsonl"
    script.write_text(BARE, encoding="utf-8")
    clock, processor, peak = ended([sys.executable, str(script), f"{address}/list/1.html", str(out)])
    with out.open(encoding="utf-8") as rows:
        kept = sum(bool(json.loads(row)["text"]) for row in rows)
    return Run(kept, clock, processor, peak)


def ours(address: str, work: Path, *, pages: int, held: list[float] | None = None) -> Run:
    """One source of kind news, heard by `spiders.child`; its memory on the way joins `held` and is printed."""
    spool, secret = work / f"spool-{pages}", work / "secret"
    spool.mkdir()
    secret.write_text("0" * 64, encoding="ascii")
    values = {
        "title": "要闻", "publisher": "渤海湾要闻网", "kind": "news", "url": f"{address}/list/1.html", "terms": "loopback",
        "cadence": "1d", "pages": pages // A_LIST, "delay": 0, "allow_private": True,
    }  # fmt: skip
    job = Job(
        source=read_source("bench", values, where="benchmark"),
        now=NOW,
        spool=spool,
        secret=secret,
        user_agent="Chaoxin/bench",
        limits=Limits(
            run_seconds=7200,
            request_seconds=30,
            delay_seconds=0,
            response_bytes=8_000_000,
            author_key_days=30,
            concurrency=CONCURRENCY,
        ),
    )
    path = work / f"job-{pages}.json"
    path.write_text(job.as_json(), encoding="utf-8")
    command = [sys.executable, "-m", "spiders.child", str(path)]
    clock, processor, peak = ended(command, spool=spool if held is not None else None, held=held)
    closing = read_closing(spool)
    if closing is None:
        raise SystemExit(f"our spider ended without a closing record; run {' '.join(command)} by hand to see why")
    if held is not None:
        print(f"cursor {len(json.dumps(closing.cursor)) / 1e6:.2f} MB, {closing.state.value}")
    return Run(sum(count(file) for file in spool.glob("entries-*.jsonl")), clock, processor, peak)


def count(file: Path) -> int:
    """Lines of a file."""
    return file.read_bytes().count(b"\n")


def ended(
    command: list[str], *, spool: Path | None = None, held: list[float] | None = None
) -> tuple[float, float, float]:
    """Seconds of the clock and of the processor, and peak megabytes, of a command; its memory at the marks of `spool` joins `held`."""
    begun = time.perf_counter()
    child = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(Path.cwd())})
    marks = list(MARKS)
    while True:
        done, status, usage = os.wait4(child.pid, os.WNOHANG)
        if done:
            break
        if spool and marks and len(list(spool.glob("entries-*.jsonl"))) * 50 >= marks[0]:
            megabytes = resident(child.pid)
            print(f"{marks.pop(0):,} pages: {megabytes:.0f} MB resident", flush=True)
            if held is not None:
                held.append(megabytes)
        time.sleep(0.2)
    if status:
        raise SystemExit(f"{command[1:3]} failed with status {status}")
    return time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def resident(process: int) -> float:
    """Megabytes a process holds now."""
    match = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text(encoding="ascii"))
    return int(match[1]) / 1024 if match else 0.0


def main() -> int:
    """Serve, run both, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--memory", type=int, default=20_000, help="pages of the memory run; 0 leaves it out")
    parser.add_argument("--port", type=int, default=41455)
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)  # list pages; this process is the server
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.port, options.serve))
    sizes = [len(article_page(n).encode()) / 1000 for n in range(1, 201)]
    print(
        f"pages of {min(sizes):.0f} to {max(sizes):.0f} KB, mean {sum(sizes) / len(sizes):.0f}; Python {sys.version.split()[0]}"
    )
    limits = []
    with tempfile.TemporaryDirectory() as work:
        address = f"http://127.0.0.1:{options.port}"
        with served(options.port, options.pages // A_LIST):
            print(
                "\n| spider | articles | a second of the processor | a second of the clock | peak MB |\n|---|--:|--:|--:|--:|"
            )
            mine = ours(address, Path(work), pages=options.pages)
            print(mine.shown("ours"), flush=True)
            other = bare(address, Path(work))
            print(other.shown("bare"))
        ratio = mine.articles / mine.processor / (other.articles / other.processor)
        by_clock = mine.articles / mine.clock / (other.articles / other.clock)
        print(f"\nours does {ratio:.2f} of the bare spider's pages by the processor, {by_clock:.2f} by the clock")
        limits.append(min(ratio, by_clock) >= LEAST_RATIO)
        if options.memory:
            with served(options.port, options.memory // A_LIST):
                held: list[float] = []
                run = ours(address, Path(work), pages=options.memory, held=held)
            print(
                f"{run.articles:,} pages: {run.megabytes:.0f} MB at the most, {run.articles / run.processor:.0f} a second"
            )
            limits.append(len(held) < 3 or held[-1] <= MOST_GROWTH * held[1])
    return int(not all(limits))


class served:  # noqa: N801 - reads as the clause it opens
    """The invented site in a process of its own while the block runs."""

    def __init__(self, port: int, lists: int) -> None:
        self.command = [sys.executable, "-m", "benchmarks.collect", "--port", str(port), "--serve", str(lists)]

    def __enter__(self) -> None:
        self.process = subprocess.Popen(self.command)
        time.sleep(2)

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()


if __name__ == "__main__":
    sys.exit(main())
