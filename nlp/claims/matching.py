"""Holds claims against official statements with the search for known answers, and flags a moved place or an older date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from nlp.answer_types import Answer, Heard, Match
from nlp.answers import KnownAnswers
from nlp.claims.parameters import ClaimParameters
from nlp.claims.types import Statement
from nlp.naming import OFFICE_ZONE
from nlp.places import moved_place
from store.stages import Place


def matches(claims: Sequence[Heard], statements: Sequence[Statement]) -> list[tuple[Match, ...]]:
    """For each claim the statements worth a look, best first; what is sure and why is decided as for known answers."""
    if not claims or not statements:
        return [()] * len(claims)
    index = KnownAnswers([_answer(statement) for statement in statements])
    return [tuple(match for match in found if match.suggest) for found in index.find(claims)]


def _answer(statement: Statement) -> Answer:
    return Answer(
        id=statement.id,
        title=statement.title,
        text=statement.text,
        at=statement.published_at,
        places=statement.places,
    )


def moved(
    found: Sequence[Match],
    statements: Mapping[str, Statement],
    places: Sequence[Place],
    first_at: datetime,
    parameters: ClaimParameters,
) -> list[str]:
    """Flags for official statements that read alike but name another place or an older date."""
    flags: list[str] = []
    for match in found:
        statement = statements[str(match.answer)]
        issuer = statement.issuer or "官方信息"
        if moved_place(places, statement.places):
            flags.append(f"{issuer}的相似信息说的是{statement.places[0].name}，此说法说的是{places[0].name}")
        age = first_at - statement.published_at
        if age > timedelta(days=parameters.stale_days):
            day = statement.published_at.astimezone(OFFICE_ZONE)
            flags.append(f"{issuer}的相似信息发布于{day:%Y年%m月%d日}，比此说法早{age.days}天")
    return list(dict.fromkeys(flags))
