"""Measure: every living topic gets its title, sentence and keywords from its documents, and its heat against its own past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from dashboard.labels import KIND
from nlp.forecast import forecast
from nlp.heat import HeatParameters, Mention, TopicCounts, burst, heat
from nlp.rhythm import CHINA, Rhythm, rhythm
from nlp.summary import TopicText, summarise
from store import topics
from store.documents import posts_by_hour_of_week, usual_interactions
from store.models import DocumentRow, Topic
from store.sources import heard_since, listening_since
from store.stages import NEWSROOMS, Engagement

USUAL_WINDOW = timedelta(days=30)  # what a platform's usual interactions are reckoned over
RHYTHM_WINDOW = timedelta(weeks=6)  # six of each hour of the week; older habits are another season's


def measure(living: Sequence[Topic], *, night: str, now: datetime) -> None:
    """Set words and heat of the topics and the point of this run; call inside a transaction."""
    common = TopicCounts(
        mentions=(),
        heard_since=heard_since(),
        listening_since=listening_since(),
        usual={KIND[kind]: mean for kind, mean in usual_interactions(now - USUAL_WINDOW).items()},
        rhythms=_rhythms(now),
    )
    members = topics.members_of(living)
    for topic in living:
        rows = members[topic.pk]
        _describe(topic, rows)
        counts = replace(common, mentions=tuple(map(_mention, rows)))
        topic.burst = _burst(counts, now)
        topic.forecast = _forecast(counts, now)
        topics.record_heat(topic, heat(counts, now=now), night=night, at=now)
        topic.save()


def _rhythms(now: datetime) -> dict[str, Rhythm]:
    """The week of each kind of platform, from what it published lately."""
    given = HeatParameters.load()
    counted = posts_by_hour_of_week(now - RHYTHM_WINDOW, CHINA)
    return {KIND[kind]: rhythm(counts, prior_posts=given.rhythm_prior_posts) for kind, counts in counted.items()}


def _burst(counts: TopicCounts, now: datetime) -> dict[str, object]:
    found = burst(counts, now=now)
    if found is None:
        return {}
    return {"heard": found.heard, "expected": round(found.expected, 1), "deviations": round(found.deviations, 1)}


def _forecast(counts: TopicCounts, now: datetime) -> dict[str, object]:
    times: dict[str, list[datetime]] = {}
    back: dict[str, datetime] = {}
    for mention in counts.mentions:
        times.setdefault(mention.platform, []).append(mention.at)
        if since := counts.heard_since.get(mention.source):
            back[mention.platform] = max(since, back.get(mention.platform, since))
    band = forecast(times, now=now, rhythms=counts.rhythms, heard_since=back)
    return {**asdict(band), "at": band.at.isoformat()} if band else {}


def _mention(row: DocumentRow) -> Mention:
    counts = Engagement(reposts=row.reposts, replies=row.replies, likes=row.likes, views=row.views)
    return Mention(at=row.published_at, source=row.source, platform=KIND[row.kind], engagement=counts)


def _describe(topic: Topic, rows: Sequence[DocumentRow]) -> None:
    """Words of the topic, from documents that speak for themselves."""
    own = [row for row in rows if not row.reply_to and row.duplicate_of_id is None and row.annotation.relevant]
    summary = summarise([_text(row) for row in own or rows])
    if summary is None:
        return
    by_id: Mapping[int, DocumentRow] = {row.pk: row for row in rows}
    topic.title, topic.summary = summary.title, summary.sentence
    topic.summary_document = by_id[int(summary.sentence_document)]
    topic.keywords = list(summary.keywords)
    topic.first_document = rows[0]
    topic.category = _category(own or rows)


def _text(row: DocumentRow) -> TopicText:
    origin = "official" if row.official else "news" if row.kind in NEWSROOMS and not row.reply_to else ""
    return TopicText(id=row.pk, title=row.title, text=row.text, published_at=row.published_at, origin=origin)


def _category(rows: Sequence[DocumentRow]) -> str:
    """The category most documents carry; the alphabet decides between equals."""
    counts = Counter(row.annotation.category for row in rows if row.annotation.category)
    return min(counts, key=lambda name: (-counts[name], name)) if counts else ""
