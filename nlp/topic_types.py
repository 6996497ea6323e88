"""What the tracker reads, keeps between runs and gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicState:
    """A topic as the next run needs it.

    `weights` is its centre, the mean of its roots' unit vectors; `counts` how many roots hold each feature; `roots` the
    documents that are neither replies nor repeats; `size` all its documents. `alone` holds the unweighted features of a
    topic of one root: what only it says tells nothing yet, and may be what the next document shares with it.
    """

    code: str
    weights: Mapping[str, float]
    counts: Mapping[str, int]
    roots: int
    size: int
    first_at: datetime
    last_at: datetime
    alone: Mapping[str, float] = field(default_factory=dict)

    def centre(self) -> dict[str, object]:
        """The state as JSON values, for the store; `restored` reads it back."""
        return {
            "weights": {key: round(value, 5) for key, value in self.weights.items()},
            "counts": dict(self.counts),
            "roots": self.roots,
            "alone": {key: round(value, 5) for key, value in self.alone.items()},
        }

    @staticmethod
    def restored(
        code: str, centre: Mapping[str, object], *, size: int, first_at: datetime, last_at: datetime
    ) -> TopicState:
        """The state of a stored topic from its `centre()`."""
        weights, counts, roots = centre.get("weights"), centre.get("counts"), centre.get("roots")
        alone = centre.get("alone")
        return TopicState(
            code=code,
            weights=weights if isinstance(weights, dict) else {},
            counts=counts if isinstance(counts, dict) else {},
            roots=roots if isinstance(roots, int) else 1,
            size=size,
            first_at=first_at,
            last_at=last_at,
            alone=alone if isinstance(alone, dict) else {},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackItem:
    """A document to place: `words` as annotated; `reply_to` and `duplicate_of` are URLs, "" for none."""

    id: int | str
    url: str
    title: str
    text: str
    words: tuple[str, ...]
    published_at: datetime
    relevant: bool = True
    reply_to: str = ""
    duplicate_of: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A document's topic and how like its centre it is (1.0 for replies and repeats, which follow another document)."""

    id: int | str
    url: str
    code: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Tracking:
    """What a run changed: placed documents, new and changed states, and (merged code, kept code) pairs, oldest first."""

    assignments: tuple[Assignment, ...]
    states: tuple[TopicState, ...]
    merged: tuple[tuple[str, str], ...]
