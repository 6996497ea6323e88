"""Chooses the words that say what a text or a topic is about: rare words, named things, places and words of the sea first."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlp.features import WORD, word_share
from nlp.lexicons import Hit, lexicon
from nlp.parameters import load_parameters
from nlp.word_files import LEXICONS, exact_keys, read_yaml, word_list


@dataclass(frozen=True, slots=True)
class KeywordParameters:
    """The values of data/keywords.yml."""

    most: int
    named: float
    placed: float
    marine: float
    again: float
    least_rarity: float

    @staticmethod
    @lru_cache(maxsize=1)
    def load() -> KeywordParameters:
        """The values in force."""
        return load_parameters(KeywordParameters, "keywords.yml")


@lru_cache(maxsize=1)
def stop_words(path: Path = LEXICONS / "stop_words.yml") -> frozenset[str]:
    """Words that say nothing of a matter; raises BadSettings naming file and key."""
    words: set[str] = set()
    for number, entry in enumerate(read_yaml(path), 1):
        where = f"{path.name} entry {number}"
        words.update(word_list(exact_keys(entry, {"reason", "words"}, where)["words"], where))
    return frozenset(words)


COUNTED = re.compile(r"[一二三四五六七八九十百千万亿两几半零多数]{1,8}\w?")  # 一百二十七, 十四点, 几百人


@lru_cache(maxsize=200_000)
def worth(word: str) -> float:
    """How much a word tells of a matter, 0.0 for stop words, numbers, single characters and words too common to tell."""
    if not WORD.fullmatch(word) or word in stop_words():
        return 0.0
    parameters, rarity = KeywordParameters.load(), -math.log(word_share(word))
    factor = _factor(word, parameters)
    if factor == 1.0 and COUNTED.fullmatch(word):
        return 0.0
    return rarity * factor if factor > 1.0 or rarity >= parameters.least_rarity else 0.0


def _factor(word: str, parameters: KeywordParameters) -> float:
    entry = lexicon().entries.get(word)
    if entry is None or entry.guard:
        return 1.0
    if entry.entities:
        return parameters.named
    if entry.sea or entry.grade or entry.topic:
        return parameters.marine
    return parameters.placed if entry.places else 1.0


def keywords(words: Sequence[str], hits: Iterable[Hit]) -> tuple[str, ...]:
    """The telling words of one text, heaviest first; equal weights stand in order of first mention. About 15 µs a post.

    `words` are the text's words as cut, `hits` its lexicon words: a name that was cut in pieces counts whole.
    """
    again = KeywordParameters.load().again
    weights: dict[str, float] = {}
    for word in words:
        value = worth(word)
        if value:
            weights[word] = weights[word] + again * value if word in weights else value
    for hit in hits:
        word = hit.entry.word
        if word not in weights and not hit.entry.guard:
            weights[word] = worth(word)
    return top_words(weights, KeywordParameters.load().most)


def top_words(weights: Mapping[str, float], count: int) -> tuple[str, ...]:
    """The heaviest words that weigh anything, none a part of one before it; equal weights in the order given."""
    chosen: list[str] = []
    for word, weight in sorted(weights.items(), key=_by_weight):
        if weight <= 0.0 or len(chosen) == count:
            break
        if not any(word in other or other in word for other in chosen):
            chosen.append(word)
    return tuple(chosen)


def _by_weight(item: tuple[str, float]) -> float:
    return -item[1]
