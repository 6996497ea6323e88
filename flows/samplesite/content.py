"""Reads the sample day's texts: what was published when, on which site, under which address."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from store.settings import DATA

SAMPLE = DATA / "sample"
FORUMS = {"塘沽茶馆": 36, "滨海生活": 37, "汉沽大港": 38, "钓鱼赶海": 39, "职场亲子": 40}


@dataclass(frozen=True, slots=True)
class Article:
    """A news article; `id` is its page name."""

    id: str
    column: str
    title: str
    paragraphs: tuple[str, ...]
    source: str
    published: datetime
    edited_at: datetime | None = None
    edited_paragraphs: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Its address on the portal."""
        return f"/{self.published:%Y/%m/%d}/{self.id}.html"


@dataclass(frozen=True, slots=True)
class Post:
    """One floor of a thread; `edited` is the later wording and when it came."""

    pid: int
    author: str
    at: datetime
    text: str
    edited_at: datetime | None = None
    edited_text: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread of the board with its floors in order."""

    tid: int
    forum: str
    title: str
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """A microblog post; `id` grows with time."""

    id: str
    account: str
    at: datetime
    text: str
    reply_to: str | None
    reposts: int
    replies: int
    likes: int
    edited_at: datetime | None = None
    edited_text: str = ""


def _rows(name: str) -> Iterator[dict[str, Any]]:
    with (SAMPLE / name).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _time(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None


@cache
def articles() -> tuple[Article, ...]:
    """The portal's articles, oldest first."""
    return tuple(
        Article(
            id=str(r["id"]),
            column=str(r["column"]),
            title=str(r["title"]),
            paragraphs=tuple(r["paragraphs"]),
            source=str(r["source"]),
            published=datetime.fromisoformat(str(r["published"])),
            edited_at=_time(r.get("edited_at")),
            edited_paragraphs=tuple(r.get("edited_paragraphs", ())),
        )
        for r in _rows("news.jsonl")
    )


@cache
def threads() -> tuple[Thread, ...]:
    """The board's threads, oldest first."""
    return tuple(
        Thread(
            tid=int(str(r["tid"])),
            forum=str(r["forum"]),
            title=str(r["title"]),
            posts=tuple(_post(p) for p in r["posts"]),
        )
        for r in _rows("board.jsonl")
    )


def _post(row: dict[str, Any]) -> Post:
    return Post(
        pid=int(str(row["pid"])),
        author=str(row["author"]),
        at=datetime.fromisoformat(str(row["at"])),
        text=str(row["text"]),
        edited_at=_time(row.get("edited_at")),
        edited_text=str(row.get("edited_text", "")),
    )


@cache
def statuses() -> tuple[Status, ...]:
    """The microblog's posts, oldest first."""
    return tuple(
        Status(
            id=str(r["id"]),
            account=str(r["account"]),
            at=datetime.fromisoformat(str(r["at"])),
            text=str(r["text"]),
            reply_to=str(r["reply_to"]) if r["reply_to"] else None,
            reposts=int(str(r["reposts"])),
            replies=int(str(r["replies"])),
            likes=int(str(r["likes"])),
            edited_at=_time(r.get("edited_at")),
            edited_text=str(r.get("edited_text", "")),
        )
        for r in _rows("microblog.jsonl")
    )


@dataclass(frozen=True, slots=True)
class Notice:
    """A bulletin file of the institution: its text page, its CAP message, or both."""

    stem: str
    text: str  # "" when only the CAP message exists
    cap: str  # "" when only the text exists
    issued: datetime | None  # None: put on the site by hand, shown at once

    @property
    def title(self) -> str:
        """First line of the text, or the stem."""
        return self.text.splitlines()[0].strip() if self.text else self.stem


def notices(folders: tuple[Path, ...]) -> list[Notice]:
    """The institution's bulletins, oldest first; read afresh at each call so that a new file shows at once."""
    found: list[Notice] = []
    for folder in folders:
        for stem in sorted({p.stem for p in folder.glob("*") if p.suffix in (".txt", ".xml")}):
            text, cap = folder / f"{stem}.txt", folder / f"{stem}.xml"
            found.append(
                Notice(
                    stem=stem,
                    text=text.read_text(encoding="utf-8") if text.exists() else "",
                    cap=cap.read_text(encoding="utf-8") if cap.exists() else "",
                    issued=_issued(stem) if folder == SAMPLE / "institution" else None,
                )
            )
    return found


def _issued(stem: str) -> datetime:
    return datetime.strptime(f"{stem[:15]} +0800", "%Y-%m-%d-%H%M %z")


def addresses(port: int) -> dict[str, str]:
    """Truth id ("news/n001", "board/500101", …) to the document's address on sites whose first port is `port`."""
    found = {f"news/{a.id}": f"http://127.0.0.1:{port}{a.path}" for a in articles()}
    for thread in threads():
        for post in thread.posts:
            found[f"board/{post.pid}"] = (
                f"http://127.0.0.1:{port + 1}/forum.php?mod=redirect&goto=findpost&pid={post.pid}&ptid={thread.tid}"
            )
    for status in statuses():
        found[f"microblog/{status.id}"] = f"http://127.0.0.1:{port + 2}/@{account_name(status.account)}/{status.id}"
    for notice in notices((SAMPLE / "institution",)):
        if notice.text:
            found[f"institution/{notice.stem}"] = f"http://127.0.0.1:{port + 3}/bulletins/{notice.stem}.html"
    return found


def account_name(nickname: str) -> str:
    """A Latin account name for a nickname, as the Mastodon API gives in `acct`."""
    return "u" + hashlib.sha256(nickname.encode()).hexdigest()[:10]
