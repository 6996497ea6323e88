"""What goes into the search for claims and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nlp.claims.parts import Parts
from store.stages import Cue, Place, TimeMention


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimInput:
    """A document with what its annotation says; `reply_to` and `duplicate_of` are URLs, "" for none.

    `trusted`: published by an office or a newsroom, whose texts assert under their own name and are no claims here.
    """

    id: int | str
    url: str
    title: str
    text: str
    published_at: datetime
    relevant: bool
    claim_risk: float
    voice: str = "chat"
    cues: tuple[Cue, ...] = ()
    places: tuple[Place, ...] = ()
    times: tuple[TimeMention, ...] = ()
    words: tuple[str, ...] = ()
    reply_to: str = ""
    duplicate_of: str = ""
    trusted: bool = False
    pictures: tuple[str, ...] = ()  # difference hashes, 16 hex digits each


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """An official text that may answer a claim; `id` is the caller's own, e.g. "bulletin:3"."""

    id: str
    title: str
    text: str
    published_at: datetime
    issuer: str = ""
    words: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """An official statement beside a claim: how well it fits (0..1), whether surely, and why in Chinese."""

    statement: str
    score: float
    sure: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Older:
    """A text of our own archive from before a claim, as something the claim may repeat; `about` names it for officers."""

    id: int | str
    text: str
    published_at: datetime
    about: str
    words: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPicture:
    """A picture of a document of our own archive; `about` names the document for officers."""

    document: int | str
    hash: str  # 16 hex digits
    published_at: datetime
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundClaim:
    """An assertion to be checked. `key` is the SHA-256 of its first document's URL and never changes.

    `asserts` and `doubts` are document ids, the first document first; `touches`, `flags` and the reasons are Chinese.
    `risk_reasons` say how the risk came about, `reasons` what the priority is made of.
    """

    key: str
    assertion: str
    first: int | str
    first_at: datetime
    touches: tuple[str, ...]
    cues: tuple[Cue, ...]
    flags: tuple[str, ...]
    matches: tuple[Match, ...]
    parts: Parts
    risk: float
    risk_reasons: tuple[str, ...]
    priority: float
    reasons: tuple[str, ...]
    asserts: tuple[int | str, ...]
    doubts: tuple[int | str, ...]

    @property
    def spread(self) -> int:
        """How many documents assert it."""
        return len(self.asserts)
