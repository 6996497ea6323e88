"""Reads rows of JSON Lines into texts, strictly, and writes an annotation as a row: the shapes of `chaoxin annotate`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from nlp.annotate import Text
from nlp.normalise import storable
from nlp.time_words import BEIJING
from store.errors import BadInput
from store.stages import Annotation


def read_rows(lines: Iterable[str], *, name: str) -> Iterator[Text]:
    """One text a line `{id, text, title?, published_at?, source?, context?}`; blank lines and other keys are passed over.

    `id` is a string or a whole number and comes back as it is. `published_at` is ISO 8601, Beijing time where it names no
    offset. Raises BadInput naming file, line and mend at the first line that cannot be read.
    """
    for number, line in enumerate(lines, 1):
        if line.strip("\ufeff \t\r\n"):
            yield _text(_row(line, f"{name} line {number}"), f"{name} line {number}")


def _row(line: str, where: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line.strip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{where}: no JSON ({error}); write one JSON object a line") from error
    if not isinstance(row, Mapping):
        raise BadInput(f'{where}: expected an object {{"id": …, "text": …}}, found {type(row).__name__}')
    return row


def _text(row: Mapping[str, Any], where: str) -> Text:
    for key in ("id", "text"):
        if key not in row:
            raise BadInput(f"{where}: '{key}' is missing; every row needs id and text")
    if isinstance(row["id"], bool) or not isinstance(row["id"], str | int):
        raise BadInput(f"{where}: 'id' is {row['id']!r}; write a string or a whole number")
    if not isinstance(row["text"], str):
        raise BadInput(f"{where}: 'text' is {row['text']!r}; write a string, \"\" for none")
    return Text(
        id=row["id"],
        title=_optional(row, "title", where),
        text=storable(row["text"]),
        published_at=_time(row.get("published_at"), where),
        source=_optional(row, "source", where),
        context=_optional(row, "context", where),
    )


def _optional(row: Mapping[str, Any], key: str, where: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadInput(f"{where}: '{key}' is {value!r}; write a string or leave it out")
    return storable(value)


def _time(value: object, where: str) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        read = None
    if read is None:
        raise BadInput(f"{where}: 'published_at' is {value!r}; write it like 2026-01-21T20:00:00+08:00 or leave it out")
    return read if read.tzinfo else read.replace(tzinfo=BEIJING)


def annotation_row(identity: str | int, annotation: Annotation, *, tokens: bool = False) -> dict[str, Any]:
    """The annotation as JSON values, times as ISO 8601 UTC; the words of the text only where asked for."""
    row: dict[str, Any] = {
        "id": identity,
        "relevant": annotation.relevant,
        "relevance": annotation.relevance,
        "category": annotation.category,
        "categories": list(annotation.categories),
        "parts": list(annotation.parts),
        "keywords": list(annotation.keywords),
        "tags": [{"key": tag.key, "reason": tag.reason} for tag in annotation.tags],
        "voice": annotation.voice,
        "stance": annotation.stance,
        "emotion": annotation.emotion,
        "claim_risk": annotation.claim_risk,
        "cues": [{"name": cue.name, "words": cue.words} for cue in annotation.cues],
        "places": [
            {"name": place.name, "within": place.within, "longitude": place.longitude, "latitude": place.latitude}
            for place in annotation.places
        ],
        "times": [
            {"text": time.text, "start": time.start.isoformat(), "end": time.end.isoformat()}
            for time in annotation.times
        ],
        "reasons": list(annotation.reasons),
        "model": annotation.model,
    }
    return {**row, "tokens": list(annotation.tokens)} if tokens else row
