"""The audit chain's two ends: appending one act to it and finding every row that was changed, taken out or put in.

Each row is sealed with SHA-256 over its canonical JSON and the hash of the row before (a linear hash chain, as in
Haber & Stornetta 1991). A chain cannot see its own newest rows being cut off: `head()` is noted elsewhere (the
nightly's summary, a backup) and given to `verify` later.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import connection

from store.models import AuditRow

if TYPE_CHECKING:
    from django.contrib.auth.models import User

BEFORE_THE_FIRST = "0" * 64
CHAIN_LOCK = 0x6368616F78696E  # "chaoxin": key of the PostgreSQL advisory lock that one writer holds at a time


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row's number and hash; number 0 while nothing was recorded."""

    number: int
    hash: str


def append(
    actor: User | None, verb: str, obj_type: str, obj_id: object, detail: Mapping[str, object], *, now: datetime
) -> AuditRow:
    """Record one act, as the last thing its own transaction does; None as actor is the system.

    Numbers have no gaps because writers queue here until the other's transaction ends, and a rolled-back act takes
    its number back. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.append must be called inside the transaction of the act it records")
    _wait_for_the_other_writer()
    last = head()
    row = AuditRow(
        number=last.number + 1,
        at=now,
        actor=actor,
        verb=verb,
        object_type=obj_type,
        object_id=str(obj_id),
        detail=_plain(detail),
        previous_hash=last.hash,
    )
    row.hash = seal(row)
    row.save(force_insert=True)
    return row


def head() -> Head:
    """The chain's newest row."""
    row = AuditRow.objects.order_by("-number").only("number", "hash").first()
    return Head(row.number, row.hash) if row else Head(0, BEFORE_THE_FIRST)


def seal(row: AuditRow) -> str:
    """The hash a row must carry: SHA-256 hex of its canonical JSON, the previous hash included."""
    content = {
        "number": row.number,
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": row.actor_id,
        "verb": row.verb,
        "object_type": row.object_type,
        "object_id": row.object_id,
        "detail": row.detail,
        "previous_hash": row.previous_hash,
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def verify(*, noted: Head | None = None) -> list[int]:
    """Numbers of the rows that are missing, changed or do not follow from the one before; [] when the chain is whole.

    `noted` is a head written down earlier: its row must still stand with the same hash.
    """
    broken: set[int] = set()
    previous, expected = BEFORE_THE_FIRST, 1
    noted_hash = ""
    for row in AuditRow.objects.order_by("number").iterator(chunk_size=1000):
        broken.update(range(expected, row.number))
        if row.hash != seal(row) or row.previous_hash != previous:
            broken.add(row.number)
        if noted is not None and row.number == noted.number:
            noted_hash = row.hash
        previous, expected = row.hash, row.number + 1
    if noted is not None and noted.number:
        broken.update(range(expected, noted.number + 1))
        if noted_hash != noted.hash:
            broken.add(noted.number)
    return sorted(broken)


def _wait_for_the_other_writer() -> None:
    """One writer at a time: SQLite's IMMEDIATE transaction already is; PostgreSQL takes a lock until commit."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def _plain(value: object) -> object:
    """A value that every database gives back exactly: fractions and times as text, mappings and sequences as JSON's."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    text = value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
    return text.replace("\x00", "")  # PostgreSQL's jsonb refuses NUL
