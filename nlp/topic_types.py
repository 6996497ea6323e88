"""What the tracker reads and gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from store.stages import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackItem:
    """A document to place, or one placed before: `topic` is the code of its topic, "" for a new one.

    `words` as annotated; `reply_to` and `duplicate_of` are URLs, "" for none.
    """

    id: int | str
    url: str
    title: str
    text: str
    words: tuple[str, ...]
    published_at: datetime
    relevant: bool = True
    reply_to: str = ""
    duplicate_of: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What stands from earlier runs: when each living topic began, by code, and every code ever given."""

    began: dict[str, datetime]
    given: frozenset[str]

    @staticmethod
    def nothing() -> Known:
        """The knowledge of a first run."""
        return Known({}, frozenset())


@dataclass(frozen=True, slots=True)
class Assignment:
    """A document's new topic and how like its centre it is (1.0 for replies and repeats, which follow another document)."""

    id: int | str
    url: str
    code: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Change:
    """A topic's history: `count` documents that speak for themselves came to `topic` from `other`.

    `alike` is how like what came is to what was there, 0..1. After MERGED `other` lives on in `topic`; SPLIT made
    `topic` new; MOVED changes the code of neither.
    """

    kind: ChangeKind
    topic: str
    other: str
    count: int
    alike: float


@dataclass(frozen=True, slots=True)
class Tracking:
    """What a run changed: documents placed or moved, and the changes of topics, both in a fixed order.

    `left` are documents that had a topic and have no place now: they are not relevant and follow nothing that has one.
    """

    assignments: tuple[Assignment, ...]
    changes: tuple[Change, ...]
    left: tuple[int | str, ...] = ()

    @property
    def merged(self) -> tuple[tuple[str, str], ...]:
        """(merged code, kept code) pairs."""
        return tuple((change.other, change.topic) for change in self.changes if change.kind is ChangeKind.MERGED)
