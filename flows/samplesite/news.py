"""渤海湾新闻网: a news portal with an RSS feed, list pages of twenty and articles, each with an ETag."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime

from flows.samplesite.content import Article, articles
from flows.samplesite.reply import NOT_FOUND, ROBOTS, Reply, Request, conditional, page

PER_PAGE = 20
IN_FEED = 30


def site(request: Request) -> Reply:
    """Answer as the portal."""
    shown = [a for a in reversed(articles()) if a.published <= request.now]
    if request.path == "/robots.txt":
        return ROBOTS
    if request.path == "/rss.xml":
        return conditional(request, _feed(shown[:IN_FEED], request.base))
    if request.path == "/":
        return conditional(request, _list(shown, 1))
    if match := re.fullmatch(r"/list/(\d+)\.html", request.path):
        return conditional(request, _list(shown, int(match[1])))
    article = next((a for a in shown if a.path == request.path), None)
    if article is None:
        return NOT_FOUND
    edited = article.edited_at is not None and article.edited_at <= request.now
    reply = page(
        "news_article.html",
        article=article,
        paragraphs=article.edited_paragraphs if edited else article.paragraphs,
        base=request.base,
    )
    return conditional(request, reply, changed=article.edited_at if edited else article.published)


def _list(shown: list[Article], number: int) -> Reply:
    start = (number - 1) * PER_PAGE
    part = shown[start : start + PER_PAGE]
    if not part:
        return NOT_FOUND
    following = number + 1 if len(shown) > start + PER_PAGE else None
    return page("news_list.html", articles=part, number=number, following=following)


def _feed(shown: list[Article], base: str) -> Reply:
    items = [{"article": a, "date": rfc822(a.published), "url": base + a.path} for a in shown]
    return page("news_rss.xml", content_type="application/rss+xml; charset=utf-8", items=items, base=base)


def rfc822(moment: datetime) -> str:
    """A date as RSS writes it."""
    return format_datetime(moment)
