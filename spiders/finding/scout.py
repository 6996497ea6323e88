"""`python -m spiders.finding.scout JOB.json`: a site asked what it offers, as politely as any source is heard, in a process of its own."""

from __future__ import annotations

import base64
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from spiders.finding.asking import Ask, Probe, Purpose, first_asks, further_asks
from spiders.job import Job, Limits, read_job
from spiders.politeness import scrapy_settings
from spiders.run import AUTHOR_SECRET, user_agent
from spiders.saved import Saved
from spiders.sources import Source, read_source
from store.errors import BadInput, ChaoxinError
from store.settings import ROOT, settings

PROBES = "probes.jsonl"
LONGEST_SECONDS = 90.0
ANY = list(range(200, 600))  # every answer says something; redirects are Scrapy's
REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """What the person who asks allows."""

    allow_private: bool = False
    permission: str = ""  # who allowed what robots.txt forbids, and when


def scout(url: str, manners: Manners, *, now: datetime, spool: Path) -> list[Probe]:
    """Ask the site of an address; at most a dozen requests.

    Raises BadSource for what is no address, BadInput when it takes too long, ChaoxinError when our own process broke.
    """
    folder = Path(tempfile.mkdtemp(prefix="scout-", dir=spool))
    job = _job(url, manners, now=now, folder=folder)
    (folder / "job.json").write_text(job.as_json(), encoding="utf-8")
    with (folder / "child.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "spiders.finding.scout", str((folder / "job.json").resolve())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            start_new_session=True,
        )
        try:
            process.wait(timeout=LONGEST_SECONDS + 10)
        except subprocess.TimeoutExpired as error:
            raise BadInput(f"{url}: did not answer within {LONGEST_SECONDS:.0f} seconds; try again later") from error
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    found = read_probes(folder / PROBES)
    if not found:
        last = (folder / "child.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        raise ChaoxinError(
            f"{url}: the look ended with code {process.returncode} before any answer; {''.join(last)[:200]}"
        )
    return in_order(url, found)


def in_order(url: str, probes: Sequence[Probe]) -> list[Probe]:
    """The probes as they were asked, whatever order the answers came in."""
    first = [p for p in probes if p.ask.purpose in (Purpose.PAGE, Purpose.ROBOTS)]
    asked = [ask.url for ask in (*first_asks(url), *further_asks(url, first))]
    return sorted(probes, key=lambda probe: asked.index(probe.ask.url) if probe.ask.url in asked else len(asked))


def read_probes(path: Path) -> list[Probe]:
    """The probes a scout wrote down; those of a scout that was killed as far as it came."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    return [_probe(json.loads(line)) for line in lines if line]


def _job(url: str, manners: Manners, *, now: datetime, folder: Path) -> Job:
    chosen = settings()
    chosen.secret(AUTHOR_SECRET)
    return Job(
        source=_source(url, manners),
        now=now,
        spool=folder,
        secret=chosen.path("secrets", AUTHOR_SECRET).resolve(),
        user_agent=user_agent(chosen.contact),
        limits=Limits(
            run_seconds=LONGEST_SECONDS,
            request_seconds=chosen.request_timeout_seconds,
            delay_seconds=chosen.host_delay_seconds,
            response_bytes=chosen.response_limit_bytes,
            author_key_days=chosen.author_key_days,
            concurrency=1,
            host_requests=chosen.host_budget_requests,
            host_bytes=chosen.host_budget_bytes,
        ),
        hosts=chosen.path("hosts").resolve(),
    )


def _source(url: str, manners: Manners) -> Source:
    values = {
        "title": "scout",
        "publisher": "scout",
        "kind": "news",
        "url": url,
        "terms": "one look to find out what is offered",
        "cadence": "1d",
        "allow_private": manners.allow_private,
        "permission": manners.permission,
    }
    return read_source("scout", values, where=url)


class Scout(Spider):
    """Asks the page and robots.txt, then what they suggest; writes down each answer as it comes."""

    name = "scout"

    def __init__(self, *, job: Job) -> None:
        super().__init__()
        self.url, self.out = job.source.url, job.spool / PROBES
        self.probes: list[Probe] = []
        self.waiting = 0

    async def start(self) -> AsyncIterator[Request]:
        """The first asks."""
        asks = first_asks(self.url)
        self.waiting = len(asks)
        for ask in asks:
            yield self._request(ask)

    def answered(self, response: Response, ask: Ask) -> Iterator[Request]:
        """Note an answer."""
        headers = {k.decode("latin-1").lower(): b",".join(v).decode("latin-1") for k, v in response.headers.items()}
        saved = Saved(url=response.url, body=response.body, status=response.status, headers=headers, asked=ask.url)
        yield from self._note(Probe(ask, saved))

    def unanswered(self, failure: Failure) -> Iterator[Request]:
        """Note why there is no answer."""
        ask: Ask = failure.request.cb_kwargs["ask"]  # type: ignore[attr-defined]
        is_forbidden = "robots" in failure.getErrorMessage().lower()
        yield from self._note(Probe(ask, None, _why(failure), is_forbidden))

    def _note(self, probe: Probe) -> Iterator[Request]:
        self.probes.append(probe)
        with self.out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(_row(probe), ensure_ascii=False) + "\n")
        self.waiting -= 1
        if self.waiting == 0:
            asks = further_asks(self.url, self.probes)
            self.waiting = len(asks) or -1  # once: what the second round answers asks nothing more
            yield from map(self._request, asks)

    def _request(self, ask: Ask) -> Request:
        meta = {"handle_httpstatus_list": [status for status in ANY if status not in REDIRECTS]}
        return Request(
            ask.url,
            callback=self.answered,
            errback=self.unanswered,
            cb_kwargs={"ask": ask},
            meta=meta,
            dont_filter=True,
        )


def _why(failure: Failure) -> str:
    text = failure.getErrorMessage()
    if "robots" in text.lower():
        return "robots.txt 不允许"
    name = type(failure.value).__name__
    return text if any("\u4e00" <= letter <= "\u9fff" for letter in text) else f"没有回答（{name}）"


def _row(probe: Probe) -> dict[str, Any]:
    saved = probe.saved
    return {
        "purpose": probe.ask.purpose.value,
        "asked": probe.ask.url,
        "refused": probe.refused,
        "is_forbidden": probe.is_forbidden,
        "answer": None
        if saved is None
        else {
            "url": saved.url,
            "status": saved.status,
            "headers": dict(saved.headers),
            "body": base64.b64encode(saved.body).decode("ascii"),
        },
    }


def _probe(row: dict[str, Any]) -> Probe:
    ask, answer = Ask(Purpose(row["purpose"]), row["asked"]), row["answer"]
    if answer is None:
        return Probe(ask, None, row["refused"], row["is_forbidden"])
    body = base64.b64decode(answer["body"])
    return Probe(ask, Saved(answer["url"], body, answer["status"], answer["headers"], asked=ask.url))


def main(path: str) -> None:
    """Scout the address of a job file."""
    job = read_job(Path(path))
    logging.getLogger("scrapy").setLevel(logging.WARNING)
    process = CrawlerProcess({**scrapy_settings(job), "CHAOXIN_JOB": job, "RETRY_ENABLED": False})
    process.crawl(Scout, job=job)
    process.start()


if __name__ == "__main__":
    main(sys.argv[1])
