"""Answers of a Discourse board: a list of topics, a topic with its first posts, further posts by their ids."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from spiders.dates import parse_time
from spiders.heard import Heard
from spiders.parse.answers import count, object_in, post_text, rows_in
from spiders.parse.text import one_line
from spiders.parse.threads import Line, ListPage, ThreadPage
from spiders.saved import Saved
from spiders.urls import canonical
from store.stages import Engagement

PLACE = re.compile(r"(?P<base>.*?)/(?:latest|top|new|hot|c|tag|t)(?:[/.?].*|$)")
A_POST = 1  # post_type; others are notes of the system or of moderators
LIKE = 2  # id in actions_summary
ANSWER = 20  # posts the server gives at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic's answer: the page of posts it holds, and the ids of those it only names."""

    page: ThreadPage
    title: str = ""
    rest: tuple[int, ...] = ()


def as_json(url: str) -> str:
    """The address of a list's JSON, from the address a reader sees."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/") or "/latest"
    path = path if path.endswith(".json") else f"{path}.json"
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def read_latest(saved: Saved) -> ListPage:
    """The topics of latest.json or of a category's JSON."""
    topics = object_in(saved).get("topic_list")
    if not isinstance(topics, dict):
        return ListPage(trouble="回答不是 Discourse 的主题列表")
    lines = [_line(row, saved) for row in rows_in(topics.get("topics")) if count(row.get("id")) and _is_public(row)]
    more = topics.get("more_topics_url")
    following = as_json(urljoin(saved.url, more)) if isinstance(more, str) and more else ""
    return ListPage(lines=tuple(lines), following=following)


def read_topic(saved: Saved, *, start: str, now: datetime) -> Topic:
    """The posts of /t/<id>.json, /t/<id>/<number>.json or /t/<id>/posts.json, with the ids that follow them."""
    answer = object_in(saved)
    stream = answer.get("post_stream")
    if not isinstance(stream, dict):
        return Topic(page=ThreadPage(trouble="回答不是 Discourse 的主题"))
    thread = start.removesuffix(".json")
    rows = [row for row in rows_in(stream.get("posts")) if count(row.get("post_number"))]
    title = one_line(str(answer.get("title") or ""))
    kept = [row for row in rows if _is_readable(row)]
    posts = tuple(_post(row, thread, title, now=now) for row in kept)
    skipped = tuple(f"已删除或已隐藏的楼层 {row['post_number']}（{thread}）" for row in rows if row not in kept)
    highest = max((row["post_number"] for row in rows), default=1)
    page = ThreadPage(posts=posts, first=canonical(f"{thread}/1"), here=f"{thread}/{highest}.json", skipped=skipped)
    return Topic(page=page, title=title, rest=_rest(stream.get("stream"), [row.get("id") for row in rows]))


def posts_address(start: str, ids: tuple[int, ...]) -> str:
    """The address that answers with the posts of a topic by their ids."""
    return f"{start.removesuffix('.json')}/posts.json?" + "&".join(f"post_ids%5B%5D={number}" for number in ids)


def _rest(stream: object, given: list[Any]) -> tuple[int, ...]:
    """The ids of the stream that stand after the first given one and were not given; what stands before is known."""
    ids = [number for number in stream if isinstance(number, int)] if isinstance(stream, list) else []
    places = [ids.index(number) for number in given if number in ids]
    return tuple(number for number in ids[min(places, default=0) :] if number not in given)


def _line(row: dict[str, Any], saved: Saved) -> Line:
    match = PLACE.match(saved.url)
    posts = count(row.get("posts_count"))
    return Line(
        url=f"{match['base'] if match else urljoin(saved.url, '/').rstrip('/')}/t/{row['id']}.json",
        title=one_line(str(row.get("title") or "")),
        state=f"{row.get('highest_post_number', posts)}|{row.get('last_posted_at', '')}",
        engagement=Engagement(replies=max(posts - 1, 0) if posts is not None else None, views=count(row.get("views"))),
    )


def _is_public(row: dict[str, Any]) -> bool:
    return row.get("archetype", "regular") == "regular" and row.get("visible", True) is not False


def _is_readable(row: dict[str, Any]) -> bool:
    is_post = row.get("post_type", A_POST) == A_POST
    return is_post and not (row.get("hidden") or row.get("user_deleted") or row.get("deleted_at"))


def _post(row: dict[str, Any], thread: str, title: str, *, now: datetime) -> Heard:
    likes = [count(a.get("count")) for a in rows_in(row.get("actions_summary")) if a.get("id") == LIKE]
    answered = row.get("reply_to_post_number")
    return Heard(
        url=canonical(f"{thread}/{row['post_number']}"),
        title=title,
        text=post_text(str(row.get("cooked") or "")),
        published_at=parse_time(str(row.get("created_at") or ""), now=now),
        author=str(row.get("user_id") or row.get("username") or ""),
        reply_to=canonical(f"{thread}/{answered}") if answered else "",
        engagement=Engagement(
            likes=next(iter(likes), 0 if "actions_summary" in row else None),
            replies=count(row.get("reply_count")) if row["post_number"] != 1 else None,
        ),
    )
