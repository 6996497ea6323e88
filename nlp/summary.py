"""Title, sentence and keywords of a topic, all taken from its documents, none written by us."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from nlp.features import HEADLINE, WORD
from nlp.keywords import top_words, worth
from nlp.normalise import normalise
from nlp.segment import words
from nlp.sentences import sentences, without_tags

TITLE_LIMIT = 60  # characters of a title shown in lists
SENTENCE_LENGTHS = range(12, 121)  # characters; shorter say nothing, longer are no summary
READ = 400  # documents of a topic that are read, the oldest and the newest halves; bounds the cost
PREFERRED = {"official": 1.5, "news": 1.3}  # who writes whole sentences for strangers
LEAD = 1.2  # a report's first sentence sums it up
ASKING = 0.5  # a question or a cry is no summary
QUESTION = re.compile(r"[?？!！]|吗|呢[。]?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicText:
    """A document of the topic; `origin` is "official", "news" or "" for posts. Leave replies and repeats out."""

    id: int | str
    title: str
    text: str
    published_at: datetime
    origin: str = ""


@dataclass(frozen=True, slots=True)
class TopicSummary:
    """A title and the most central sentence, with the documents they were taken from, and the keywords."""

    title: str
    title_document: int | str
    sentence: str
    sentence_document: int | str
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    score: float
    text: str
    document: TopicText


def summarise(documents: Sequence[TopicText], *, keywords: int = 8) -> TopicSummary | None:
    """What a topic is about, in its documents' own words; None without documents. The order given does not matter."""
    ordered = sorted(documents, key=lambda d: (d.published_at, str(d.id)))
    read = ordered if len(ordered) <= READ else [*ordered[: READ // 2], *ordered[-READ // 2 :]]
    if not read:
        return None
    weights = _weights(read)
    title = _best([(head, d, 1.0) for d in read if (head := _headline(d))], weights)
    sentence = _best([row for d in read for row in _sentences(d)], weights) or title
    first = _Choice(0.0, _cut(read[0].text), read[0])
    sentence, title = sentence or first, title or sentence or first
    return TopicSummary(
        _cut(title.text), title.document.id, sentence.text, sentence.document.id, top_words(weights, keywords)
    )


def _weights(documents: Sequence[TopicText]) -> dict[str, float]:
    """How central each word is: how many of the documents hold it, times what it tells (nlp/keywords.py); by weight, then word."""
    held = Counter(word for d in documents for word in set(_words(f"{d.title}\n{d.text}")))
    least = 1 if len(documents) < 3 else 2
    return {word: n / len(documents) * worth(word) for word, n in sorted(held.items()) if n >= least}


def _words(text: str) -> list[str]:
    return [word for word in words(normalise(text)) if WORD.fullmatch(word)]


def _headline(document: TopicText) -> str:
    if document.title:
        return document.title.strip()
    found = HEADLINE.match(document.text)
    return found.group(1).strip() if found else ""


def _sentences(document: TopicText) -> list[tuple[str, TopicText, float]]:
    found = [without_tags(s) for s in sentences(document.text)]
    return [
        (s, document, (LEAD if n == 0 else 1.0) * (ASKING if QUESTION.search(s) else 1.0))
        for n, s in enumerate(found)
        if len(s) in SENTENCE_LENGTHS
    ]


def _best(rows: Sequence[tuple[str, TopicText, float]], weights: Mapping[str, float]) -> _Choice | None:
    scored = [
        _Choice(_centrality(text, weights) * factor * PREFERRED.get(document.origin, 1.0), text, document)
        for text, document, factor in rows
    ]
    return max(scored, key=_by_score, default=None)


def _by_score(choice: _Choice) -> tuple[float, float, str]:
    return choice.score, -choice.document.published_at.timestamp(), str(choice.document.id)


def _centrality(text: str, weights: Mapping[str, float]) -> float:
    """Weight of the distinct words over the square root of their number: rich, but not merely long."""
    own = set(_words(text))
    return sum(weights.get(word, 0.0) for word in own) / math.sqrt(len(own) + 4) if own else 0.0


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LIMIT else f"{line[: TITLE_LIMIT - 1]}…"
