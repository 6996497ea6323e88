"""The pictures of what was heard, fetched to be known again: politely, few, small, and never a reason to lose an entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from spiders.heard import Heard
from spiders.parse.fingerprint import difference_hash

MOST_A_RUN = 300  # pictures
MOST_BYTES = 4_000_000  # of one picture
REFUSED = range(400, 600)
FIRST = 10  # priority: what waits for its pictures is handed over before more is asked


@dataclass(slots=True)
class _Waiting:
    heard: Heard
    hashes: dict[str, str] = field(default_factory=dict)
    missing: int = 0


@dataclass(slots=True)
class Gallery:
    """Holds each entry until its pictures answered, then gives it to `release`; `ask` hands a request to the engine."""

    ask: Callable[[Request], None]
    release: Callable[[Heard], None]
    known: dict[str, str] = field(default_factory=dict)  # address of a picture met in this run to its hash
    waiting: dict[int, _Waiting] = field(default_factory=dict)
    asked: int = 0

    def take(self, heard: Heard) -> None:
        """Ask for the pictures of one entry; without any to ask for it is released at once."""
        held = _Waiting(heard)
        self.waiting[id(held)] = held
        for image in heard.images:
            if image.url not in self.known and self.asked < MOST_A_RUN:
                self.known[image.url] = ""
                self.asked += 1
                held.missing += 1
                self.ask(self._request(image.url, held))
        if not held.missing:
            self._let_go(held)

    def rest(self) -> None:
        """Release what still waits, with the hashes there are."""
        for held in list(self.waiting.values()):
            self._let_go(held)

    def _request(self, url: str, held: _Waiting) -> Request:
        meta = {
            "handle_httpstatus_list": REFUSED,
            "download_maxsize": MOST_BYTES,
            "is_picture": True,
            "dont_retry": True,
        }
        return Request(
            url,
            callback=partial(self._answered, url=url, held=held),
            errback=partial(self._failed, held=held),
            meta=meta,
            priority=FIRST,
            dont_filter=True,
        )

    def _answered(self, response: Response, *, url: str, held: _Waiting) -> Iterator[Request]:
        is_whole = response.status == 200 and "dataloss" not in response.flags
        self.known[url] = difference_hash(response.body) if is_whole else ""
        self._one_less(held)
        yield from ()

    def _failed(self, _failure: Failure, *, held: _Waiting) -> Iterator[Request]:
        self._one_less(held)
        yield from ()

    def _one_less(self, held: _Waiting) -> None:
        held.missing -= 1
        if not held.missing and id(held) in self.waiting:
            self._let_go(held)

    def _let_go(self, held: _Waiting) -> None:
        del self.waiting[id(held)]
        images = tuple(replace(image, hash=self.known.get(image.url, "")) for image in held.heard.images)
        self.release(replace(held.heard, images=images))
