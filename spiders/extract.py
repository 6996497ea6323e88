"""A news page to title, text, time and publisher: pure function of the page; extraction figures stand in docs/add-a-source.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml.html import HtmlElement
from parsel import Selector

from spiders.dates import find_time, parse_time
from spiders.parse.body import body_text, without_frame
from spiders.parse.text import document, element_text, one_line, tidy
from spiders.saved import decode
from spiders.urls import canonical

META_TIME = (
    "article:published_time",
    "og:published_time",
    "og:release_date",
    "publishdate",
    "pubdate",
    "publish_time",
    "publishtime",
    "publish-date",
    "datepublished",
    "dc.date",
    "dc.date.issued",
    "weibo:article:create_at",
    "apub:time",
    "_pubtime",
    "dateupdate",
)
HAS_CLOCK = re.compile(r"\d\s*[:时点]\s*\d|^\d{10}$|T\d{2}")
META_SOURCE = (
    "source",
    "contentsource",
    "og:article:author_source",
    "mediaid",
    "publisher",
    "article:publisher",
    "og:site_name",
)
TIME_NAME = re.compile(
    r"(pub|post|release|create|article)?[-_]?(time|date|shijian)|\binfo\b|source|meta|laiyuan", re.IGNORECASE
)
SOURCE = re.compile(r"(?:文章|信息|稿件|本文)?(?:来源|稿源|转自)\s*[:：]\s*[《“]?([\w·\-（）()]{2,24})")
TITLE_TAIL = re.compile(r"\s*(?:[_|｜]|\s[-–—]+\s|--+|-(?=[^-]{2,16}$))\s*")
SITE_WORDS = re.compile(
    r"^.{0,14}(网|报|台|社|频道|新闻|官网|网站|客户端|公报|在线|论坛|门户|\.net|\.com)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One article; "" and None where the page does not say."""

    url: str  # canonical; the page's own canonical link where it lies on the same host
    title: str
    text: str  # paragraphs parted by "\n"
    published_at: datetime | None  # UTC, never more than a day after now
    publisher: str = ""  # the outlet it names as its source


def extract(html: bytes | str, *, url: str, now: datetime, select: Mapping[str, str] | None = None) -> Page:
    """The article on a page. `select` holds CSS for title, text, time and publisher where the automatic way fails."""
    text = decode(html) if isinstance(html, bytes) else html
    page = document(text)
    if page is None:
        return Page(url=canonical(url), title="", text="", published_at=None)
    chosen = {
        key: _selected(text, css)
        for key, css in (select or {}).items()
        if key in ("title", "text", "time", "publisher")
    }
    title = chosen.get("title") or _title(page)
    body = chosen.get("text") or without_frame(body_text(text), title=title)
    published = parse_time(chosen["time"], now=now) if chosen.get("time") else _published(page, text, now=now)
    if published and published > now + timedelta(days=1):
        published = None
    return Page(
        url=_address(page, url),
        title=title,
        text=body,
        published_at=published,
        publisher=chosen.get("publisher") or _publisher(page),
    )


def page_row(page: Page) -> dict[str, object]:
    """The page as `chaoxin extract` prints it."""
    return {
        "url": page.url,
        "title": page.title,
        "text": page.text,
        "published_at": page.published_at.isoformat() if page.published_at else None,
        "publisher": page.publisher,
    }


def _selected(html: str, css: str) -> str:
    found = Selector(html).css(css)
    return tidy("\n".join(element_text(n.root) if not isinstance(n.root, str) else n.root for n in found))


def _address(page: HtmlElement, url: str) -> str:
    """The page's canonical link when it names the same host, else the address it came from."""
    own = canonical(url)
    for href in page.xpath("//link[@rel='canonical']/@href")[:1]:
        said = canonical(href, base=url)
        if said and said.split("/")[2] == own.split("/")[2] and said.count("/") >= own.count("/"):
            return said
    return own


def _title(page: HtmlElement) -> str:
    """The heading that the head's title confirms, else the head's title without the site's name."""
    head = one_line("".join(page.xpath("//title/text()")[:1]))
    social = next(
        (one_line(c) for c in page.xpath("//meta[@property='og:title' or @name='og:title']/@content") if c.strip()), ""
    )
    headings = [
        one_line(element_text(h)) for h in page.xpath("//h1|//h2|//*[@id='title' or @class='title' or @id='h1title']")
    ]
    confirmed = [
        h for h in headings if len(h) >= 4 and (_bare(h) in _bare(head) or (social and _bare(h) in _bare(social)))
    ]
    if confirmed:
        return max(confirmed, key=len)
    if social and _bare(social) in _bare(head) and len(social) * 2 > len(_without_site(head)):
        return social
    first = next((h for h in headings if len(h) >= 6), "")
    return _without_site(head) or social or first


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text)


def _without_site(head: str) -> str:
    pieces = [p for p in TITLE_TAIL.split(head) if p.strip()]
    while len(pieces) > 1 and (SITE_WORDS.search(pieces[-1]) or len(pieces[-1]) * 3 < len(pieces[0])):
        pieces.pop()
    return head[: head.index(pieces[-1]) + len(pieces[-1])].strip() if pieces else ""


def _published(page: HtmlElement, html: str, *, now: datetime) -> datetime | None:
    """The stated time: the head's metadata, then elements named for it, then the first full date of the page.

    A date without a clock time is given the clock time of the same day that stands elsewhere on the page.
    """
    days: list[datetime] = []
    for text in _statements(page, html):
        found = parse_time(text, now=now) or find_time(text, now=now)
        if found is None or found > now + timedelta(days=1):
            continue
        if HAS_CLOCK.search(text) and (not days or abs(found - days[0]) < timedelta(days=1)):
            return found
        days.append(found)
    return days[0] if days else None


def _statements(page: HtmlElement, html: str) -> Iterator[str]:
    """Texts that may state the time, the surest first."""
    yield from (content for name, content in _metas(page) if name in META_TIME)
    yield from re.findall(r'"(?:datePublished|pubDate|publish_?[tT]ime)"\s*:\s*"([^"]{8,40})"', html)[:1]
    yield from re.findall(r'\bct\s*=\s*"(\d{10})"', html)[:1]  # public accounts write it by script
    yield from page.xpath("//time/@datetime")
    for element in page.xpath("//time | //*[(@class or @id) and not(self::a) and not(self::body)]"):
        if element.tag == "time" or TIME_NAME.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            text = " ".join(" ".join(element.itertext()).split())
            if len(text) < 120 and (re.search(r"(19|20)\d{2}", text) or re.match(r"(发布|发表)(时间|于)", text)):
                yield text
    lines = [line for line in element_text(page).split("\n") if len(line) < 120 and re.search(r"(19|20)\d{2}", line)]
    lines = [line for line in lines if not re.search(r"版权|©|copyright|备案|ICP", line, re.IGNORECASE)]
    yield from (line for line in lines if HAS_CLOCK.search(line))
    yield from lines


def _publisher(page: HtmlElement) -> str:
    for name, content in _metas(page):
        if name in META_SOURCE[:4] and 2 <= len(content) <= 24 and "://" not in content:
            return content
    lines = [line for line in element_text(page).split("\n") if len(line) < 120]
    match = next((m for line in lines if (m := SOURCE.search(line))), None)
    if match:
        return match[1]
    sites = [c for name, c in _metas(page) if name in META_SOURCE[4:] and 2 <= len(c) <= 24 and "://" not in c]
    return sites[0] if sites else ""


def _metas(page: HtmlElement) -> list[tuple[str, str]]:
    found = []
    for meta in page.xpath("//meta[@content]"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if name and meta.get("content").strip():
            found.append((name.lower(), meta.get("content").strip()))
    return found
