"""Reads known answers and the claims to match from JSON Lines, and writes matches as rows: the shapes of `chaoxin match`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nlp.answer_types import Answer, Heard, Match
from nlp.normalise import storable
from nlp.time_words import BEIJING
from store.errors import BadInput

WORDINGS = ("claim", "title", "text", "debunk")
NOTES = ("verdict", "source", "issuer", "url", "superseded_by")
WRITTEN_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?![\d:])")
YEARS = range(1900, 3000)  # others are slips, and no database keeps them all
TIMES = ("valid_from", "date", "published_at")  # the first that is given counts


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A known answer as its file holds it, strings trimmed, "" for what is not given; `where` is file and line."""

    where: str
    id: int | str
    claim: str
    title: str
    text: str
    debunk: str
    verdict: str
    source: str
    issuer: str
    url: str
    superseded_by: str
    at: datetime | None

    def answer(self) -> Answer:
        """What the search for known answers needs of it."""
        return Answer(
            id=self.id,
            claim=self.claim,
            title=self.title,
            text=self.text,
            debunk=self.debunk,
            verdict=self.verdict,
            at=self.at,
            superseded=bool(self.superseded_by),
        )


def read_answers(lines: Iterable[str], *, name: str) -> Iterator[AnswerRow]:
    """One known answer a line: `id` and at least one of claim, title, text, debunk; null counts as left out.

    Also read: verdict, source, issuer, url, superseded_by, and the day as valid_from, date or published_at (ISO 8601 or
    2021/4/1, 2021年4月1日; Beijing time where it names no offset). Other keys and blank lines are passed over. Raises BadInput naming file, line
    and key at the first line that cannot be used.
    """
    for where, row in _rows(lines, name):
        parts = {key: _string(row, key, where) for key in (*WORDINGS, *NOTES)}
        if not any(parts[key] for key in WORDINGS):
            raise BadInput(f"{where}: none of {', '.join(WORDINGS)} holds a text; give the claim or the answer to it")
        yield AnswerRow(where=where, id=_id(row, where), at=_time(row, TIMES, where), **parts)


def read_claims(lines: Iterable[str], *, name: str) -> Iterator[tuple[int | str, Heard]]:
    """One text a line: `id` and `text` or `claim` (both, and a title, count together); published_at like in answers.

    An empty text is a text that matches nothing. Raises BadInput naming file, line and key.
    """
    for where, row in _rows(lines, name):
        if all(row.get(key) is None for key in ("text", "claim")):
            raise BadInput(f"{where}: 'text' is missing; every row needs id and text (or claim)")
        parts = [_string(row, key, where) for key in ("title", "claim", "text")]
        said = "\n".join(dict.fromkeys(part for part in parts if part))
        yield _id(row, where), Heard(said, _time(row, ("published_at",), where))


def match_row(identity: int | str, matches: Sequence[Match]) -> dict[str, Any]:
    """The matches of one text as JSON values, best first."""
    return {
        "id": identity,
        "matches": [
            {"id": m.answer, "score": m.score, "suggest": m.suggest, "sure": m.sure, "why": m.why} for m in matches
        ],
    }


def _rows(lines: Iterable[str], name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for number, line in enumerate(lines, 1):
        if not line.strip("\ufeff \t\r\n"):
            continue
        where = f"{name} line {number}"
        try:
            row = json.loads(line.strip("\ufeff"))
        except (ValueError, RecursionError) as error:
            raise BadInput(f"{where}: no JSON ({error}); write one JSON object a line") from error
        if not isinstance(row, Mapping):
            raise BadInput(f'{where}: expected an object {{"id": …}}, found {type(row).__name__}')
        yield where, row


def _id(row: Mapping[str, Any], where: str) -> int | str:
    identity = row.get("id")
    if isinstance(identity, bool) or not isinstance(identity, str | int) or identity == "":
        state = "is missing" if "id" not in row else f"is {identity!r}"
        raise BadInput(f"{where}: 'id' {state}; write a string or a whole number")
    return storable(identity) if isinstance(identity, str) else identity


def _string(row: Mapping[str, Any], key: str, where: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadInput(f"{where}: '{key}' is {value!r}; write a string or leave it out")
    return storable(value).strip()


def _time(row: Mapping[str, Any], keys: Sequence[str], where: str) -> datetime | None:
    for key in keys:
        value = row.get(key)
        if value is None or value == "":
            continue
        read = _read_time(value) if isinstance(value, str) else None
        if read is None:
            raise BadInput(f"{where}: '{key}' is {value!r}; write it like 2026-01-21 or 2026-01-21T20:00:00+08:00")
        return read
    return None


def _read_time(written: str) -> datetime | None:
    """The time, Beijing's where it names no offset; None when it is none."""
    iso = WRITTEN_DAY.sub(lambda day: f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}", written.strip(), count=1)
    try:
        read = datetime.fromisoformat(iso)
    except ValueError:
        return None
    if read.year not in YEARS:
        return None
    return read if read.tzinfo else read.replace(tzinfo=BEIJING)
