"""A page of a Mastodon timeline to statuses and the next older page."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from spiders.dates import parse_time
from spiders.heard import Heard
from spiders.parse.links import on_same_site
from spiders.parse.text import html_text, one_line
from spiders.saved import Saved
from spiders.urls import canonical
from store.stages import Engagement, Image

PAGE = 40  # Mastodon's largest page
MOST_IMAGES = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One status; `answers` is the platform id of the status it replies to, "" for none."""

    id: str
    heard: Heard
    answers: str = ""
    edited: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """One page of a timeline, newest first; `older` is the next page's address, "" on the last.

    `ids` holds every id of the page, those of skipped statuses too: paging leans on them.
    """

    statuses: tuple[Status, ...] = ()
    ids: tuple[str, ...] = ()
    older: str = ""
    skipped: tuple[str, ...] = ()
    is_timeline: bool = True


def read_timeline(saved: Saved, *, now: datetime) -> Timeline:
    """The public statuses of one API answer.

    A reblog stands for its original, which some servers list in no other place; originals of other servers are left out.
    """
    try:
        rows = json.loads(saved.text)
    except json.JSONDecodeError:
        rows = None
    if not isinstance(rows, list):
        return Timeline(is_timeline=False)
    statuses: list[Status] = []
    skipped: list[str] = []
    for row in rows:
        if not isinstance(row, dict) or not row.get("id"):
            skipped.append("没有编号的条目")
        elif row.get("reblog"):
            statuses.extend(_original(row["reblog"], saved, now=now))
        elif row.get("visibility", "public") not in ("public", "unlisted"):
            skipped.append("不是公开的帖子")
        else:
            statuses.append(_status(row, saved, now=now))
    ids = tuple(str(row["id"]) for row in rows if isinstance(row, dict) and row.get("id"))
    return Timeline(statuses=tuple(statuses), ids=ids, older=_older(saved), skipped=tuple(skipped))


def status_address(saved: Saved) -> str:
    """The canonical address of the single status an API answer holds, "" when it holds none."""
    try:
        row = json.loads(saved.text)
    except json.JSONDecodeError:
        return ""
    return canonical(str(row.get("url") or row.get("uri") or "")) if isinstance(row, dict) else ""


def reaches(ids: tuple[str, ...], floor: str) -> bool:
    """Whether a page goes down to the newest known status; ids that are numbers are compared, others only found."""
    if floor in ids:
        return True
    return ids[-1].isdigit() and floor.isdigit() and int(ids[-1]) <= int(floor)


def parameter(url: str, name: str) -> str:
    """One parameter of an address, "" where it has none."""
    return dict(parse_qsl(urlsplit(url).query)).get(name, "")


def paged(url: str, **bounds: str) -> str:
    """A timeline's address with its page size and bounds, its own parameters kept."""
    parts = urlsplit(url)
    own = dict(parse_qsl(parts.query))
    query = {**own, "limit": str(PAGE), **{name: value for name, value in bounds.items() if value}}
    return urlunsplit((*parts[:3], urlencode(query), ""))


def _original(row: object, saved: Saved, *, now: datetime) -> list[Status]:
    if not isinstance(row, dict) or not row.get("id"):
        return []
    status = _status(row, saved, now=now)
    return [status] if on_same_site(status.heard.url, saved.url) else []


def _status(row: dict[str, Any], saved: Saved, *, now: datetime) -> Status:
    account = row.get("account") or {}
    text = html_text(str(row.get("content") or ""))
    warning = html_text(str(row.get("spoiler_text") or ""))
    heard = Heard(
        url=canonical(str(row.get("url") or row.get("uri") or ""), base=saved.url),
        text=f"{warning}\n{text}".strip() if warning and warning != text else text,
        published_at=parse_time(str(row.get("created_at") or ""), now=now),
        author=str(account.get("acct") or account.get("id") or ""),
        engagement=Engagement(
            reposts=_count(row.get("reblogs_count")),
            replies=_count(row.get("replies_count")),
            likes=_count(row.get("favourites_count")),
        ),
        images=_images(row.get("media_attachments"), saved),
    )
    return Status(
        id=str(row["id"]),
        heard=heard,
        answers=str(row.get("in_reply_to_id") or ""),
        edited=str(row.get("edited_at") or ""),
    )


def _images(attached: object, saved: Saved) -> tuple[Image, ...]:
    """The pictures attached to a status, each address once; films and sounds are left out."""
    found: dict[str, Image] = {}
    for one in attached if isinstance(attached, list) else []:
        address = canonical(str(one.get("url") or ""), base=saved.url) if isinstance(one, dict) else ""
        if address and one.get("type") == "image":
            found.setdefault(address, Image(url=address, alt=one_line(str(one.get("description") or ""))))
    return tuple(found.values())[:MOST_IMAGES]


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _older(saved: Saved) -> str:
    for address, rel in re.findall(r"<([^>]+)>\s*;\s*rel=\"?(\w+)\"?", saved.headers.get("link", "")):
        if rel == "next":
            return str(urljoin(saved.url, address))
    return ""
