"""Selectors of a source's file at work: CSS to elements and texts, counts, times and authors as boards show them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import urljoin

from lxml.html import HtmlElement
from parsel import Selector

from spiders.dates import find_time, parse_time
from spiders.parse.text import element_text, one_line, tidy
from spiders.saved import Saved

COUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(万|[wWkK千])?")
TIMES = {"万": 10_000, "w": 10_000, "千": 1000, "k": 1000, "": 1}
USER_ID = re.compile(r"(?:uid|user|space|member|people|profile|home|u)[/=_-]*(?:uid[-_=/])?(\d+)", re.IGNORECASE)
ID_ATTRIBUTES = ("data-uid", "data-user-id", "data-userid", "data-author-id")
TIME_LIKE = re.compile(r"\d\D+\d|\d+\s*\D*前|刚|昨")
LONGEST_TIME = 40  # characters of an element that only states a time
# What stands inside a post and is not its author's text.
NOT_TEXT = (
    ".//blockquote | .//*[contains(@class,'quote') or contains(@class,'signature') or contains(@class,'pstatus')"
    " or contains(translate(@style,' ',''),'display:none')]"
)


def found(element: HtmlElement, select: Mapping[str, str], name: str) -> list[HtmlElement | str]:
    """What the selector `name` finds in an element, itself included: elements, or texts with ::text and ::attr."""
    css = select.get(name, "")
    return [node.root for node in Selector(root=element, type="html").css(css)] if css else []


def text_at(element: HtmlElement, select: Mapping[str, str], name: str) -> str:
    """The texts of all that a selector finds, each on its own line; "" when it finds nothing."""
    return tidy("\n".join(said(node) for node in found(element, select, name)))


def said(node: HtmlElement | str) -> str:
    """The text of what a selector found."""
    return tidy(node) if isinstance(node, str) else element_text(node)


def line_at(element: HtmlElement, select: Mapping[str, str], name: str) -> str:
    """The text of the first thing a selector finds, on one line."""
    return next((one_line(said(node)) for node in found(element, select, name)), "")


def count_in(text: str) -> int | None:
    """The first number in a text, 1.2万 as 12000; None when there is none."""
    match = COUNT.search(text)
    return round(float(match[1].replace(",", "")) * TIMES[(match[2] or "").lower()]) if match else None


def time_in(node: HtmlElement | str, *, now: datetime) -> datetime | None:
    """The time an element states, UTC: its title, datetime or data attribute before its spoken text (昨天 10:11)."""
    if isinstance(node, str):
        return parse_time(node, now=now) or find_time(node, now=now)
    stated = [*node.xpath(".//@title"), *node.xpath(".//@datetime"), *node.xpath("@data-time"), element_text(node)]
    readings = (parse_time(text, now=now) or find_time(text, now=now) for text in map(str, stated))
    return next((time for time in readings if time), None)


def short_times(element: HtmlElement, *, now: datetime) -> list[HtmlElement | str]:
    """The first short element inside that states a time, where no selector says where it stands; at most one."""
    for node in element.iter():
        if isinstance(node.tag, str):
            own = (node.get("datetime") or "", node.get("title") or "", _short_text(node))
            if any(TIME_LIKE.search(text) and parse_time(text, now=now) for text in own):
                return [node]
    return []


def author_in(node: HtmlElement | str) -> str:
    """The platform's id of an author where an attribute or a link shows one, else the name."""
    if isinstance(node, str):
        return tidy(node)
    for name in ID_ATTRIBUTES:
        if node.get(name):
            return str(node.get(name))
    for href in [*node.xpath("self::a/@href"), *node.xpath(".//a/@href")]:
        match = USER_ID.search(href)
        if match:
            return match[1]
    return one_line(element_text(node))


def base_of(page: HtmlElement, saved: Saved) -> str:
    """The address that relative links of a page start from."""
    stated = page.xpath("//base/@href")
    return urljoin(saved.url, str(stated[0])) if stated else saved.url


def without_noise(element: HtmlElement) -> HtmlElement:
    """The element without quotes, signatures and hidden parts; it is changed in place."""
    for extra in element.xpath(NOT_TEXT):
        if extra.getparent() is not None and extra is not element:
            extra.drop_tree()
    return element


def apart(posts: list[HtmlElement]) -> None:
    """Take posts that lie inside other posts (wrong nesting, replies to replies) out of them: each is read for itself."""
    whole = set(posts)
    for post in posts:
        if any(above in whole for above in post.iterancestors()):
            post.drop_tree()


def elements(nodes: list[HtmlElement | str]) -> Iterator[HtmlElement]:
    """Those of the nodes that are elements."""
    return (node for node in nodes if not isinstance(node, str))


def _short_text(node: HtmlElement) -> str:
    text = "".join(node.itertext()).strip() if len(node) <= 2 else ""
    return text if 2 < len(text) <= LONGEST_TIME else ""
