"""Which regions a word names: provinces and countries, and the cities that stand for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlp.word_files import LEXICONS, read_yaml, word_list
from store.errors import BadSettings

ENDINGS = ("市", "省")


@dataclass(frozen=True, slots=True)
class Regions:
    """The numbers of the regions each word names: a city and its province, or a province or country alone."""

    by_word: dict[str, tuple[int, ...]]
    count: int


@lru_cache(maxsize=1)
def regions(path: Path = LEXICONS / "regions.yml") -> Regions:
    """The regions of data/lexicons/regions.yml; raises BadSettings naming the entry that is not `name: [cities...]`."""
    entries = read_yaml(path)
    if not isinstance(entries, dict):
        raise BadSettings(f"{path.name}: expected one line a region, 'name: [cities...]'")
    by_word: dict[str, tuple[int, ...]] = {}
    count = 0
    for name, value in entries.items():
        region, count = count, count + 1
        _enter(by_word, str(name), (region,))
        for city in word_list(value, f"{path.name}: {name}"):
            _enter(by_word, city, (count, region))
            count += 1
    return Regions(by_word, count)


def _enter(by_word: dict[str, tuple[int, ...]], word: str, numbers: tuple[int, ...]) -> None:
    for form in (word, *(word + ending for ending in ENDINGS if not word.endswith(ENDINGS))):
        by_word.setdefault(form, numbers)
