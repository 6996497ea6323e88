"""The places a text names, resolved to the gazetteer (data/lexicons/places.yml)."""

from __future__ import annotations

from collections.abc import Iterable

from nlp.lexicons import Hit
from store.stages import Place


def places(hits: Iterable[Hit]) -> tuple[Place, ...]:
    """Each place once, in the order of first mention; words of guards (大港油田) name none."""
    return tuple(dict.fromkeys(place for hit in hits for place, _ in hit.entry.places))
