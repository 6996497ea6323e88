"""The places a text names, resolved to the gazetteer (data/lexicons/places.yml), and whether two texts' places agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from nlp.lexicons import Hit, lexicon
from nlp.segment import engine, starts
from store.stages import Place


def places(hits: Iterable[Hit]) -> tuple[Place, ...]:
    """Each place once, in the order of first mention; words of guards (大港油田) name none."""
    return tuple(dict.fromkeys(place for hit in hits for place, _ in hit.entry.places))


@lru_cache(maxsize=4096)
def places_named(text: str) -> tuple[Place, ...]:
    """The places of a normalised text that nothing else is read of."""
    return places(lexicon().hits(text, starts(engine().cut(text))))


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
