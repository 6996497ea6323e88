"""How a topic went from source to source: who had it first, who followed when, and whether in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadDocument:
    """A document of a topic; `follows` is the URL of what it answers or repeats, "" for none."""

    id: int
    url: str
    source: str
    published_at: datetime
    follows: str = ""
    repeats: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The first document of a source in the topic, the source it took it from where that is known, and all it brought."""

    source: str
    first: int
    at: datetime
    came_from: str = ""
    same_words: bool = False
    documents: int = 1


def spread_path(documents: Iterable[SpreadDocument]) -> tuple[Step, ...]:
    """One step a source, in the order in which sources came to the topic; the first step is the first source.

    Where a source's first document answers or repeats one of another source, that source is named; otherwise nothing is
    guessed. Equal times are ordered by URL.
    """
    ordered = sorted(documents, key=lambda d: (d.published_at, d.url))
    by_url = {d.url: d for d in ordered}
    first: dict[str, SpreadDocument] = {}
    counts: dict[str, int] = {}
    for document in ordered:
        first.setdefault(document.source, document)
        counts[document.source] = counts.get(document.source, 0) + 1
    return tuple(_step(d, by_url, counts[source]) for source, d in first.items())


def _step(document: SpreadDocument, by_url: Mapping[str, SpreadDocument], documents: int) -> Step:
    origin = by_url.get(document.follows)
    elsewhere = origin is not None and origin.source != document.source
    return Step(
        source=document.source,
        first=document.id,
        at=document.published_at,
        came_from=origin.source if origin is not None and elsewhere else "",
        same_words=elsewhere and document.repeats,
        documents=documents,
    )
