"""A list page to the articles it lists and the page that follows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml.html import HtmlElement
from parsel import Selector

from spiders.parse.text import document, element_text, one_line
from spiders.saved import Saved

NOT_ARTICLES = re.compile(
    r"\.(jpe?g|png|gif|css|js|pdf|docx?|xlsx?|zip|rar|mp[34]|apk|xml|rss)$|/(tags?|category|categories|author|search|login|feed|about\w*|contact\w*)([/.]|$)",
    re.IGNORECASE,
)
NEXT_TEXT = re.compile(r"(下一页|下页|后一页|后页|下一頁|next|older|较早的?文章|»|›|>>|>)\s*[»›>→]*", re.IGNORECASE)
SHORTEST_TITLE = 6  # characters; shorter link texts are navigation


@dataclass(frozen=True, slots=True)
class Link:
    """An article as its list shows it; `url` absolute as written, without fragment."""

    url: str
    title: str


def article_links(saved: Saved, select: Mapping[str, str] | None = None) -> list[Link]:
    """The articles a list page lists, in its order, each once.

    With `list` (and `article` for the link inside each item) by these selectors, else the links whose addresses share the shape that
    carries most of the page's title-like texts. Only links on the page's own site or its sister hosts are articles.
    """
    chosen = select or {}
    found = _selected(saved, chosen) if "list" in chosen else _guessed(saved)
    unique: dict[str, Link] = {}
    for link in found:
        before = unique.get(link.url)
        if before is None or len(link.title) > len(before.title):
            unique[link.url] = link
    return list(unique.values())


def next_page(saved: Saved, select: Mapping[str, str] | None = None) -> str:
    """The address of the following list page, "" when this is the last."""
    selector = (select or {}).get("next", "")
    if selector:
        for node in Selector(saved.text).css(selector):
            href = node.get() if "::" in selector else node.attrib.get("href")
            return _absolute(saved, href)
        return ""
    return next(iter(next_pages(saved)), "")


def next_pages(saved: Saved) -> list[str]:
    """The addresses that the page's own marks and words call the next page, the likeliest first."""
    page = document(saved.text)
    if page is None:
        return []
    by_mark = page.xpath("//a[@rel='next']/@href | //link[@rel='next']/@href") or page.xpath(
        "//a[contains(concat(' ', normalize-space(@class), ' '), ' nxt ') or contains(concat(' ', normalize-space(@class), ' '), ' next ')]/@href"
    )
    by_text = [a.get("href") for a in page.xpath("//a[@href]") if NEXT_TEXT.fullmatch(element_text(a).strip() or "-")]
    addresses = (_absolute(saved, href) for href in [*by_mark, *by_text])
    return [url for url in addresses if url and url != saved.url]


def _selected(saved: Saved, select: Mapping[str, str]) -> list[Link]:
    links = []
    for node in Selector(saved.text).css(select["list"]):
        inner = select.get("article", "")
        anchors = node.css(inner) if inner else (node.css("a[href]")[:1] if node.root.tag != "a" else [node])
        for anchor in anchors:
            url = _absolute(saved, anchor.attrib.get("href", ""))
            if url:
                links.append(Link(url, anchor.attrib.get("title") or one_line(anchor.get())))
    return links


def _guessed(saved: Saved) -> list[Link]:
    page = document(saved.text)
    if page is None:
        return []
    shapes: dict[str, list[Link]] = defaultdict(list)
    for anchor in page.xpath("//a[@href]"):
        link = _title_like(anchor, saved)
        if link:
            shapes[_shape(link.url)].append(link)
    weights = {shape: sum(len(link.title) for link in links) for shape, links in shapes.items()}
    most = max(weights.values(), default=0)
    # A page may list articles of two or three shapes (dated and numbered); rare shapes are navigation.
    kept = {shape for shape, weight in weights.items() if weight * 4 >= most}
    return [link for shape, links in shapes.items() if shape in kept for link in links]


def _title_like(anchor: HtmlElement, saved: Saved) -> Link | None:
    url = _absolute(saved, anchor.get("href"))
    title = (anchor.get("title") or element_text(anchor)).replace("\n", " ").strip()
    path = urlsplit(url).path
    if not url or len(title) < SHORTEST_TITLE or not on_same_site(url, saved.url) or NOT_ARTICLES.search(path):
        return None
    has_identity = re.search(r"\d{3,}|[\w-]{12,}", path) or re.search(r"\d", path + urlsplit(url).query)
    return Link(url, title) if has_identity and url != saved.url else None


def on_same_site(url: str, other: str) -> bool:
    """Whether two addresses lie on one site: the same host and port, or hosts under one registered name."""
    one, two = urlsplit(url), urlsplit(other)
    if one.netloc.lower() == two.netloc.lower():
        return True
    first, second = _registered(one.hostname or ""), _registered(two.hostname or "")
    return bool(first) and first == second and one.port == two.port


def _registered(host: str) -> str:
    """The name under which a host is registered (two labels, three under .com.cn and its like); "" for an IP address."""
    labels = host.lower().split(".")
    if len(labels) < 2 or labels[-1].isdigit() or ":" in host:
        return ""
    is_second_level = (
        len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in ("com", "gov", "org", "net", "edu", "ac", "co")
    )
    return ".".join(labels[-3:] if is_second_level else labels[-2:])


def absolute(base: str, href: str | None) -> str:
    """The http(s) address a link leads to, without fragment; "" for scripts, mails and what is no address."""
    if not href or re.match(r"\s*(javascript|mailto|tel|data):", href, re.IGNORECASE):
        return ""
    try:
        url = urldefrag(urljoin(base, href.strip())).url
    except ValueError:
        return ""
    return url if url.startswith(("http://", "https://")) else ""


def _absolute(saved: Saved, href: str | None) -> str:
    return absolute(saved.url, href)


def _shape(url: str) -> str:
    parts = urlsplit(url)
    path = re.sub(r"[A-Za-z_-]*\d[\w-]*", "N", parts.path)
    return re.sub(
        r"\d+", "N", f"{parts.netloc}{path}?{'&'.join(sorted(p.partition('=')[0] for p in parts.query.split('&')))}"
    )
