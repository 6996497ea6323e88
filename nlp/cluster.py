"""Groups any texts, relevant or not, into matters and repeats: the tracker's own steps for rows from a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from nlp.annotate import Text
from nlp.duplicates import Candidate, NearDuplicates
from nlp.normalise import normalise
from nlp.segment import words
from nlp.topics import TrackItem, successor, track

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Clustered:
    """A row's topic (a code, equal for rows of one matter) and the id of the row it repeats, "" for none."""

    id: str
    topic: str
    duplicate_of: str = ""


def cluster(texts: Sequence[Text]) -> list[Clustered]:
    """Topic and original of every text, in the order given.

    The result depends on the texts, not on their order: they are read by (published_at, id). An undated text counts as
    old as the oldest dated one. Time grows about linearly.
    """
    start = min((text.published_at for text in texts if text.published_at), default=UNDATED)
    in_order = sorted(texts, key=lambda text: (text.published_at or start, text.id))
    originals = _originals(in_order)
    tracking = track([], [_item(text, text.published_at or start) for text in in_order])
    merged = dict(tracking.merged)
    codes = {placed.url: successor(placed.code, merged) for placed in tracking.assignments}
    return [Clustered(t.id, codes[originals.get(t.id, t.id)], originals.get(t.id, "")) for t in texts]


def cluster_row(row: Clustered) -> dict[str, object]:
    """The row as `chaoxin cluster` writes it: {id, topic, duplicate_of?}."""
    written: dict[str, object] = {"id": row.id, "topic": row.topic}
    if row.duplicate_of:
        written["duplicate_of"] = row.duplicate_of
    return written


def _originals(texts: Sequence[Text]) -> dict[str, str]:
    index = NearDuplicates()
    found = ((text.id, index.add(Candidate(text.id, _whole(text)))) for text in texts)
    return {identity: str(match.original) for identity, match in found if match}


def _whole(text: Text) -> str:
    return f"{text.title}\n{text.text}" if text.title else text.text


def _item(text: Text, published_at: datetime) -> TrackItem:
    """Repeats speak for themselves here: without the threads around them, their weight shows what is much repeated."""
    return TrackItem(
        id=text.id,
        url=text.id,
        title=text.title,
        text=text.text,
        words=tuple(words(normalise(_whole(text)))),
        published_at=published_at,
    )
