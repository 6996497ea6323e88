"""What a timeline's replies need: they name their parent by its id, and its address is asked for where no page showed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urljoin

from scrapy import Request

from spiders.listener import Listener
from spiders.parse.mastodon import Status, status_address
from spiders.saved import Saved
from store.stages import HarvestState

MOST_PARENTS = 40  # statuses asked one by one because a reply names them
KNOWN_IDS = 3000


class ReplyListener(Listener):
    """Holds each reply until the address of what it answers is known."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.addresses: dict[str, str] = self.cursor.marks.setdefault("ids", {})  # status id to canonical address
        self.waiting: dict[str, list[Status]] = {}  # replies whose parent is not known yet, by its id

    def hear_reply(self, status: Status) -> None:
        """Hear a status, or hold it while what it answers is unknown."""
        if status.answers:
            self.waiting.setdefault(status.answers, []).append(status)
        else:
            self.hear(status.heard)

    def parents(self) -> Iterator[Request]:
        """Free the replies whose parent was met, and ask for the parents of the rest."""
        unknown = []
        for parent in list(self.waiting):
            if parent in self.addresses:
                self._free(parent)
            else:
                unknown.append(parent)
        for parent in unknown[:MOST_PARENTS]:
            url = urljoin(self.source.url, f"/api/v1/statuses/{quote(parent)}")
            yield self.ask(url, self.parent, parent=parent, optional=True)

    def parent(self, saved: Saved, parent: str) -> Iterator[Request]:
        """The status a reply answers: only its address is taken."""
        address = status_address(saved)
        if address:
            self.addresses[parent] = address
        self._free(parent)
        yield from ()

    def bad(self, state: HarvestState, detail: str, meta: dict[str, Any]) -> Iterator[Request]:
        """A parent that is gone frees its replies; a page that failed is among the gaps already."""
        if "parent" in meta["kept"]:
            self._free(meta["kept"]["parent"])
        yield from super().bad(state, detail, meta)

    def finish(self) -> None:
        """Hear the replies whose parent was never met, and forget the oldest ids."""
        for parent in list(self.waiting):
            self._free(parent)
        self.cursor.marks["ids"] = dict(list(self.addresses.items())[-KNOWN_IDS:])

    def _free(self, parent: str) -> None:
        for status in self.waiting.pop(parent, []):
            self.hear(replace(status.heard, reply_to=self.addresses.get(parent, "")))
