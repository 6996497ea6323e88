"""Reads rows of JSON Lines into texts, strictly, and writes an annotation as a row: the shapes of `chaoxin annotate`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from nlp.annotate import Text
from nlp.json_lines import parsed
from nlp.normalise import storable
from nlp.time_words import BEIJING
from store.errors import BadInput
from store.stages import Annotation


def read_rows(lines: Iterable[str], *, name: str, first: int = 1) -> Iterator[Text]:
    """One text a line `{id, text, title?, published_at?, source?, context?}`; blank lines and other keys are passed over.

    `id` is a string or a whole number and comes back as it is. `published_at` is ISO 8601, Beijing time where it names no
    offset. Raises BadInput naming file, line and mend at the first line that cannot be read; `first` is the number of
    the first of the lines.
    """
    for number, line in enumerate(lines, first):
        if line.strip("\ufeff \t\r\n"):
            try:
                yield _text(_row(line))
            except BadInput as error:
                raise BadInput(f"{name} line {number}: {error}") from error.__cause__


def _row(line: str) -> Mapping[str, Any]:
    try:
        row = parsed(line.strip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise BadInput(f"no JSON ({error}); write one JSON object a line") from error
    if not isinstance(row, Mapping):
        raise BadInput(f'expected an object {{"id": …, "text": …}}, found {type(row).__name__}')
    return row


def _text(row: Mapping[str, Any]) -> Text:
    for key in ("id", "text"):
        if key not in row:
            raise BadInput(f"'{key}' is missing; every row needs id and text")
    if isinstance(row["id"], bool) or not isinstance(row["id"], str | int):
        raise BadInput(f"'id' is {row['id']!r}; write a string or a whole number")
    if not isinstance(row["text"], str):
        raise BadInput(f"'text' is {row['text']!r}; write a string, \"\" for none")
    return Text(
        id=row["id"],
        title=_optional(row, "title"),
        text=storable(row["text"]),
        published_at=_time(row.get("published_at")),
        source=_optional(row, "source"),
        context=_optional(row, "context"),
    )


def _optional(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadInput(f"'{key}' is {value!r}; write a string or leave it out")
    return storable(value)


def _time(value: object) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        read = None
    if read is None:
        raise BadInput(f"'published_at' is {value!r}; write it like 2026-01-21T20:00:00+08:00 or leave it out")
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
        "department": annotation.department,
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
