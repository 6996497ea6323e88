"""Which of the twelve matters of data/taxonomy.yml a marine text is about."""

from __future__ import annotations

from nlp.lexicons import category_names
from nlp.models import Recipe
from nlp.reading import Numbers

ALSO = 0.4  # probability from which a second matter is named beside the first
MOST = 2  # matters a text


def recipe() -> Recipe:
    """How the category model is fitted."""
    return Recipe("category", category_names(), 10.0, text_scale=3.0, sea_scale=2.0)


def categories(probabilities: Numbers) -> tuple[str, ...]:
    """The likeliest matter first, then a second one that is likely by itself; `probabilities` has shape (12,)."""
    order = [int(number) for number in (-probabilities).argsort(kind="stable")]
    also = [number for number in order[1:MOST] if probabilities[number] >= ALSO]
    return tuple(category_names()[number] for number in [order[0], *also])
