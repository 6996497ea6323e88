"""Groups any texts, relevant or not, into matters and repeats: the tracker's own steps for rows from a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from nlp.annotate import Text
from nlp.duplicates import Candidate, NearDuplicates
from nlp.features import TrackingParameters, Wording
from nlp.matters import Past, matters
from nlp.normalise import normalise
from nlp.segment import words
from nlp.topics import days, topic_code
from store.errors import BadInput

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Clustered:
    """A row's topic (a code, equal for rows of one matter) and the id of the row it repeats, None for none."""

    id: str | int
    topic: str
    duplicate_of: str | int | None = None


def cluster(texts: Sequence[Text], parameters: TrackingParameters | None = None) -> list[Clustered]:
    """Topic and original of every text, in the order given.

    The result depends on the texts, not on their order: they are read by (published_at, id). An undated text counts as
    old as the oldest dated one. Time grows about linearly. Raises BadInput when an id appears twice.
    """
    by_key = {_key(text.id): text for text in texts}
    if len(by_key) < len(texts):
        raise BadInput(f"id {_repeated(texts)!r} appears twice; give every row an id of its own")
    start = min((text.published_at for text in texts if text.published_at), default=UNDATED)
    in_order = sorted(by_key.items(), key=lambda row: (row[1].published_at or start, row[0]))
    originals = _originals(in_order)
    times = [text.published_at or start for _, text in in_order]
    past = Past([days(at) for at in times], [-1] * len(times))
    found = matters(_wordings(in_order), past, parameters or TrackingParameters.load())
    _, firsts = np.unique(found.labels, return_index=True)
    names = [topic_code(in_order[first][0], times[first]) for first in firsts]
    codes = {key: names[label] for (key, _), label in zip(in_order, found.labels.tolist(), strict=True)}
    return [_clustered(key, by_key, codes, originals) for key in map(_key, (text.id for text in texts))]


def _key(identity: str | int) -> str:
    """Orders numbers by size and keeps 1 apart from "1"."""
    return f"{identity:020d}" if isinstance(identity, int) else f"s{identity}"


def _repeated(texts: Sequence[Text]) -> str | int:
    return next(identity for identity, times in Counter(text.id for text in texts).items() if times > 1)


def _clustered(
    key: str, by_key: Mapping[str, Text], codes: Mapping[str, str], originals: Mapping[str, str]
) -> Clustered:
    original = originals.get(key)
    if original is None:
        return Clustered(by_key[key].id, codes[key])
    return Clustered(by_key[key].id, codes[original], by_key[original].id)


def cluster_row(row: Clustered) -> dict[str, object]:
    """The row as `chaoxin cluster` writes it: {id, topic, duplicate_of?}."""
    written: dict[str, object] = {"id": row.id, "topic": row.topic}
    if row.duplicate_of is not None:
        written["duplicate_of"] = row.duplicate_of
    return written


def _originals(rows: Sequence[tuple[str, Text]]) -> dict[str, str]:
    index = NearDuplicates()
    found = ((key, index.add(Candidate(key, _whole(text)))) for key, text in rows)
    return {key: str(match.original) for key, match in found if match}


def _whole(text: Text) -> str:
    return f"{text.title}\n{text.text}" if text.title else text.text


def _wordings(rows: Sequence[tuple[str, Text]]) -> Iterator[Wording]:
    """Repeats speak for themselves here: without the threads around them, their weight shows what is much repeated."""
    for _, text in rows:
        yield Wording(text.title, text.text, words(normalise(_whole(text))))
