"""What is remembered of a host across runs and processes: what was asked of it today, and its robots.txt."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

BEIJING = timezone(timedelta(hours=8))
FRESH = timedelta(days=1)  # RFC 9309 2.4: a cached robots.txt serves no longer than a day
USABLE = timedelta(days=30)  # ... unless it cannot be had; after a month of that it is as if there were none


@dataclass(frozen=True, slots=True)
class KeptRobots:
    """A site's robots.txt as it answered last; `body` is "" where it had none."""

    at: int  # epoch seconds of the last answer, 304 included
    body: str = ""
    etag: str = ""
    modified: str = ""

    def is_fresh(self, *, now: datetime) -> bool:
        """Whether it serves without being asked for again."""
        return timedelta(0) <= now - datetime.fromtimestamp(self.at, UTC) < FRESH

    def is_usable(self, *, now: datetime) -> bool:
        """Whether it serves while the site cannot give a new one."""
        return now - datetime.fromtimestamp(self.at, UTC) < USABLE

    @property
    def validators(self) -> dict[str, str]:
        """The headers of a conditional GET."""
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in pairs.items() if value}


def kept_robots(folder: Path, origin: str) -> KeptRobots | None:
    """The robots.txt kept of an origin (scheme, host and port), None where there is none that can be read."""
    try:
        return KeptRobots(**json.loads(_path(folder, origin, "robots").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def keep_robots(folder: Path, origin: str, kept: KeptRobots) -> None:
    """Keep a robots.txt; a full disk keeps none and stops nothing."""
    _write(_path(folder, origin, "robots"), asdict(kept))


def resting_until(folder: Path, site: str) -> int:
    """Epoch seconds before which a site (host and port) asked not to be asked, 0 where it did not."""
    try:
        return int(json.loads(_path(folder, site, "rest").read_text(encoding="utf-8"))["until"])
    except (OSError, ValueError, TypeError, KeyError):
        return 0


def keep_rest(folder: Path, site: str, until: int) -> None:
    """Keep when a site may be asked again."""
    _write(_path(folder, site, "rest"), {"until": until})


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that is asked of one host on one day (Beijing time); 0 is no limit."""

    requests: int
    size: int  # bytes received


class Ledger:
    """What was asked of one host today, by all runs of this installation: one small file, locked while it is changed."""

    def __init__(self, folder: Path, host: str, *, now: datetime, budget: Budget) -> None:
        self.path = _path(folder, host, "day")
        self.day: date = now.astimezone(BEIJING).date()
        self.budget = budget

    def take(self, most: int, *, received: int = 0) -> int:
        """Take up to `most` requests from today's budget and book `received` bytes; 0 when it is spent."""
        with self._row() as row:
            row["size"] += received
            if self.budget.size and row["size"] >= self.budget.size:
                return 0
            taken = min(most, self.budget.requests - row["requests"]) if self.budget.requests else most
            taken = max(0, taken)
            row["requests"] += taken
            return taken

    def give_back(self, unused: int, *, received: int) -> None:
        """Return requests that were taken and not sent, and book `received` bytes."""
        with self._row() as row:
            row["requests"] = max(0, row["requests"] - unused)
            row["size"] += received

    @contextmanager
    def _row(self) -> Iterator[dict[str, int]]:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)  # released when the file is closed
            row = self._read(handle.read())
            yield row
            handle.seek(0)
            handle.truncate()
            handle.write(json.dumps({"day": self.day.isoformat(), **row}))

    def _read(self, text: str) -> dict[str, int]:
        try:
            stored: Mapping[str, Any] = json.loads(text)
            if stored["day"] == self.day.isoformat():
                return {"requests": int(stored["requests"]), "size": int(stored["size"])}
        except (ValueError, TypeError, KeyError):
            pass  # new, or cut short by a full disk: the day begins anew
        return {"requests": 0, "size": 0}


def _write(path: Path, row: Mapping[str, object]) -> None:
    """Write a small file whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as handle:
            handle.write(json.dumps(row, ensure_ascii=False))
        Path(handle.name).replace(path)
    except OSError:  # a full disk
        return


def _path(folder: Path, name: str, what: str) -> Path:
    readable = re.sub(r"[^A-Za-z0-9.-]+", "_", name.lower())[:120]
    digest = hashlib.sha256(name.lower().encode()).hexdigest()[:8]  # two names may read alike
    return folder / f"{readable}-{digest}.{what}.json"
