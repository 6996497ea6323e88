"""How well texts are grouped into matters: posts by the hashtag taken out of them, and two hot issues of a message board."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.annotate import Text
from nlp.cluster import cluster
from nlp.normalise import normalise
from nlp.quality.figures import Figure, Rows, interval
from nlp.quality.sets import Row, held, rows
from nlp.segment import words
from nlp.topics import Known, TrackItem, track

POSTS, MESSAGES = "clusters_hashtag_A", "boards_fj3_messages"
LEAST_COHESION = 0.08  # under it a hashtag is no matter: its posts share less than posts of different hashtags
FLOOR, REACH = 0.71, 0.80
BATCH = 100
OUTLETS = (  # hashtags that name a medium or a column of one: whatever it reports, so no matter
    "网易新闻", "凤凰新闻", "看点快报", "石狮日报即时新闻", "今日头条", "吉林新闻", "环境新闻速览", "洛阳24小时", "津日疫情播报", "疫情速报",
)  # fmt: skip
SAID_AT = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")
CHOSEN = "no row held out: the values of data/tracking.yml were chosen with these rows and the sample day in view"


@dataclass(frozen=True, slots=True)
class Issue:
    """A matter known by words: the messages that name all of `core` are its own, any of `about` speaks of it in other words."""

    name: str
    core: tuple[str, ...]
    about: tuple[tuple[str, ...], ...]


ISSUES = (
    Issue("丽发新城搅拌站", ("丽发新城", "搅拌站"), (("丽发", "搅拌"),)),
    Issue("伊景园车位", ("伊景园",), (("广铁", "车位"),)),
)


def figures(folder: Path) -> list[Figure]:
    """BCubed F1 of the posts in one run, in batches, and of those whose hashtag names no outlet; recall and purity of the two issues.

    Absent sets are left out.
    """
    found: list[Figure] = []
    if held(folder, POSTS):
        posts = [row for row in rows(folder, POSTS) if row["cohesion"] >= LEAST_COHESION]
        found.append(_posts("posts by hashtag, one run", posts, _at_once(posts), FLOOR))
        found.append(_posts(f"posts by hashtag, batches of {BATCH}", posts, _in_batches(posts), FLOOR))
        of_matters = [row for row in posts if row["cluster"] not in OUTLETS]
        found.append(_posts("posts by hashtag that names no outlet, one run", of_matters, _at_once(of_matters), None))
    if held(folder, MESSAGES):
        messages = rows(folder, MESSAGES)
        topics = _at_once(messages)
        found.extend(figure for issue in ISSUES for figure in _issue(issue, messages, topics))
    return found


def bcubed(gold: Sequence[str], found: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Precision and recall of every row (Bagga and Baldwin 1998); the set's are their means."""
    matters, topics = np.unique(gold, return_inverse=True)[1], np.unique(found, return_inverse=True)[1]
    pairs = matters * (topics.max(initial=0) + 1) + topics
    together = np.bincount(pairs)[pairs]
    return together / np.bincount(topics)[topics], together / np.bincount(matters)[matters]


def _posts(which: str, posts: Sequence[Row], topics: Sequence[str], floor: float | None) -> Figure:
    gold = [str(row["cluster"]) for row in posts]
    precision, recall = bcubed(gold, topics)

    def score(chosen: Rows) -> float:
        p, r = float(precision[chosen].mean()), float(recall[chosen].mean())
        return 2 * p * r / (p + r)

    low, high = interval(score, gold)
    return Figure(
        task=f"topics: {which}",
        metric="BCubed F1",
        score=round(score(np.arange(len(posts))), 4),
        low=low,
        high=high,
        floor=floor,
        reach=REACH,
        rows=len(posts),
        split=CHOSEN,
    )


def _issue(issue: Issue, messages: Sequence[Row], topics: Sequence[str]) -> Iterable[Figure]:
    """Recall of its own messages in the topic that has most of them; purity of that topic, strictly and by what it is about."""
    texts = [f"{row['title']}\n{row['text']}" for row in messages]
    own = np.array([all(word in text for word in issue.core) for text in texts])
    ways = (issue.core, *issue.about)
    about = np.array([any(all(word in text for word in way) for way in ways) for text in texts])
    numbers = np.unique(topics, return_inverse=True)[1]
    inside = numbers == np.bincount(numbers[own]).argmax()
    count = int(own.sum())
    shares = (
        ("recall", (inside & own).sum() / count),
        ("purity", (inside & about).sum() / inside.sum()),
        ("purity by its words alone", (inside & own).sum() / inside.sum()),
    )
    for metric, share in shares:
        reach = None if metric.endswith("alone") else 0.9
        task = f"topics: messages on {issue.name}"
        yield Figure(task=task, metric=metric, score=round(float(share), 4), reach=reach, rows=count, split=CHOSEN)


def _at_once(given: Sequence[Row]) -> list[str]:
    """Topics as `chaoxin cluster` finds them."""
    return [row.topic for row in cluster([_text(row) for row in given])]


def _in_batches(posts: Sequence[Row]) -> list[str]:
    """Topics after the tracker met the posts a batch at a time, in the file's order, as night after night."""
    start = datetime(2020, 1, 1, tzinfo=UTC)
    items = [_item(row, start + timedelta(seconds=number)) for number, row in enumerate(posts)]
    given: set[str] = set()
    for end in range(BATCH, len(items) + BATCH, BATCH):
        seen = items[:end]
        began: dict[str, datetime] = {}
        for item in seen:
            if item.topic:
                began.setdefault(item.topic, item.published_at)
        given |= began.keys()
        codes = {a.url: a.code for a in track(seen, Known(began, frozenset(given))).assignments}
        items = [replace(item, topic=codes.get(item.url, item.topic)) for item in items]
    return [item.topic for item in items]


def _text(row: Row) -> Text:
    return Text(
        id=row["id"], title=row.get("title", ""), text=row["text"], published_at=_said_at(row["time"]), source=""
    )


def _item(row: Row, at: datetime) -> TrackItem:
    cut = tuple(words(normalise(row["text"])))
    return TrackItem(id=row["id"], url=row["id"], title="", text=row["text"], words=cut, published_at=at)


def _said_at(written: str) -> datetime | None:
    """The time as the sets write it, None for "0" (not known)."""
    for form in SAID_AT:
        try:
            return datetime.strptime(written.strip().replace("/", "-"), form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
