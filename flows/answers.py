"""Known answers beside the claims of the desk: read from files, matched with what is asserted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from nlp.answer_rows import AnswerRow, read_answers
from nlp.answer_types import Answer, Heard, Match
from nlp.answers import KnownAnswers
from nlp.normalise import normalise
from store import answers
from store.answers import GivenAnswer, Imported
from store.claims import to_check
from store.errors import BadInput
from store.models import Claim, KnownAnswer


def import_answers(lines: Iterable[str], *, name: str, now: datetime) -> Imported:
    """Store the known answers of a file whole or not at all; raises BadInput naming file, line and key."""
    rows = list(read_answers(lines, name=name))
    if not rows:
        raise BadInput(f"{name}: holds no known answer; write one JSON object a line, see docs/answers.md")
    keys = {row.id: _key(row) for row in rows}
    given = {_key(row): _given(row, _successor(row, rows, keys)) for row in rows}  # the last of two equal ones counts
    return answers.import_all(list(given.values()), file=Path(name).name, now=now)


def _key(row: AnswerRow) -> str:
    """What makes a record the same again: its page and the claim it answers, or its text where it names neither."""
    told = normalise(row.claim or row.title)
    which = (row.url, told) if row.url or told else ("", normalise(row.debunk or row.text))
    return sha256("\n".join(which).encode()).hexdigest()


def _successor(row: AnswerRow, rows: Sequence[AnswerRow], keys: dict[int | str, str]) -> str:
    if not row.superseded_by:
        return ""
    found = next((keys[other.id] for other in rows if str(other.id) == row.superseded_by), "")
    if not found or found == _key(row):
        raise BadInput(
            f"{row.where}: 'superseded_by' is {row.superseded_by!r}; give the id of another row of this file"
        )
    return found


def _given(row: AnswerRow, successor: str) -> GivenAnswer:
    return GivenAnswer(
        key=_key(row),
        claim=row.claim or row.title,
        text="\n".join(dict.fromkeys(part for part in (row.debunk, row.text) if part)),
        verdict=row.verdict,
        source=row.source,
        issuer=row.issuer,
        url=row.url,
        valid_from=row.at,
        successor=successor,
    )


def put_beside_claims() -> int:
    """Match every claim that is to be checked with the known answers and store what is worth showing; how many changed.

    Nothing is sent and no status changes. The answer that a claim itself led to is not shown with it.
    """
    claims = list(to_check().order_by("pk"))
    own = dict(KnownAnswer.objects.exclude(from_claim=None).values_list("pk", "from_claim_id"))
    found = known_answers().find([Heard(claim.assertion, claim.first_at) for claim in claims])
    changed = 0
    with transaction.atomic():
        for claim, matches in zip(claims, found, strict=True):
            shown = [_stored(match) for match in matches if match.suggest and own.get(int(match.answer)) != claim.pk]
            if shown != claim.answers:
                Claim.objects.filter(pk=claim.pk).update(answers=shown)
                changed += 1
    return changed


def known_answers() -> KnownAnswers:
    """The answers in force as an index; their ids are the store's numbers."""
    return KnownAnswers([_answer(row) for row in answers.in_force()])


def _answer(row: KnownAnswer) -> Answer:
    return Answer(
        id=row.pk,
        claim=row.claim,
        text=row.text,
        verdict=row.verdict,
        at=row.valid_from,
        superseded=row.superseded_by_id is not None,
    )


def _stored(match: Match) -> dict[str, object]:
    return {"answer": match.answer, "score": match.score, "sure": match.sure, "why": match.why}
