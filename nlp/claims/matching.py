"""Holds a claim against official statements: which may answer it, and whether a place or date was moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from nlp.claims.parameters import ClaimParameters
from nlp.claims.types import Match, Statement
from nlp.claims.wording import term_weights
from nlp.topics import OFFICE_ZONE
from store.stages import Place

SHOWN = 4  # common words named in a match's reason


def weighted_share(wanted: Mapping[str, float], held: Iterable[str]) -> float:
    """Share of the weight of `wanted` words that `held` has, 0..1; 0.0 when nothing is wanted."""
    total = sum(wanted.values())
    own = set(held)
    return sum(weight for word, weight in wanted.items() if word in own) / total if total else 0.0


def matches(
    terms: Mapping[str, float], places: Sequence[Place], statements: Sequence[Statement], parameters: ClaimParameters
) -> tuple[Match, ...]:
    """The statements worth a look, best first; sure ones also agree in place."""
    found = [match for s in statements if (match := _match(terms, places, s, parameters)) is not None]
    return tuple(sorted(found, key=lambda m: (-m.score, m.statement))[: parameters.matches])


def _match(
    terms: Mapping[str, float], places: Sequence[Place], statement: Statement, parameters: ClaimParameters
) -> Match | None:
    held = statement.words or tuple(term_weights(f"{statement.title}\n{statement.text}"))
    score = weighted_share(terms, held)
    if score < parameters.suggest:
        return None
    common = sorted(set(terms) & set(held), key=lambda word: (-terms[word], word))[:SHOWN]
    apart = moved_place(places, statement.places)
    why = f"共同的词：{'、'.join(common)}" + (f"；地点不同：{apart}" if apart else "")
    return Match(statement.id, round(score, 3), score >= parameters.sure and not apart, why)


def moved_place(claimed: Sequence[Place], stated: Sequence[Place]) -> str:
    """Chinese words for places that have nothing in common ("秦皇岛市与天津市"), "" when they agree or one names none."""
    if not claimed or not stated or any(same_region(one, other) for one in claimed for other in stated):
        return ""
    return f"{stated[0].name}与{claimed[0].name}"


def same_region(one: Place, other: Place) -> bool:
    """Whether two places are the same or one names the region the other lies in (塘沽 in 天津市滨海新区, 天津市)."""
    mine, theirs = _names(one), _names(other)
    return any(a in b or b in a for a in mine for b in theirs)


def _names(place: Place) -> list[str]:
    return [name for name in (place.name, place.within) if name]


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
        statement = statements[match.statement]
        issuer = statement.issuer or "官方信息"
        if moved_place(places, statement.places):
            flags.append(f"{issuer}的相似信息说的是{statement.places[0].name}，此说法说的是{places[0].name}")
        age = first_at - statement.published_at
        if age > timedelta(days=parameters.stale_days):
            day = statement.published_at.astimezone(OFFICE_ZONE)
            flags.append(f"{issuer}的相似信息发布于{day:%Y年%m月%d日}，比此说法早{age.days}天")
    return list(dict.fromkeys(flags))
