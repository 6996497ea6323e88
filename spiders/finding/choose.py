"""What the answers of a site offer, best first: a pure choice, apart from the fetching."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from spiders.finding.asking import Ask, Probe, Purpose, is_feed, known_host, platform_of
from spiders.finding.platforms import Proposal, by_interface
from spiders.parse.feed import read_feed
from spiders.parse.links import article_links
from spiders.parse.text import document, one_line
from spiders.saved import Saved

FEWEST_LINKS = 4  # articles a page must list to be taken for a list
BOARD_ADDRESS = re.compile(
    r"/(t|thread|threads|topic|topics|post|posts|p|viewthread|showthread|bbs)[-/.?]?\S*\d", re.IGNORECASE
)
BOARD_WORDS = re.compile(r"(回复|回帖|发帖|发表新?帖|楼主|版主|主题数?|帖子|看帖|最后发表)")
DISCUZ_LIST = re.compile(r"(forum|thread)-\d+-\d+(-\d+)?\.html|mod=(forumdisplay|viewthread)|(normal|stick)thread_\d")
MAKER = re.compile(r"\s*[-|–]\s*Powered by.*$", re.IGNORECASE)
BOARD_NEEDS = ("list", "thread", "post", "author", "time", "next")


def choose(url: str, probes: Sequence[Probe], *, kinds: Collection[str], now: datetime) -> list[Proposal]:
    """Every way the answers show, the best first: the platform's own interface, feeds, sitemap, list page, board.

    Only ways whose kind is among `kinds` are proposed. Equal answers give an equal list.
    """
    page = next((p for p in probes if p.ask.purpose is Purpose.PAGE), Probe(Ask(Purpose.PAGE, url)))
    title = _site_title(page.saved)
    found = _by_host(url)
    if not found:
        pages = _board_or_list(page, url)
        found = [*_feed_itself(page, now=now), *by_interface(probes), *_feeds(probes, now=now), *_sitemaps(probes)]
        found = [*pages, *found] if _is_plain_forum(pages) else [*found, *pages]
    unique: dict[tuple[str, str], Proposal] = {}
    for one in found:
        if one.kind in kinds:
            unique.setdefault((one.kind, one.url), one)
    return [_titled(one, title) for one in unique.values()]


def remarks(probes: Sequence[Probe]) -> list[str]:
    """What each address answered, one Chinese line each, for those who want to know why nothing was found."""
    return [f"{p.ask.url}：{_answer(p)}" for p in probes]


def _answer(probe: Probe) -> str:
    if probe.saved is None:
        return probe.refused
    return f"回答 {probe.saved.status}，{len(probe.saved.body)} 字节"


def _is_plain_forum(pages: Sequence[Proposal]) -> bool:
    """Discuz before its feed: the feed shows twenty titles, the board every reply."""
    return bool(pages) and pages[0].kind == "discuz"


def _by_host(url: str) -> list[Proposal]:
    kind = known_host(url)
    why = {"tieba": "百度贴吧的网址", "weibo": "微博的网址；公开接口，条款须先核对"}.get(kind, "")
    return [Proposal(kind=kind, url=url, why=why)] if kind else []


def _feed_itself(page: Probe, *, now: datetime) -> list[Proposal]:
    return _feed(page, "所给网址本身就是订阅源", now=now) if is_feed(page.saved) else []


def _feeds(probes: Sequence[Probe], *, now: datetime) -> list[Proposal]:
    return [
        one for p in probes if p.ask.purpose is Purpose.FEED and is_feed(p.saved) for one in _feed(p, "订阅源", now=now)
    ]


def _feed(probe: Probe, why: str, *, now: datetime) -> list[Proposal]:
    if not probe.is_good or probe.saved is None:
        return []
    feed = read_feed(probe.saved, now=now)
    if not feed.is_feed or not feed.items:
        return []
    whole = sum(item.is_whole for item in feed.items)
    keys = {} if whole * 2 >= len(feed.items) else {"follow": True}
    said = f"{why}，列出 {len(feed.items)} 条{'' if not keys else '，只有摘要，正文另取'}"
    return [Proposal(kind="feed", url=probe.saved.url, why=said, title=_feed_title(probe.saved), keys=keys)]


def _feed_title(saved: Saved) -> str:
    match = re.search(r"<title[^>]*>(.*?)</title>", saved.text[:20_000], re.DOTALL)
    return one_line(re.sub(r"<!\[CDATA\[|\]\]>", "", match[1])) if match else ""


def _sitemaps(probes: Sequence[Probe]) -> list[Proposal]:
    found = []
    for probe in probes:
        if probe.ask.purpose is not Purpose.SITEMAP or not probe.is_good or probe.saved is None:
            continue
        head = probe.saved.text[:5000]
        if not re.search(r"<(\w+:)?(urlset|sitemapindex)[\s>]", head):
            continue
        is_news = "sitemap-news" in head or "<news:" in head
        why = "新闻站点地图，带标题和时间" if is_news else "站点地图"
        found.append((not is_news, Proposal(kind="sitemap", url=probe.saved.url, why=why)))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _board_or_list(page: Probe, url: str) -> list[Proposal]:
    """The page itself: a Discuz board, a list of articles, or a board whose selectors a person must name."""
    saved = page.saved
    if not page.is_good or saved is None or is_feed(saved):
        return []
    if platform_of(saved) == "discuz":
        return _discuz(saved, url)
    links = article_links(saved)
    threads = [link for link in links if BOARD_ADDRESS.search(urlsplit(link.url).path + "?" + urlsplit(link.url).query)]
    words = len(set(BOARD_WORDS.findall(saved.text[:300_000])))
    board = Proposal(kind="board", url=saved.url, why="像论坛的主题列表，须写明各部分的位置", needs=BOARD_NEEDS)
    listed = Proposal(kind="news", url=saved.url, why=f"列表页，自动认出 {len(links)} 篇文章的链接")
    if len(threads) * 2 >= max(len(links), 1) and words >= 3:
        return [board, *([listed] if len(links) >= FEWEST_LINKS else [])]
    return [listed] if len(links) >= FEWEST_LINKS else []


def _discuz(saved: Saved, url: str) -> list[Proposal]:
    if DISCUZ_LIST.search(saved.text):
        return [Proposal(kind="discuz", url=saved.url, why="Discuz! 论坛", keys={"pages": 3})]
    index = urljoin(url, "forum.php")
    return [Proposal(kind="discuz", url=index, why="Discuz! 论坛，从版块目录读起", keys={"pages": 3})]


def _site_title(saved: Saved | None) -> str:
    page = document(saved.text) if saved is not None and saved.is_markup and not is_feed(saved) else None
    if page is None:
        return ""
    named = page.xpath("//meta[@property='og:site_name']/@content") or page.xpath("//title/text()")
    return MAKER.sub("", one_line(str(named[0])))[:80] if named else ""


def _titled(one: Proposal, title: str) -> Proposal:
    return one if one.title or not title else replace(one, title=title)
