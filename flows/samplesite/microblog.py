"""海湾微博: a microblog with the Mastodon API: the public timeline, paged by max_id and since_id with a Link header."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from datetime import UTC, datetime

from flows.samplesite.content import Status, account_name, statuses
from flows.samplesite.reply import NOT_FOUND, ROBOTS, Reply, Request

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 40


def site(request: Request) -> Reply:
    """Answer as the microblog."""
    if request.path == "/robots.txt":
        return ROBOTS
    shown = [s for s in statuses() if s.at <= request.now]
    if request.path == "/api/v1/timelines/public":
        return _timeline(request, shown)
    if match := re.fullmatch(r"/api/v1/statuses/(\d+)", request.path):
        found = next((s for s in shown if s.id == match[1]), None)
        return _json(_status(found, request, _replies(shown))) if found else NOT_FOUND
    if request.path in ("/api/v1/instance", "/api/v2/instance"):
        return _json({"uri": "127.0.0.1", "title": "海湾微博（示例）", "version": "4.3.0", "languages": ["zh"]})
    return NOT_FOUND


def _timeline(request: Request, shown: list[Status]) -> Reply:
    query = request.query
    limit = min(int(query.get("limit", DEFAULT_LIMIT)), LARGEST_LIMIT)
    since, ceiling, floor = (int(query.get(k, 0)) for k in ("since_id", "max_id", "min_id"))
    inside = [s for s in shown if (not ceiling or int(s.id) < ceiling) and int(s.id) > max(since, floor)]
    # min_id asks for the page just above it, since_id for the newest page: Mastodon's own difference.
    part = inside[:limit] if floor else inside[-limit:]
    part = part[::-1]
    links = []
    if part:
        address = f"{request.base}{request.path}?limit={limit}"
        links = [f'<{address}&max_id={part[-1].id}>; rel="next"', f'<{address}&min_id={part[0].id}>; rel="prev"']
    return _json([_status(s, request, _replies(shown)) for s in part], link=", ".join(links))


def _replies(shown: list[Status]) -> Counter[str]:
    return Counter(s.reply_to for s in shown if s.reply_to)


def _status(status: Status, request: Request, replies: Counter[str]) -> dict[str, object]:
    edited = bool(status.edited_at and status.edited_at <= request.now)
    text = status.edited_text if edited else status.text
    name = account_name(status.account)
    return {
        "id": status.id,
        "created_at": _utc(status.at),
        "edited_at": _utc(status.edited_at) if edited and status.edited_at else None,
        "in_reply_to_id": status.reply_to,
        "visibility": "public",
        "language": "zh",
        "url": f"{request.base}/@{name}/{status.id}",
        "uri": f"{request.base}/users/{name}/statuses/{status.id}",
        "content": "".join(f"<p>{_marked(line, request.base)}</p>" for line in text.split("\n") if line.strip()),
        "reblogs_count": status.reposts,
        "replies_count": max(status.replies, replies[status.id]),
        "favourites_count": status.likes,
        "reblog": None,
        "account": {"id": name, "username": name, "acct": name, "display_name": status.account, "bot": False},
        "media_attachments": [],
        "tags": [{"name": t, "url": f"{request.base}/tags/{t}"} for t in re.findall(r"#([^#\s]+)#", text)],
    }


def _marked(line: str, base: str) -> str:
    """A line as Mastodon's HTML: hashtags and mentions as links, entities escaped."""
    marked = html.escape(line)
    marked = re.sub(
        r"#([^#\s]+)#", rf'<a href="{base}/tags/\1" class="mention hashtag" rel="tag">#<span>\1</span></a>#', marked
    )
    return re.sub(
        r"@([\w\-\u4e00-\u9fff]{2,16})",
        rf'<span class="h-card"><a href="{base}/@x" class="u-url mention">@<span>\1</span></a></span>',
        marked,
    )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _json(value: object, *, link: str = "") -> Reply:
    return Reply(
        body=json.dumps(value, ensure_ascii=False).encode(),
        content_type="application/json; charset=utf-8",
        headers={"Link": link} if link else {},
    )
