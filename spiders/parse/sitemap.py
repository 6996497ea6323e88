"""A sitemap or news sitemap (sitemaps.org, Google's news extension) to the pages and further sitemaps it lists."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from spiders.dates import parse_time
from spiders.parse.text import CONTROL, one_line
from spiders.saved import Saved, decode

NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
LONGEST = 60_000_000  # bytes a sitemap may unpack to; the protocol allows 50 MB
END = re.compile(r"</(urlset|sitemapindex)\s*>\s*(?:<!--.*?-->\s*)*$", re.DOTALL)
RECORD_END = re.compile(r"</(?:\w+:)?(?:url|sitemap)\s*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One page or sitemap as it is listed; `changed` is its lastmod, `published_at` the news extension's date."""

    url: str
    changed: datetime | None = None
    published_at: datetime | None = None
    title: str = ""
    publisher: str = ""

    @property
    def date(self) -> datetime | None:
        """When it was published or last changed, whichever is later; None where nothing is said."""
        return max((d for d in (self.changed, self.published_at) if d), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """The pages and the sitemaps one document lists, and what is wrong with it as a whole."""

    pages: tuple[Listed, ...] = ()
    sitemaps: tuple[Listed, ...] = ()
    skipped: tuple[str, ...] = ()
    trouble: str = ""
    is_cut: bool = False
    is_sitemap: bool = True


def read_sitemap(saved: Saved, *, now: datetime) -> Sitemap:
    """What a sitemap lists, packed with gzip or not, in its order."""
    text, is_cut = _text(saved)
    if not re.search(r"<(?:\w+:)?(urlset|sitemapindex)[\s>]", text[:5000]):
        return Sitemap(is_sitemap=False, trouble="返回的内容不是站点地图")
    if is_cut:
        ends = list(RECORD_END.finditer(text))
        text = text[: ends[-1].end() if ends else 0]
    pages: list[Listed] = []
    sitemaps: list[Listed] = []
    skipped: list[str] = []
    # Entities stay as they are written and nothing is loaded; a cut or odd document is read as far as it goes.
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, recover=True)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    root = etree.fromstring(text.encode(), parser) if text else None
    for record in root if root is not None else ():
        name = etree.QName(record).localname if isinstance(record.tag, str) else ""
        if name not in ("url", "sitemap"):
            continue
        listed = _listed(record, now=now)
        if not listed.url:
            skipped.append("没有地址的一条")
        else:
            (pages if name == "url" else sitemaps).append(listed)
    return Sitemap(
        pages=tuple(pages),
        sitemaps=tuple(sitemaps),
        skipped=tuple(skipped),
        trouble="站点地图在中途断开，只读到完整的条目" if is_cut else "",
        is_cut=is_cut,
    )


def _text(saved: Saved) -> tuple[str, bool]:
    """The document, unpacked, and whether it ends too early."""
    body, is_cut = saved.body, saved.is_cut
    if body.startswith(b"\x1f\x8b"):
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
                body = packed.read(LONGEST + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            body, is_cut = _unpacked_so_far(body), True
    text = CONTROL.sub("", decode(body[:LONGEST])).strip()
    return text, is_cut or len(body) > LONGEST or not END.search(text[-400:])


def _unpacked_so_far(body: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(body, LONGEST)
    except zlib.error:
        return b""


def _listed(record: etree._Element, *, now: datetime) -> Listed:
    own = {etree.QName(c).localname: (c.text or "").strip() for c in record if isinstance(c.tag, str)}
    news = record.find(f"{NEWS}news")
    said = {etree.QName(c).localname: c for c in news.iter() if isinstance(c.tag, str)} if news is not None else {}

    def told(name: str) -> str:
        return (said[name].text or "").strip() if name in said else ""

    return Listed(
        url=own.get("loc", "") if re.match(r"https?://", own.get("loc", "")) else "",
        changed=parse_time(own.get("lastmod", ""), now=now),
        published_at=parse_time(told("publication_date"), now=now),
        title=one_line(told("title")),
        publisher=one_line(told("name")),
    )
