"""`python -m benchmarks.poll [FEEDS]`: hears many feeds twice from loopback; the second time nothing has changed. Seconds and rows by table.

Every feed lies on a host of its own (127.0.a.b) and is heard with the house's own settings: robots.txt asked, a second between two
requests to a host. What the second poll writes is told table by table, and how many cursors it moved.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import timedelta
from email.utils import formatdate
from pathlib import Path

ITEMS = 20
STARTED = time.time()


def host(number: int) -> str:
    """The loopback address of one feed."""
    return f"127.0.{1 + number // 200}.{1 + number % 200}"


def feed(address: str) -> bytes:
    """A feed of ITEMS posts with a time each."""
    items = "".join(
        f"<item><title>第{n}条近岸观测</title><link>http://{address}/{n}.html</link>"
        f"<description>天津近岸海域第{n}次观测：潮位平稳，海面有轻雾，渔船照常出港。</description>"
        f"<pubDate>{formatdate(STARTED - 3600 * (n + 1))}</pubDate></item>"
        for n in range(ITEMS)
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>{address}</title>{items}</channel></rss>".encode()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request, answered and closed: a feed with a validator, 304 where it was known, 404 for robots.txt."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    address = next(line[6:] for line in head.split("\r\n") if line.startswith("host: "))
    if " /robots.txt " in head:
        status, extra, body = "404 Not Found", "", b""
    elif "if-none-match" in head:
        status, extra, body = "304 Not Modified", 'ETag: "1"\r\n', b""
    else:
        status, extra, body = "200 OK", 'ETag: "1"\r\nContent-Type: application/rss+xml\r\n', feed(address)
    writer.write(
        f"HTTP/1.1 {status}\r\n{extra}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
    )
    await writer.drain()
    writer.close()


def serve(count: int, port: int, ready: multiprocessing.synchronize.Event) -> None:
    """The site, in a process of its own."""

    async def run() -> None:
        server = await asyncio.start_server(answer, [host(number) for number in range(count)], port, backlog=1000)
        ready.set()
        await server.serve_forever()

    asyncio.run(run())


def write_sources(folder: Path, count: int, port: int) -> None:
    """A source file for every feed."""
    for number in range(count):
        lines = (
            f"title: 第{number}号\npublisher: 试验\nkind: feed\nurl: http://{host(number)}:{port}/rss.xml\n"
            "terms: loopback\ncadence: 1h\nallow_private: true\n"
        )
        (folder / f"feed-{number:04}.yml").write_text(lines, encoding="utf-8")


def rows() -> dict[str, int]:
    """Rows of every table of the house."""
    from django.apps import apps

    return {model._meta.db_table: model._default_manager.count() for model in apps.get_app_config("store").get_models()}


def cursors() -> Mapping[str, object]:
    """The cursor of every source."""
    from store.models import SourceState

    return dict(SourceState.objects.values_list("slug", "cursor"))


def poll(run: str, *, hours: int) -> float:
    """Hear and store everything once; seconds."""
    from flows import collect, ingest
    from store.clock import clock

    began = time.monotonic()
    now = clock() + timedelta(hours=hours)
    jobs = collect.jobs(collect.sources_in_force())
    harvests = collect.collect_all(jobs, now=now, spool=collect.fresh_spool(run))
    ingest.ingest_all(harvests, night=run, now=now)
    return time.monotonic() - began


def main(count: int, home: Path) -> int:
    """Two polls and their table; exit code 1 where the second wrote more than its runs. `home` is an empty folder."""
    port = int(os.environ.get("CHAOXIN_SAMPLE_PORT", "18700")) + 40
    (home / "sources").mkdir()
    write_sources(home / "sources", count, port)
    os.environ |= {
        "CHAOXIN_STATE": str(home),
        "CHAOXIN_SAMPLE": "0",
        "CHAOXIN_SOURCES": str(home / "sources"),
        "CHAOXIN_DATABASE_URL": "",
    }
    ready = multiprocessing.Event()
    site = multiprocessing.Process(target=serve, args=(count, port, ready), daemon=True)
    site.start()
    ready.wait(30)

    from store.boot import migrate

    migrate()
    first = poll("first", hours=0)
    before, were = rows(), cursors()
    second = poll("second", hours=2)
    after, are = rows(), cursors()
    site.terminate()

    print(f"{count} feeds, {ITEMS} items each: first poll {first:.1f} s, unchanged poll {second:.1f} s")
    print(f"cursors moved by the unchanged poll: {sum(were[slug] != are[slug] for slug in were)}")
    print(f"{'table':32}{'before':>10}{'after':>10}")
    for table, count_before in before.items():
        if count_before or after[table]:
            print(f"{table:32}{count_before:>10}{after[table]:>10}")
    grown = {table for table in after if after[table] != before[table]}
    return 0 if grown <= {"store_sourcerun"} else 1


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="chaoxin-poll-") as folder:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500, Path(folder)))
