"""What a site is asked to find out how it can be heard: first its page and robots.txt, then the few addresses these suggest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urljoin, urlsplit

from lxml.html import HtmlElement

from spiders.parse.text import document
from spiders.saved import Saved

FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
ALTERNATES = "//link[@href and contains(concat(' ', normalize-space(@rel), ' '), ' alternate ')]"
MOST_FEEDS, MOST_SITEMAPS = 3, 2
REFUSALS = (401, 403, 407, 418, 429, 451)
PLATFORMS = {  # what a generator tag, or the page's own marks, name each platform by
    "wordpress": re.compile(r"wordpress", re.IGNORECASE),
    "mastodon": re.compile(r"mastodon|snac|pleroma|akkoma|gotosocial|misskey", re.IGNORECASE),
    "discourse": re.compile(r"discourse", re.IGNORECASE),
    "nodebb": re.compile(r"nodebb", re.IGNORECASE),
    "discuz": re.compile(r"discuz", re.IGNORECASE),
}
HOSTS = {"tieba": ("tieba.baidu.com",), "weibo": ("weibo.com", "weibo.cn")}  # known by their names, never probed


class Purpose(StrEnum):
    """What an address is asked for."""

    PAGE = "page"
    ROBOTS = "robots"
    FEED = "feed"
    SITEMAP = "sitemap"
    WORDPRESS = "wordpress"
    MASTODON = "mastodon"
    DISCOURSE = "discourse"
    NODEBB = "nodebb"


@dataclass(frozen=True, slots=True)
class Ask:
    """One address and what it is asked for."""

    purpose: Purpose
    url: str


@dataclass(frozen=True, slots=True)
class Probe:
    """What came back: the answer, or why there is none."""

    ask: Ask
    saved: Saved | None = None
    refused: str = ""  # Chinese, "" when there is an answer
    is_forbidden: bool = False  # robots.txt forbids it

    @property
    def is_good(self) -> bool:
        """Whether there is an answer of status 200 with something in it."""
        return self.saved is not None and self.saved.status == 200 and bool(self.saved.body.strip())


def first_asks(url: str) -> list[Ask]:
    """The page itself and the site's robots.txt."""
    return [Ask(Purpose.PAGE, url), Ask(Purpose.ROBOTS, urljoin(url, "/robots.txt"))]


def further_asks(url: str, probes: Sequence[Probe]) -> list[Ask]:
    """What the page and robots.txt suggest, at most a dozen addresses; none where the page says enough itself.

    None either where the site does not answer or shows us the door: it is not asked a dozen times more.
    """
    page = next((p for p in probes if p.ask.purpose is Purpose.PAGE), None)
    if known_host(url) or page is None or page.saved is None or is_feed(page.saved):
        return []
    if page.saved.status in REFUSALS or page.saved.status >= 500:
        return []
    found = [*_feeds(page.saved, url), *_sitemaps(probes, url), *_apis(page.saved, url)]
    seen = {p.ask.url for p in probes}
    unique = {ask.url: ask for ask in found if ask.url not in seen}
    return list(unique.values())


def known_host(url: str) -> str:
    """The kind of a site that is known by its name (tieba, weibo), "" for any other."""
    host = urlsplit(url).hostname or ""
    for kind, names in HOSTS.items():
        if any(host == name or host.endswith(f".{name}") for name in names):
            return kind
    return ""


def is_feed(saved: Saved | None) -> bool:
    """Whether an answer is RSS, Atom or JSON Feed by its first bytes."""
    if saved is None:
        return False
    head = saved.body[:1000]
    return bool(re.search(rb"<(rss|feed|rdf:RDF)[\s>]", head)) or b"jsonfeed.org/version" in head


def platform_of(saved: Saved | None) -> str:
    """The platform a page names in its generator tag or shows by its own marks; "" when it names none."""
    if saved is None:
        return ""
    page = document(saved.text) if saved.is_markup else None
    told = " ".join([saved.headers.get("x-powered-by", ""), saved.headers.get("x-creator", ""), *_generators(page)])
    for platform, mark in PLATFORMS.items():
        if mark.search(told):
            return platform
    if re.search(
        r"id=[\"'](normal|stick)thread_\d|[\"'/]forum\.php|Powered by\W+(<[^>]+>\W*)*Discuz", saved.text[:200_000]
    ):
        return "discuz"
    return "wordpress" if "api.w.org" in saved.text[:200_000] or "/wp-content/" in saved.text[:200_000] else ""


def _generators(page: HtmlElement | None) -> list[str]:
    if page is None:
        return []
    names = "translate(@name,'GENRATO','genrato')"
    return [str(value) for value in page.xpath(f"//meta[{names}='generator']/@content")]


def _feeds(saved: Saved | None, url: str) -> list[Ask]:
    page = document(saved.text) if saved is not None and saved.is_markup else None
    links = page.xpath(ALTERNATES) if page is not None else []
    linked = [
        urljoin(url, link.get("href").strip())
        for link in links
        if (link.get("type") or "").strip().lower() in FEED_TYPES
    ]
    ordered = sorted(dict.fromkeys(linked), key=lambda address: "comment" in address)  # comments after articles
    tried = ordered[:MOST_FEEDS] or [urljoin(url, "/feed"), urljoin(url, "/rss.xml")]
    return [Ask(Purpose.FEED, address) for address in tried]


def _sitemaps(probes: Sequence[Probe], url: str) -> list[Ask]:
    robots = next((p.saved for p in probes if p.ask.purpose is Purpose.ROBOTS and p.is_good), None)
    lines = re.findall(r"(?im)^\s*sitemap:\s*(\S+)", robots.text) if robots is not None else []
    ordered = sorted(dict.fromkeys(urljoin(url, line) for line in lines), key=lambda address: "news" not in address)
    tried = ordered[:MOST_SITEMAPS] or [urljoin(url, "/news-sitemap.xml")]
    return [Ask(Purpose.SITEMAP, address) for address in tried]


def _apis(saved: Saved | None, url: str) -> list[Ask]:
    asks = {
        "wordpress": Ask(Purpose.WORDPRESS, urljoin(_api_root(saved, url), "wp/v2/posts?per_page=1")),
        "mastodon": Ask(Purpose.MASTODON, urljoin(url, _timeline(url))),
        "discourse": Ask(Purpose.DISCOURSE, urljoin(url, "/site.json")),
        "nodebb": Ask(Purpose.NODEBB, urljoin(url, "/api/config")),
    }
    platform = platform_of(saved)
    if platform == "discuz":
        return []
    return [asks[platform]] if platform in asks else list(asks.values())


def _api_root(saved: Saved | None, url: str) -> str:
    page = document(saved.text) if saved is not None and saved.is_markup else None
    found = page.xpath("//link[@rel='https://api.w.org/']/@href") if page is not None else []
    root = urljoin(url, found[0]) if found else urljoin(url, "/wp-json/")
    return root if "?" not in root else urljoin(url, "/wp-json/")


def _timeline(url: str) -> str:
    tag = re.fullmatch(r"/(?:tags|explore/tags)/([^/]+)/?", unquote(urlsplit(url).path))
    return f"/api/v1/timelines/tag/{tag[1]}" if tag else "/api/v1/timelines/public?local=true"
