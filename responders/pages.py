"""Renders what stands on the portal: pages, the list and the Atom feed (RFC 4287), and the record of a drill's release.

Only sources that may be shown to the public are printed: official statements, bulletins and named outlets. The marks of
citizens' posts are for the office and are taken out.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from responders.wording import moment
from store.models import Draft, DraftEvidence, Release
from store.models.drafts import DraftStatus
from store.settings import DATA, settings
from store.stages import NEWSROOMS

MARK = re.compile(r"\s*\[(E\d+)\]")
HEADING = re.compile(r"^[一二三四五六七八九十]+、.{1,20}$")
ITEM = re.compile(r"^\d+[.．、]\s*")
NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
SIGNATURE_LINES = 3
SUMMARY_LENGTH = 120  # characters
NAMESPACE = uuid.UUID("6f8d5e0a-3c55-5b0e-9d51-6d0f9f1c7a11")  # ours, for the feed's ids; never changed


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a page: heading, item, signature or text."""

    kind: str
    html: Markup


@dataclass(frozen=True, slots=True)
class Link:
    """Another page that this one speaks of."""

    word: str  # 更正 or 更新
    title: str
    url: str
    at: str


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One release as the feed tells it."""

    id: str
    title: str
    url: str
    published: str
    updated: str
    summary: str
    text: str


def page_url(row: Release) -> str:
    """The public address of a release."""
    return f"{settings().portal_url.rstrip('/')}/{row.slug}.html"


def page_file(row: Release) -> str:
    """The page as it must stand now: the text, or the notice of its withdrawal, with links to newer and older."""
    withdrawn = row.draft.status == DraftStatus.WITHDRAWN
    sources = public_sources(row.draft)
    return _render(
        "withdrawn.html" if withdrawn else "page.html",
        title=row.title,
        lines=lines(row.body, {s.mark for s in sources}),
        sources=sources,
        number=row.slug,
        released=moment(row.released_at),
        withdrawn=moment(row.draft.changed_at),
        newer=_newer(row),
        older=_older(row),
        is_official_relay=row.draft.bulletin_id is not None,
    )


def page_list(rows: Sequence[Release]) -> str:
    """The list of releases, newest first."""
    return _render("index.html", rows=[(row, entry(row), moment(row.released_at)) for row in rows])


def feed_file(rows: Sequence[Release]) -> str:
    """The Atom feed of these releases; the same rows give the same bytes."""
    entries = [entry(row) for row in rows]
    return _render(
        "feed.xml",
        id=f"urn:uuid:{uuid.uuid5(NAMESPACE, settings().portal_url)}",
        url=f"{settings().portal_url.rstrip('/')}/",
        updated=max((e.updated for e in entries), default=_rfc3339(datetime.fromtimestamp(0, UTC))),
        entries=entries,
    )


def drill_record(row: Release) -> str:
    """What a drill leaves behind instead of a page."""
    head = f"【演练】{row.title}\n演练发布时间：{moment(row.released_at)}\n文字校验：{row.text_hash}\n"
    return f"{head}本件为演练记录，未向社会发布。\n\n{row.body}\n"


def entry(row: Release) -> FeedEntry:
    """A release's place in the feed; id and published never change, updated does when it is withdrawn or replaced."""
    status = DraftStatus(row.draft.status)
    prefix = {DraftStatus.WITHDRAWN: "【已撤回】", DraftStatus.SUPERSEDED: "【已被取代】"}.get(status, "")
    text = MARK.sub("", row.body)
    if status is DraftStatus.WITHDRAWN:
        text = "本信息已撤回，请不要再引用或转载。"
    changed = row.released_at if status is DraftStatus.RELEASED else row.draft.changed_at
    return FeedEntry(
        id=f"urn:uuid:{uuid.uuid5(NAMESPACE, row.slug + row.text_hash)}",
        title=NOT_XML.sub("", prefix + row.title),
        url=page_url(row),
        published=_rfc3339(row.released_at),
        updated=_rfc3339(changed),
        summary=NOT_XML.sub("", text.replace("\n", " "))[:SUMMARY_LENGTH],
        text=NOT_XML.sub("", text),
    )


def public_sources(draft: Draft) -> list[DraftEvidence]:
    """The evidence that the page names, in the order of its marks."""
    rows = draft.evidence.select_related("document", "bulletin")
    shown = [row for row in rows if is_public(row)]
    return sorted(shown, key=lambda row: int(row.mark[1:]))


def is_public(row: DraftEvidence) -> bool:
    """Whether a record may be named to the public: never a citizen's post."""
    if row.bulletin_id is not None:
        return True
    document = row.document
    if document is None or document.official:
        return document is not None
    return document.kind in NEWSROOMS and not document.reply_to and bool(document.publisher)


def lines(body: str, shown: set[str]) -> list[Line]:
    """The body's paragraphs for the page; marks in `shown` become links to the list of sources."""
    texts = [NOT_XML.sub("", text).strip() for text in body.split("\n")]
    texts = [text for text in texts if text]
    return [Line(_kind(text, len(texts) - number), _html(text, shown)) for number, text in enumerate(texts)]


def _kind(text: str, from_the_end: int) -> str:
    if HEADING.match(text):
        return "heading"
    if ITEM.match(text):
        return "item"
    is_date = re.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日", text) is not None
    if from_the_end <= SIGNATURE_LINES and (is_date or text == settings().bureau):
        return "signature"
    return "text"


def _html(text: str, shown: set[str]) -> Markup:
    """The paragraph with its public marks as links; a mark that comes again within it is shown once, at its last place."""
    parts = MARK.split(text)  # text, mark, text, mark, …
    last = {mark: position for position, mark in enumerate(parts) if position % 2}
    html = [
        escape(part) if position % 2 == 0 else _mark(part) if part in shown and last[part] == position else Markup()
        for position, part in enumerate(parts)
    ]
    return Markup().join(html)


def _mark(mark: str) -> Markup:
    return Markup('<sup><a href="#{0}">[{1}]</a></sup>').format(mark, mark[1:])


def _newer(row: Release) -> Link | None:
    newer = row.replaced_by.filter(channel=row.channel).order_by("pk").first()
    return _link(newer, newer.draft) if newer else None


def _older(row: Release) -> Link | None:
    return _link(row.replaces, row.draft) if row.replaces else None


def _link(other: Release, newer: Draft) -> Link:
    word = "更正" if newer.key.startswith("correction:") else "更新"
    return Link(word, other.title, f"{other.slug}.html", moment(other.released_at))


def _render(name: str, **values: object) -> str:
    return _templates().get_template(name).render(bureau=settings().bureau, **values)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(DATA / "templates" / "portal"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
