"""Where a source was left: validators, known pages and newest ids, as small JSON that is stored with the entries it covers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from spiders.rhythm import HOUR, is_look_due, rhythm
from spiders.saved import Saved

KNOWN_PAGES = 3000  # pages remembered a source; the longest unseen fall out first
KNOWN_THINGS = 5000
VALIDATORS = 200
REREAD = timedelta(days=1)  # after how long a list that never changes is noted as read again
BACK_OFF = (timedelta(hours=1), timedelta(hours=4), timedelta(days=1))  # after the first, second, every later refusal


@dataclass(slots=True)
class Known:
    """One page that was read: when, with which validators, and how its list showed it then."""

    read: int  # epoch seconds of the last answer, 304 included
    since: int  # epoch seconds of publication, or of the first sight
    etag: str = ""
    modified: str = ""
    mark: str = ""  # digest of what the list or feed says about it (title, updated, count)
    missing: int = 0  # epoch seconds of the first look that did not find it, 0 while it is there
    held: str = ""  # URL of what it holds, "" where that is its own address

    @property
    def validators(self) -> dict[str, str]:
        """The headers of a conditional GET; empty where the site gave none."""
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in pairs.items() if value}

    def was_missing_before(self, now: datetime, *, hours: float) -> bool:
        """Whether a look at least so many hours ago missed the page, and none found it since."""
        return bool(self.missing) and now.timestamp() - self.missing >= hours * HOUR


@dataclass(slots=True)
class Cursor:
    """The mutable cursor of one run; `as_json` is what is stored."""

    fronts: dict[str, Known] = field(default_factory=dict)  # feeds and lists
    pages: dict[str, Known] = field(default_factory=dict)  # articles, threads, messages
    things: dict[str, str] = field(default_factory=dict)  # what came without a page of its own, to a digest of its text
    marks: dict[str, Any] = field(default_factory=dict)  # what one kind needs besides: newest ids, gaps, thread counts
    blocked_until: int = 0  # epoch seconds before which the site is not asked: it said so, or it refused us
    refusals: int = 0  # runs in a row that were refused
    refused_as: str = ""  # the state of the last refused run
    refused_why: str = ""  # its detail, Chinese

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Cursor:
        """The cursor as stored; an empty mapping is a source met for the first time."""
        return cls(
            fronts={url: Known(*row) for url, row in stored.get("fronts", {}).items()},
            pages={url: Known(*row) for url, row in stored.get("pages", {}).items()},
            things=dict(stored.get("things", {})),
            marks=dict(stored.get("marks", {})),
            blocked_until=int(stored.get("blocked_until", 0)),
            refusals=int(stored.get("refusals", 0)),
            refused_as=str(stored.get("refused_as", "")),
            refused_why=str(stored.get("refused_why", "")),
        )

    def as_json(self) -> dict[str, object]:
        """Plain JSON values, bounded in size."""
        return {
            "fronts": _rows(self.fronts, VALIDATORS),
            "pages": _rows(self.pages, KNOWN_PAGES),
            "things": dict(list(self.things.items())[-KNOWN_THINGS:]),
            "marks": self.marks,
            "blocked_until": self.blocked_until,
            "refusals": self.refusals,
            "refused_as": self.refused_as,
            "refused_why": self.refused_why,
        }

    def refused(self, state: str, why: str, *, now: datetime, until: datetime | None) -> None:
        """Note that the site refused a run: it is left alone until it said, else for longer after every refusal in a row."""
        self.refusals += 1
        self.refused_as, self.refused_why = state, why
        until = until or now + BACK_OFF[min(self.refusals, len(BACK_OFF)) - 1]
        self.blocked_until = int(until.timestamp())

    def welcome(self) -> None:
        """Note that the site answered again."""
        self.blocked_until, self.refusals, self.refused_as, self.refused_why = 0, 0, "", ""

    def front(self, saved: Saved, *, now: datetime) -> None:
        """Remember the validators of a feed or list that was read to its end."""
        self.fronts[saved.asked or saved.url] = _known(saved, now=now, since=None, mark="")

    def page(self, saved: Saved, *, now: datetime, published: datetime | None, mark: str = "") -> None:
        """Remember a page that was read."""
        url = saved.asked or saved.url
        before = self.pages.get(url)
        since = published or (datetime.fromtimestamp(before.since, UTC) if before else None)
        known = _known(saved, now=now, since=since, mark=mark or (before.mark if before else ""))
        known.held = before.held if before else ""
        self.pages[url] = known

    def says_new(self, url: str, mark: str) -> bool:
        """Whether something that came whole inside its list, feed or thread is new or reads otherwise; it is remembered.

        The same text under http and https is one thing.
        """
        is_known = mark in (self.things.pop(url, ""), self.things.get(_twin(url), ""))
        self.things[url] = mark  # met again: it falls out last
        return not is_known

    def unchanged(self, url: str, *, now: datetime, mark: str = "") -> None:
        """Note a 304. A list that stays as it is leaves the cursor as it is, so that a quiet poll writes no cursor."""
        front, page, at = self.fronts.get(url), self.pages.get(url), int(now.timestamp())
        if front and at - front.read >= REREAD.total_seconds():
            front.read = at
        if page:
            page.read, page.missing = at, 0
            page.mark = mark or page.mark

    def suspect(self, url: str, *, held: str, now: datetime) -> None:
        """Note that something known was missing where it should have been listed; its own page, `url`, will be asked for."""
        at = int(now.timestamp())
        self.pages.setdefault(url, Known(at, at, missing=at, held=held))

    def forget(self, url: str) -> str:
        """Forget a page that is gone with what it held, so that it would be heard anew; returns the URL of what it held."""
        held = self.pages.pop(url).held or url
        self.things.pop(held, None)
        return held

    def is_new(self, url: str, mark: str) -> bool:
        """Whether a page was never read or its list shows it otherwise than when it was read."""
        known = self.pages.get(url)
        return known is None or bool(mark and known.mark != mark)

    def due(self, *, now: datetime, days: int, most: int = 100) -> list[str]:
        """Pages to read again for edits, growth and deletion: those with a look due, longest unread first.

        Looks follow publication ever more seldom (spiders/rhythm.py) and end after `days`; a page that was missing is looked at
        once more whatever its age.
        """
        by, at = rhythm(), now.timestamp()
        chosen = [
            (known.read, url)
            for url, known in self.pages.items()
            if known.was_missing_before(now, hours=by.second_look_hours)
            or is_look_due(since=known.since, read=known.read, now=at, days=days, by=by)
        ]
        return [url for _, url in sorted(chosen)[:most]]


def mark_of(*parts: object) -> str:
    """A short digest of what a list says about a page."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:12]


def _twin(url: str) -> str:
    scheme, rest = url[:5], url.partition("://")[2]
    return f"http://{rest}" if scheme == "https" else f"https://{rest}"


def _known(saved: Saved, *, now: datetime, since: datetime | None, mark: str) -> Known:
    headers = saved.headers
    return Known(
        int(now.timestamp()),
        int((since or now).timestamp()),
        headers.get("etag", ""),
        headers.get("last-modified", ""),
        mark,
    )


def _rows(known: Mapping[str, Known], most: int) -> dict[str, list[object]]:
    newest = sorted(known.items(), key=lambda item: item[1].read, reverse=True)[:most]
    return {url: _row(k) for url, k in sorted(newest)}


def _row(known: Known) -> list[object]:
    row: list[object] = [known.read, known.since, known.etag, known.modified, known.mark]
    return [*row, known.missing, known.held] if known.missing or known.held else row
