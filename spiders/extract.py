"""A news page to title, text, time and publisher: pure function of the page; extraction figures stand in docs/add-a-source.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from lxml import etree
from parsel import Selector

from spiders.dates import parse_time
from spiders.parse.body import body_text, find_body
from spiders.parse.credits import find_author, find_engagement, find_publisher
from spiders.parse.frame import without_frame
from spiders.parse.headline import find_title
from spiders.parse.links import on_same_site
from spiders.parse.pictures import find_images
from spiders.parse.published import find_published
from spiders.parse.sheet import Sheet, lay_out
from spiders.parse.text import element_text, parsed, tidy
from spiders.parse.zones import find_zones, top
from spiders.saved import Saved, decode
from spiders.urls import canonical
from store.stages import Engagement, Image

NO_COUNTS = Engagement()
SELECTED = ("title", "text", "time", "publisher")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One article; "" and None where the page does not say."""

    url: str  # canonical; the page's own canonical link where it lies on the same site
    title: str
    text: str  # paragraphs parted by "\n"
    published_at: datetime | None  # UTC, never more than a day after now
    publisher: str = ""  # the outlet it names as its source
    author: str = ""  # as its byline states; never stored
    engagement: Engagement = NO_COUNTS
    images: tuple[Image, ...] = ()


def extract(html: bytes | str, *, url: str, now: datetime, select: Mapping[str, str] | None = None) -> Page:
    """The article on a page. `select` holds CSS for title, text, time and publisher where the automatic way fails."""
    text = decode(html) if isinstance(html, bytes) else html
    page = parsed(text)
    return (
        Page(url=canonical(url), title="", text="", published_at=None)
        if page is None
        else _read(page, text, url=url, now=now, select=select or {})
    )


def extract_saved(saved: Saved, *, now: datetime, select: Mapping[str, str] | None = None) -> Page:
    """The article in a response, which is parsed once however often it is read."""
    if saved.page is None:
        return Page(url=canonical(saved.url), title="", text="", published_at=None)
    return _read(saved.page, saved.text, url=saved.url, now=now, select=select or {})


def page_row(page: Page) -> dict[str, object]:
    """The page as `chaoxin extract` prints it; without the author, who is nobody's business."""
    return {
        "url": page.url,
        "title": page.title,
        "text": page.text,
        "published_at": page.published_at.isoformat() if page.published_at else None,
        "publisher": page.publisher,
        "engagement": {name: count for name, count in asdict(page.engagement).items() if count is not None},
        "images": [{"url": image.url, "alt": image.alt} for image in page.images],
    }


def _read(page: etree._Element, html: str, *, url: str, now: datetime, select: Mapping[str, str]) -> Page:
    sheet = lay_out(page)
    chosen = {key: _selected(page, css) for key, css in select.items() if key in SELECTED}
    body = find_body(sheet)
    title = chosen.get("title") or find_title(sheet, top(sheet, body))
    zones = find_zones(sheet, body, title=title)
    stated = chosen.get("time", "")
    published = parse_time(stated, now=now) if stated else find_published(sheet, zones, html, now=now)
    address = _address(sheet, url)
    return Page(
        url=address,
        title=title,
        text=chosen.get("text") or without_frame(body_text(body, html), title=title),
        published_at=published if published and published <= now + timedelta(days=1) else None,
        publisher=chosen.get("publisher") or find_publisher(sheet, zones),
        author=find_author(sheet, zones),
        engagement=find_engagement(zones),
        images=find_images(sheet, body, url=url),
    )


def _selected(page: etree._Element, css: str) -> str:
    found = Selector(root=page).css(css)
    return tidy("\n".join(element_text(n.root) if not isinstance(n.root, str) else n.root for n in found))


def _address(sheet: Sheet, url: str) -> str:
    """The page's canonical link when it names an article of the same site, else the address it came from."""
    own = canonical(url)
    hrefs = sheet.page.xpath("//link[@rel='canonical']/@href")[:1]
    for href in [*hrefs, *(content for name, content in sheet.metas if name == "og:url")][:1]:
        said = canonical(href, base=url)
        if said and on_same_site(said, own) and _is_as_exact(said, own):
            return said
    return own


def _is_as_exact(said: str, own: str) -> bool:
    """Whether an address is as deep as another and numbered where that is: some pages name their column or home page."""
    path, own_path = urlsplit(said).path, urlsplit(own).path
    return path.count("/") >= own_path.count("/") and (bool(re.search(r"\d", said)) or not re.search(r"\d", own_path))
