"""海河社区: a board in the HTML shape of Discuz! X3.4, GB18030, with forum lists, threads and several reply pages."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from flows.samplesite.content import FORUMS, Post, Thread, threads
from flows.samplesite.reply import NOT_FOUND, ROBOTS, Reply, Request, page

THREADS_A_PAGE = 20
POSTS_A_PAGE = 5


def site(request: Request) -> Reply:
    """Answer as the board."""
    if request.path == "/robots.txt":
        return ROBOTS
    if request.path in ("/", "/forum.php") and request.query.get("goto") == "findpost":
        return _find_post(request)
    if request.path in ("/", "/forum.php"):
        return _page("board_index.html", forums=[{"id": i, "name": n} for n, i in FORUMS.items()])
    if match := re.fullmatch(r"/forum-(\d+)-(\d+)\.html", request.path):
        return _forum(request, int(match[1]), int(match[2]))
    if match := re.fullmatch(r"/thread-(\d+)-(\d+)-\d+\.html", request.path):
        return _thread(request, int(match[1]), int(match[2]))
    return NOT_FOUND


def shown_text(post: Post, now: datetime) -> tuple[str, datetime | None]:
    """A floor's wording at `now`, and when it was edited if it was."""
    if post.edited_at and post.edited_at <= now:
        return post.edited_text, post.edited_at
    return post.text, None


def spoken_time(moment: datetime, now: datetime) -> str:
    """A time as the board writes it: "半小时前", "3 小时前", "昨天 09:11" or a full date."""
    age = now - moment
    moment, today = moment.astimezone(moment.tzinfo), now.astimezone(moment.tzinfo).date()
    if age < timedelta(minutes=1):
        return "刚刚"
    if age < timedelta(hours=1):
        return f"{int(age.total_seconds() // 60)} 分钟前"
    if moment.date() == today:
        return f"{int(age.total_seconds() // 3600)} 小时前"
    if moment.date() == today - timedelta(days=1):
        return f"昨天 {moment:%H:%M}"
    if moment.date() == today - timedelta(days=2):
        return f"前天 {moment:%H:%M}"
    return full_time(moment)


def full_time(moment: datetime) -> str:
    """A time as Discuz hides it in the title attribute: no leading zeros in the date."""
    return f"{moment.year}-{moment.month}-{moment.day} {moment:%H:%M:%S}"


def _page(template: str, **values: Any) -> Reply:
    # Labelled gbk as many boards are, although the bytes are GB18030.
    body = page(template, encoding="gb18030", content_type="", **values).body
    return Reply(body=body, content_type="text/html; charset=gbk")


def _visible(thread: Thread, now: datetime) -> list[Post]:
    return [p for p in thread.posts if p.at <= now]


def _forum(request: Request, forum: int, number: int) -> Reply:
    name = next((n for n, i in FORUMS.items() if i == forum), None)
    found = [(t, _visible(t, request.now)) for t in threads() if t.forum == name]
    rows = sorted(((t, v) for t, v in found if v), key=lambda tv: tv[1][-1].at, reverse=True)
    start = (number - 1) * THREADS_A_PAGE
    part = rows[start : start + THREADS_A_PAGE]
    if not name or not part:
        return NOT_FOUND
    lines = [
        {
            "thread": t,
            "replies": len(v) - 1,
            "author": v[0].author,
            "last": spoken_time(v[-1].at, request.now),
            "last_full": full_time(v[-1].at),
            "pages": -(-len(v) // POSTS_A_PAGE),
        }
        for t, v in part
    ]
    following = number + 1 if len(rows) > start + THREADS_A_PAGE else None
    return _page("board_forum.html", forum=forum, name=name, lines=lines, number=number, following=following)


def _thread(request: Request, tid: int, number: int) -> Reply:
    thread = next((t for t in threads() if t.tid == tid), None)
    posts = _visible(thread, request.now) if thread else []
    start = (number - 1) * POSTS_A_PAGE
    part = posts[start : start + POSTS_A_PAGE]
    if not thread or not part:
        return NOT_FOUND
    floors = [_floor(post, start + i + 1, request.now) for i, post in enumerate(part)]
    pages = -(-len(posts) // POSTS_A_PAGE)
    return _page(
        "board_thread.html",
        thread=thread,
        forum=FORUMS[thread.forum],
        floors=floors,
        number=number,
        pages=pages,
        replies=len(posts) - 1,
    )


def _floor(post: Post, number: int, now: datetime) -> dict[str, object]:
    text, edited = shown_text(post, now)
    return {
        "post": post,
        "number": number,
        "lines": text.split("\n"),
        "edited": full_time(edited) if edited else "",
        "time": spoken_time(post.at, now),
        "full_time": full_time(post.at),
    }


def _find_post(request: Request) -> Reply:
    pid = request.query.get("pid", "")
    for thread in threads():
        for index, post in enumerate(_visible(thread, request.now)):
            if str(post.pid) == pid:
                target = f"/thread-{thread.tid}-{index // POSTS_A_PAGE + 1}-1.html#pid{pid}"
                return Reply(status=302, headers={"Location": request.base + target})
    return NOT_FOUND
