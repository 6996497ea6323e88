"""Pages of Baidu Tieba as a browser that is not logged in gets them: a bar's list to threads, a thread's page to posts.

The list lies inside HTML comments, or plainly on the pages for phones; what a post says of itself lies in `data-field` JSON.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from lxml.html import HtmlElement

from spiders.dates import parse_time
from spiders.heard import Heard
from spiders.parse.answers import count, part
from spiders.parse.select import apart, without_noise
from spiders.parse.text import document, element_text, one_line
from spiders.parse.threads import Line, ListPage, ThreadPage, is_deleted, says_gone
from spiders.saved import Saved
from spiders.urls import canonical
from store.stages import Engagement

HIDDEN = re.compile(r"(<code[^>]*>)\s*<!--(.*?)-->\s*(</code>)", re.DOTALL)
ROW = "//li[contains(@class,'j_thread_list')] | //ul[contains(@class,'threads_list')]/li[.//a[@tid or @data-tid]]"
POST = "//*[contains(concat(' ',@class,' '),' l_post ')]"
DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{2}")


def read_bar(saved: Saved) -> ListPage:
    """The threads of one list page of a bar; advertisements have no thread's number and are left out."""
    page = _opened(saved)
    rows = page.xpath(ROW) if page is not None else []
    lines = [line for line in (_line(row, saved) for row in rows) if line]
    if page is None or not lines:
        return ListPage(trouble="贴吧列表页上没有认出主题")
    return ListPage(
        lines=tuple(lines), following=_href(page, "//*[@id='frs_list_pager']//a[contains(@class,'next')]/@href", saved)
    )


def read_tieba_thread(saved: Saved, *, now: datetime) -> ThreadPage:
    """The floors of one page of a thread; the replies inside a floor are loaded by scripts and not heard."""
    page = _opened(saved)
    rows = page.xpath(POST) if page is not None else []
    if page is None or not rows:
        is_gone = page is not None and says_gone(page)
        return ThreadPage(is_gone=is_gone, trouble="" if is_gone else "贴吧主题页上没有认出楼层")
    tid = "".join(re.findall(r"/p/(\d+)", saved.url)[:1])
    heading = page.xpath("//*[contains(@class,'core_title_txt')] | //h1")
    title = one_line(heading[0].get("title") or element_text(heading[0])) if heading else ""
    following = _next_of(page, saved)
    apart(rows)
    posts, skipped, first = [], [], ""
    for row in rows:
        field = _field(row)
        content = part(field, "content")
        number = str(content.get("post_id") or row.get("data-pid") or "")
        if not number.isdigit():
            continue  # an advertisement dressed as a floor
        address = canonical(urljoin(saved.url, f"/p/{tid}?pid={number}"))
        post = _post(row, field, Heard(url=address, title=title), now=now)
        if content.get("post_no") == 1:
            first = address
        if post.text and not is_deleted(post.text):
            posts.append(post)
        else:
            skipped.append(f"没有文字或已删除的楼层 {number}")
    posts = [_counted(post, page) if post.url == first else post for post in posts]
    return ThreadPage(posts=tuple(posts), first=first, following=following, skipped=tuple(skipped))


def _opened(saved: Saved) -> HtmlElement | None:
    """The page with what its `code` elements hide in comments in plain sight."""
    return document(HIDDEN.sub(r"\1\2\3", saved.text))


def _line(row: HtmlElement, saved: Saved) -> Line | None:
    field = _field(row)
    links = row.xpath(".//a[contains(@class,'j_th_tit')] | .//a[contains(@class,'ti_item')]")
    stated = [field.get("id"), row.get("data-tid"), *row.xpath(".//a/@tid | .//a/@data-tid")]
    found = re.search(r"/p/(\d+)", "".join(link.get("href", "") for link in links[:1]))
    tid = next((str(number) for number in [found[1] if found else "", *stated] if number and str(number).isdigit()), "")
    if not tid or not links:
        return None
    shown = row.xpath(
        ".//*[contains(@class,'threadlist_rep_num')] | .//*[contains(@class,'btn_reply')]//*[contains(@class,'btn_icon')]"
    )
    text = element_text(shown[0]) if shown else ""
    replies = count(field.get("reply_num")) if field else None
    replies = int(text) if replies is None and text.isdigit() else replies
    titles = links[0].xpath(".//*[contains(@class,'ti_title')]/span[not(contains(@class,'icon'))]") or [links[0]]
    return Line(
        url=urljoin(saved.url, f"/p/{tid}"),
        title=one_line(links[0].get("title") or element_text(titles[0])),
        state="" if replies is None else str(replies),
        engagement=Engagement(replies=replies),
    )


def _post(row: HtmlElement, field: dict[str, Any], post: Heard, *, now: datetime) -> Heard:
    author = part(field, "author")
    content = part(field, "content")
    bodies = row.xpath(
        ".//*[contains(concat(' ',@class,' '),' d_post_content ')] | .//*[starts-with(@id,'post_content_')]"
    )
    tails = [element_text(tail) for tail in row.xpath(".//*[contains(@class,'tail-info')]")]
    stated = next((text for text in [str(content.get("date") or ""), *tails] if DATE.search(text)), "")
    links = row.xpath(".//a[contains(@class,'p_author_name')]")
    return Heard(
        url=post.url,
        title=post.title,
        text=element_text(without_noise(bodies[0])) if bodies else "",
        published_at=parse_time(stated, now=now),
        author=str(author.get("user_id") or author.get("portrait") or author.get("user_name") or _name(links)),
        engagement=Engagement(replies=count(content.get("comment_num"))),
    )


def _name(links: list[HtmlElement]) -> str:
    return one_line(element_text(links[0])) if links else ""


def _counted(post: Heard, page: HtmlElement) -> Heard:
    """The first floor with the thread's count of replies instead of its own."""
    shown = [
        element_text(node) for node in page.xpath("//*[contains(@class,'l_reply_num')]//*[contains(@class,'red')]")
    ]
    replies = int(shown[0]) if shown and shown[0].isdigit() else None
    return replace(post, engagement=Engagement(replies=replies))


def _field(row: HtmlElement) -> dict[str, Any]:
    try:
        found = json.loads(row.get("data-field") or "{}")
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _href(page: HtmlElement, path: str, saved: Saved) -> str:
    found = page.xpath(path)
    return urljoin(saved.url, str(found[0])) if found else ""


def _next_of(page: HtmlElement, saved: Saved) -> str:
    """The thread's next page by its number, whatever else the link carries."""
    for link in page.xpath("//*[contains(@class,'l_pager') or contains(@class,'pb_list_pager')]//a[@href]"):
        match = re.search(r"[?&]pn=(\d+)", link.get("href"))
        if match and element_text(link) == "下一页":
            parts = urlsplit(saved.url)
            kept = [(name, value) for name, value in parse_qsl(parts.query) if name == "see_lz"]
            return urlunsplit((*parts[:3], urlencode([*kept, ("pn", match[1])]), ""))
    return ""
