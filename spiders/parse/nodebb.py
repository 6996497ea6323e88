"""Answers of a NodeBB board's read API: a list of topics, and a page of a topic's posts."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from spiders.dates import parse_time
from spiders.heard import Heard
from spiders.parse.answers import count, object_in, part, post_text, rows_in, value_in
from spiders.parse.text import one_line
from spiders.parse.threads import Line, ListPage, ThreadPage
from spiders.saved import Saved
from spiders.urls import canonical
from store.stages import Engagement

PLACE = re.compile(r"(?P<base>.*?)/(?:api/)?(?P<rest>(?:recent|category|popular|topic|tags)(?:[/?].*|$))")
ORDER = "sort=oldest_to_newest"


def as_api(url: str) -> str:
    """The address of a list in the API, from the address a reader sees; the newest topics for a bare host."""
    match = PLACE.match(url)
    return f"{match['base']}/api/{match['rest']}" if match else f"{url.rstrip('/')}/api/recent"


def read_topics(saved: Saved) -> ListPage:
    """The topics of /api/recent or /api/category/<id>."""
    answer = object_in(saved)
    if not isinstance(answer.get("topics"), list):
        return ListPage(trouble="回答不是 NodeBB 的主题列表")
    rows = [
        row
        for row in rows_in(answer["topics"])
        if row.get("slug") and not row.get("deleted") and not row.get("scheduled")
    ]
    return ListPage(lines=tuple(_line(row, saved) for row in rows), following=_following(answer, saved))


def read_topic_page(saved: Saved, *, now: datetime) -> ThreadPage:
    """The posts of one page of /api/topic/<id>/<slug>."""
    answer = value_in(saved)
    if isinstance(answer, str) and "/topic/" in answer:  # renamed: the API answers with the new address only
        return ThreadPage(following=f"{as_api(urljoin(saved.url, quote(answer, safe='/%')))}?{ORDER}")
    if not isinstance(answer, dict) or not isinstance(answer.get("posts"), list):
        return ThreadPage(trouble="回答不是 NodeBB 的主题")
    base, title = _base(saved), one_line(str(answer.get("titleRaw") or answer.get("title") or ""))
    rows = [row for row in rows_in(answer["posts"]) if isinstance(row.get("pid"), int | str) and row["pid"]]
    posts = tuple(_post(row, base, title, now=now) for row in rows if not row.get("deleted"))
    main = answer.get("mainPid")
    return ThreadPage(
        posts=tuple(post for post in posts if post.text),
        first=_address(main, base) if isinstance(main, int | str) and main else "",
        following=_following(answer, saved),
        skipped=tuple(f"已删除的楼层 {row['pid']}" for row in rows if row.get("deleted")),
    )


def _base(saved: Saved) -> str:
    match = PLACE.match(saved.url)
    return match["base"] if match else urljoin(saved.url, "/").rstrip("/")


def _line(row: dict[str, Any], saved: Saved) -> Line:
    posts = count(row.get("postcount"))
    return Line(
        url=f"{_base(saved)}/api/topic/{quote(str(row['slug']), safe='/%')}?{ORDER}",
        title=one_line(str(row.get("titleRaw") or row.get("title") or "")),
        state=f"{posts}|{row.get('lastposttimeISO') or row.get('lastposttime') or ''}",
        engagement=Engagement(
            replies=max(posts - 1, 0) if posts is not None else None, views=count(row.get("viewcount"))
        ),
    )


def _post(row: dict[str, Any], base: str, title: str, *, now: datetime) -> Heard:
    user = part(row, "user")
    replies = part(row, "replies")
    return Heard(
        url=_address(row["pid"], base),
        title=title,
        text=post_text(str(row.get("content") or "")),
        published_at=parse_time(str(row.get("timestampISO") or row.get("timestamp") or ""), now=now),
        author=str(row.get("uid") or user.get("username") or ""),
        reply_to=_address(row["toPid"], base) if row.get("toPid") else "",
        engagement=Engagement(
            likes=count(row.get("upvotes")), replies=count(replies.get("count")) if row.get("index") else None
        ),
    )


def _address(pid: object, base: str) -> str:
    """A post's own address; one that came from another server has its address as its id."""
    return canonical(str(pid) if str(pid).startswith("http") else f"{base}/post/{pid}")


def _following(answer: dict[str, Any], saved: Saved) -> str:
    pages = answer.get("pagination")
    after = pages.get("next") if isinstance(pages, dict) else None
    if not isinstance(after, dict) or not after.get("active"):
        return ""
    parts = urlsplit(saved.asked or saved.url)
    query = {**dict(parse_qsl(parts.query)), "page": str(after.get("page"))}
    return urlunsplit((*parts[:3], urlencode(query), ""))
