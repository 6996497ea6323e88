"""The WordPress REST API: an answer of wp/v2/posts or wp/v2/comments to what it holds, and the addresses to ask."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from spiders.dates import parse_time
from spiders.heard import Heard
from spiders.parse.text import html_text, one_line
from spiders.saved import Saved
from spiders.urls import canonical

POSTS, COMMENTS = "/wp/v2/posts", "/wp/v2/comments"
PER_PAGE = 100  # the most the API gives
POST_FIELDS = "id,date_gmt,modified,modified_gmt,link,title,content,excerpt,author,_links,_embedded"
COMMENT_FIELDS = "id,post,parent,date,date_gmt,link,content,author,author_name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One post or comment; `changed` is the site's own clock, as its query parameters want it."""

    id: str
    heard: Heard
    changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One page of the API; `pages` is how many there are in all."""

    made: tuple[Made, ...] = ()
    skipped: tuple[str, ...] = ()
    pages: int = 1
    is_answer: bool = True


def endpoint(site: str, route: str, **query: str | int) -> str:
    """The address of a route for a site, a site under a path, an API root or a `?rest_route=` address."""
    parts = urlsplit(site)
    own = dict(parse_qsl(parts.query))
    path = parts.path.partition("/wp-json")[0].rstrip("/")
    if "rest_route" in own:
        path, own["rest_route"] = f"{path}/", route
    else:
        path = f"{path}/wp-json{route}"
    asked = {**own, **{name: str(value) for name, value in query.items() if value != ""}}
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(asked), ""))


def plain(site: str) -> str:
    """The `?rest_route=` form of a site's address, which answers where permalinks are switched off."""
    parts = urlsplit(site)
    path = parts.path.partition("/wp-json")[0].rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc, f"{path}/", "rest_route=/", ""))


def read_posts(saved: Saved, *, now: datetime) -> Answered:
    """The posts of one answer; those behind a password are left out."""
    return _read(saved, lambda row: _post(row, saved, now=now))


def read_comments(saved: Saved, *, now: datetime) -> Answered:
    """The comments of one answer, each under its own address."""
    return _read(saved, lambda row: _comment(row, saved, now=now))


def _read(saved: Saved, read: Any) -> Answered:
    try:
        rows = json.loads(saved.text)
    except (ValueError, RecursionError):  # numbers and nests beyond all measure too
        rows = None
    if not isinstance(rows, list):
        return Answered(is_answer=False)
    found = [read(row) if isinstance(row, dict) and row.get("id") else "没有编号的记录" for row in rows]
    total = saved.headers.get("x-wp-totalpages", "")
    return Answered(
        made=tuple(one for one in found if isinstance(one, Made)),
        skipped=tuple(one for one in found if isinstance(one, str)),
        pages=int(total) if total.isdigit() else 1,
    )


def _post(row: dict[str, Any], saved: Saved, *, now: datetime) -> Made | str:
    content = row.get("content")
    if isinstance(content, dict) and content.get("protected"):
        return "有密码的文章"
    title = one_line(_rendered(row, "title"))
    text = html_text(_rendered(row, "content")) or html_text(_rendered(row, "excerpt"))
    url = canonical(str(row.get("link") or ""), base=saved.url)
    if not url or not (title or text):
        return "没有地址或内容的文章"
    heard = Heard(url=url, title=title, text=text, published_at=_time(row, now=now), author=_author(row))
    return Made(id=str(row["id"]), heard=heard, changed=str(row.get("modified") or row.get("modified_gmt") or ""))


def _comment(row: dict[str, Any], saved: Saved, *, now: datetime) -> Made | str:
    text = html_text(_rendered(row, "content"))
    link = str(row.get("link") or "")
    post = canonical(re.sub(r"/comment-page-\d+/?(?=#|$)", "/", link).partition("#")[0], base=saved.url)
    if not post or not text:
        return "没有地址或内容的评论"
    heard = Heard(
        url=f"{post}#comment-{row['id']}",
        text=text,
        published_at=_time(row, now=now),
        author=str(row.get("author") or row.get("author_name") or ""),
        reply_to=f"{post}#comment-{row['parent']}" if row.get("parent") else post,
    )
    return Made(id=str(row["id"]), heard=heard, changed=str(row.get("date") or ""))


def _rendered(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return str(value.get("rendered") or "") if isinstance(value, dict) else ""


def _time(row: dict[str, Any], *, now: datetime) -> datetime | None:
    stated = str(row.get("date_gmt") or "")
    return parse_time(f"{stated}Z" if stated and stated[-1].isdigit() else stated, now=now)


def _author(row: dict[str, Any]) -> str:
    """The author as embedded (`_embed`), else the id; it becomes a key at the privacy gate."""
    embedded = row.get("_embedded")
    authors = embedded.get("author") if isinstance(embedded, dict) else None
    first = authors[0] if isinstance(authors, list) and authors and isinstance(authors[0], dict) else {}
    return str(first.get("slug") or first.get("name") or row.get("author") or "")
