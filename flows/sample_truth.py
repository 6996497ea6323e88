"""Holds the stored sample day against its truth file; only `chaoxin evaluate` and tests may read that file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from flows.samplesite.content import SAMPLE, addresses
from spiders.urls import canonical
from store.models import DocumentRow, Topic

FIRST_TOPICS = 12


@dataclass(frozen=True, slots=True)
class Truth:
    """What people say of one sample document; `duplicate_of` and the key are canonical URLs."""

    url: str
    story: str | None
    relevant: bool
    category: str | None
    duplicate_of: str | None
    hard_negative: bool


@dataclass(frozen=True, slots=True)
class Stored:
    """What the pipeline made of one sample document."""

    relevant: bool
    category: str
    topic: str  # code, "" when in none
    original: str  # canonical URL of what it repeats, "" for none


@dataclass(frozen=True, slots=True)
class Score:
    """Counts behind an F1."""

    right: int
    said: int
    true: int

    @property
    def precision(self) -> float:
        """Share of what was said that is right; 1.0 when nothing was said."""
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        """Share of the truth that was said; 1.0 when there is none."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class StoryLine:
    """How one story line was tracked: its best topic, that topic's rank by heat, recall and purity in 0..1."""

    story: str
    topic: str
    rank: int
    recall: float
    purity: float
    documents: int

    @property
    def holds(self) -> bool:
        """Whether it is one topic among the first twelve with 90 % recall and purity."""
        return 1 <= self.rank <= FIRST_TOPICS and self.recall >= 0.9 and self.purity >= 0.9


def truth(port: int) -> dict[str, Truth]:
    """The truth by canonical URL, for sites whose first port is `port`."""
    places = {key: canonical(url) for key, url in addresses(port).items()}
    found = {}
    with (SAMPLE / "truth.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            original = row["duplicate_of"]
            found[places[row["id"]]] = Truth(
                url=places[row["id"]],
                story=row["story"],
                relevant=row["relevant"],
                category=row["category"],
                duplicate_of=places[original] if original else None,
                hard_negative=row.get("hard_negative", False),
            )
    return found


def stored(urls: Iterable[str]) -> dict[str, Stored]:
    """What the store holds of these URLs."""
    wanted = set(urls)
    rows = DocumentRow.objects.select_related("annotation", "membership__topic", "duplicate_of")
    return {row.url: _stored(row) for row in rows if row.url in wanted}


def _stored(row: DocumentRow) -> Stored:
    member = getattr(row, "membership", None)
    annotation = getattr(row, "annotation", None)
    return Stored(
        relevant=bool(annotation and annotation.relevant),
        category=annotation.category if annotation else "",
        topic=member.topic.code if member else "",
        original=row.duplicate_of.url if row.duplicate_of else "",
    )


def relevance(truths: Mapping[str, Truth], found: Mapping[str, Stored]) -> Score:
    """Relevance of the documents that arrived and of those that did not."""
    said = {url for url, s in found.items() if s.relevant}
    true = {url for url, t in truths.items() if t.relevant}
    return Score(len(said & true), len(said & truths.keys()), len(true))


def hard_negatives_let_in(truths: Mapping[str, Truth], found: Mapping[str, Stored]) -> Score:
    """`right` of `true` hard negatives that were taken for marine affairs."""
    hard = {url for url, t in truths.items() if t.hard_negative}
    taken = {url for url in hard if url in found and found[url].relevant}
    return Score(len(taken), len(taken), len(hard))


def duplicates(truths: Mapping[str, Truth], found: Mapping[str, Stored]) -> Score:
    """Near-duplicates as pairs within a group: an original and everything that repeats it."""
    true = _pairs({url: t.duplicate_of or url for url, t in truths.items()})
    said = _pairs({url: found[url].original or url for url in truths if url in found})
    return Score(len(true & said), len(said), len(true))


def _pairs(group_of: Mapping[str, str]) -> set[tuple[str, str]]:
    groups: dict[str, list[str]] = {}
    for url, group in group_of.items():
        groups.setdefault(group, []).append(url)
    return {pair for members in groups.values() for pair in combinations(sorted(members), 2)}


def categories(truths: Mapping[str, Truth], found: Mapping[str, Stored]) -> Score:
    """Documents whose first category is right, of the relevant ones."""
    true = [(t.category, found[url].category) for url, t in truths.items() if t.relevant and url in found]
    return Score(sum(a == b for a, b in true), len(true), len(true))


def story_lines(truths: Mapping[str, Truth], found: Mapping[str, Stored]) -> list[StoryLine]:
    """Each story line held against the topic that has most of it."""
    ranks = {code: i for i, code in enumerate(Topic.objects.filter(merged_into=None).values_list("code", flat=True), 1)}
    stories: dict[str, list[str]] = {}
    for url, t in truths.items():
        if t.story:
            stories.setdefault(t.story, []).append(url)
    sizes = Counter(s.topic for s in found.values() if s.topic)
    return [_line(story, urls, found, sizes, ranks) for story, urls in sorted(stories.items())]


def _line(
    story: str, urls: list[str], found: Mapping[str, Stored], sizes: Mapping[str, int], ranks: Mapping[str, int]
) -> StoryLine:
    inside = Counter(found[url].topic for url in urls if url in found and found[url].topic)
    topic, most = inside.most_common(1)[0] if inside else ("", 0)
    return StoryLine(
        story=story,
        topic=topic,
        rank=ranks.get(topic, 0),
        recall=most / len(urls),
        purity=most / sizes[topic] if topic else 0.0,
        documents=len(urls),
    )
