"""The folder a spider's process hands its harvest over in: entries in whole batches, then one closing record."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from store.errors import BadInput
from store.stages import Engagement, Entry, HarvestState, Image, Sighting, SourceKind, Unread

BATCH = 50
LONGEST_WAIT = 2.0  # seconds an entry may wait for its batch: a killed process loses no more
CLOSING = "harvest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What the process says at its end."""

    state: HarvestState
    message: str
    cursor: Mapping[str, object]
    requests: int
    bytes_received: int
    skipped: int
    listed: int = 0
    sightings: tuple[Sighting, ...] = ()
    vanished: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()
    unreadable: int = 0


@dataclass(slots=True)
class Writer:
    """Writes entries in batches, each file whole or not there at all."""

    folder: Path
    waiting: list[Entry] = field(default_factory=list)
    batches: int = 0
    flushed_at: float = field(default_factory=time.monotonic)

    def add(self, entry: Entry) -> None:
        """Hand over one entry with its batch."""
        self.waiting.append(entry)
        if len(self.waiting) >= BATCH or time.monotonic() - self.flushed_at > LONGEST_WAIT:
            self.flush()

    def flush(self) -> None:
        """Hand over what waits."""
        if not self.waiting:
            return
        self.batches += 1
        self.flushed_at = time.monotonic()
        lines = [json.dumps(entry_as_row(entry), ensure_ascii=False) for entry in self.waiting]
        _write_whole(self.folder / f"entries-{self.batches:06}.jsonl", "\n".join(lines) + "\n")
        self.waiting.clear()

    def close(self, closing: Closing) -> None:
        """Hand over the rest and say how it ended; after this the folder is complete."""
        self.flush()
        _write_whole(self.folder / CLOSING, json.dumps(asdict(closing), ensure_ascii=False))


def read_entries(folder: Path) -> tuple[Entry, ...]:
    """Every entry handed over so far, in order. Raises BadInput naming file and line."""
    entries: list[Entry] = []
    for path in sorted(folder.glob("entries-*.jsonl")):
        # Not splitlines: texts hold other line separators, JSON Lines knows one.
        for number, line in enumerate(path.read_text(encoding="utf-8").rstrip("\n").split("\n"), 1):
            try:
                entries.append(entry_of_row(json.loads(line)))
            except (ValueError, TypeError, KeyError) as error:
                raise BadInput(f"{path.name}, line {number}: not an entry: {error}") from error
    return tuple(entries)


def read_closing(folder: Path) -> Closing | None:
    """The closing record, None when the process ended without one."""
    path = folder / CLOSING
    if not path.exists():
        return None
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        return _closing(row)
    except (ValueError, TypeError, KeyError) as error:
        raise BadInput(f"{path.name}: not a closing record: {error}") from error


def _closing(row: dict[str, Any]) -> Closing:
    found = {
        "state": HarvestState(row["state"]),
        "sightings": tuple(Sighting(url=s["url"], engagement=Engagement(**s["engagement"])) for s in row["sightings"]),
        "vanished": tuple(row["vanished"]),
        "unread": tuple(Unread(**unread) for unread in row["unread"]),
    }
    return Closing(**{**row, **found})


def entry_as_row(entry: Entry) -> dict[str, Any]:
    """An entry as plain JSON values."""
    row = asdict(entry)
    for name in ("published_at", "fetched_at"):
        row[name] = row[name].isoformat() if row[name] else None
    return row


def entry_of_row(row: dict[str, Any]) -> Entry:
    """The entry that `entry_as_row` wrote; raises KeyError, TypeError or ValueError for anything else."""
    known = {f.name for f in fields(Entry)}
    if set(row) != known:
        raise KeyError(f"fields {sorted(set(row) ^ known)}")
    published = row["published_at"]
    return Entry(
        **{
            **row,
            "kind": SourceKind(row["kind"]),
            "published_at": datetime.fromisoformat(published).astimezone(UTC) if published else None,
            "fetched_at": datetime.fromisoformat(row["fetched_at"]).astimezone(UTC),
            "engagement": Engagement(**row["engagement"]),
            "images": tuple(Image(**image) for image in row["images"]),
        }
    )


def _write_whole(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
