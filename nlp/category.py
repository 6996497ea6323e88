"""Which of the twelve matters of data/taxonomy.yml a marine text is about, and which part of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from nlp.lexicons import Hit, category_names, taxonomy
from nlp.models import Recipe
from nlp.reading import Numbers

ALSO = 0.4  # probability from which a second matter is named beside the first
MOST = 2  # matters a text
SEA, TOPIC = 2.0, 1.0  # points of a part's words: one that tells the sea, one that tells the part beside it
EQUAL = 1.0  # share of the best part's points from which a second part is named: it must show as strongly
PartWords = dict[str, tuple[tuple[int, str, float], ...]]


def recipe() -> Recipe:
    """How the category model is fitted."""
    return Recipe("category", category_names(), 10.0, text_scale=3.0, sea_scale=1.0)


def categories(probabilities: Numbers) -> tuple[str, ...]:
    """The likeliest matter first, then a second one that is likely by itself; `probabilities` has shape (12,)."""
    order = [int(number) for number in (-probabilities).argsort(kind="stable")]
    also = [number for number in order[1:MOST] if probabilities[number] >= ALSO]
    return tuple(category_names()[number] for number in [order[0], *also])


def parts(hits: Iterable[Hit], matters: Sequence[str]) -> tuple[str, ...]:
    """The parts of these matters that the text's words show, written 海洋灾害/风暴潮, best first within each matter.

    Decided by the taxonomy's words rather than by a model: why, and what a model would give, stands in
    docs/decisions/0013. A matter none of whose words occur stays without a part; more than two parts say nothing.
    """
    if not matters:
        return ()
    points: dict[str, dict[str, float]] = {matter: defaultdict(float) for matter in matters}
    names = category_names()
    for word in dict.fromkeys(hit.entry.word for hit in hits if not hit.entry.guard):
        for number, part, value in _told(word):
            if names[number] in points:
                points[names[number]][part] += value
    return tuple(f"{matter}/{part}" for matter in matters for part in _best(points[matter]))


def _best(points: dict[str, float]) -> list[str]:
    most = max(points.values(), default=0.0)
    best = [part for part, value in points.items() if value >= EQUAL * most]
    return best[:MOST]


@lru_cache(maxsize=1)
def _part_words() -> PartWords:
    """Of each word of the taxonomy: the matters' numbers, parts and points it tells."""
    told: defaultdict[str, list[tuple[int, str, float]]] = defaultdict(list)
    for number, category in enumerate(taxonomy()):
        for part in category.parts:
            for words, value in ((part.sea, SEA), (part.topic, TOPIC)):
                for word in words:
                    told[word].append((number, part.name, value))
    return {word: tuple(found) for word, found in told.items()}


@lru_cache(maxsize=20_000)
def _told(word: str) -> tuple[tuple[int, str, float], ...]:
    """What a word tells; a longer word that the taxonomy does not list tells what the words inside it tell."""
    known = _part_words()
    if word in known:
        return known[word]
    inner = [word[i:j] for i in range(len(word)) for j in range(i + 2, len(word) + 1) if word[i:j] in known]
    whole = [part for part in inner if not any(part != other and part in other for other in inner)]
    return tuple(dict.fromkeys(told for part in whole for told in known[part]))
