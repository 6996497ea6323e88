"""Pages of a citizens' message board: a list to messages, a message's page to the message and the department's replies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from lxml.html import HtmlElement

from spiders.dates import find_time, parse_time
from spiders.heard import Heard
from spiders.parse.board import read_board_list
from spiders.parse.labels import Labelled, labelled_values, states
from spiders.parse.links import absolute, article_links, next_page
from spiders.parse.select import base_of, found, text_at, time_in
from spiders.parse.text import document, element_text, one_line
from spiders.parse.threads import Line, ListPage, ThreadPage, says_gone
from spiders.saved import Saved
from spiders.urls import canonical
from store.stages import Engagement

MEANINGS = ("title", "text", "author", "time", "department", "reply", "reply_time", "status")


def read_message_list(saved: Saved, select: Mapping[str, str]) -> ListPage:
    """The messages of a list page, by selectors where they are given; a message's state is its word of progress."""
    page = document(saved.text)
    if page is None:
        return ListPage(trouble="留言列表页是空的")
    if "list" in select:
        listed = read_board_list(saved, select)
        lines = listed.lines
    else:
        lines = tuple(Line(url=link.url, title=link.title) for link in article_links(saved))
        listed = ListPage(following=next_page(saved, select))
    if not lines:
        return ListPage(trouble=listed.trouble or "留言列表页上没有认出留言的链接；请用 select 的 list 指明")
    progress = _progress(page, base_of(page, saved), {line.url for line in lines})
    return replace(listed, lines=tuple(replace(line, state=progress.get(line.url, line.state)) for line in lines))


def read_message(saved: Saved, select: Mapping[str, str], *, start: str, now: datetime) -> ThreadPage:
    """A message and its replies; a reply is the department's own word. The message's last line tells its progress."""
    page = document(saved.text)
    if page is None:
        return ThreadPage(trouble="留言页是空的")
    values = _values(page, select, now=now)
    text = "\n".join(_all(values, "text")[:1])
    if not text:
        trouble = _unread(select)
        return ThreadPage(is_gone=True) if says_gone(page) else ThreadPage(trouble=trouble)
    title = one_line(next(iter(_all(values, "title")), "")) or _heading(page)
    status = one_line(next(iter(_all(values, "status")), ""))
    replies = _replies(values, canonical(start), title, now=now)
    message = Heard(
        url=canonical(start),
        title=title,
        text=f"{text}\n办理状态：{status}" if status else text,
        published_at=_time(_all(values, "time")[:1], now=now),
        author=one_line(next(iter(_all(values, "author")), "")),
        engagement=Engagement(replies=len(replies)),
        official=False,
    )
    return ThreadPage(posts=(message, *replies), first=message.url)


def _replies(values: list[Labelled], message: str, title: str, *, now: datetime) -> list[Heard]:
    texts, units, times = (_all(values, name) for name in ("reply", "department", "reply_time"))
    replies = []
    for number, text in enumerate(texts):
        unit = units[number] if len(units) == len(texts) else next(iter(units), "")
        stated = times[number : number + 1] if len(times) == len(texts) else times[:1]
        reply = Heard(
            url=f"{message}#pid{number + 1}",
            title=title,
            text=text,
            published_at=_time(stated, now=now),
            publisher=one_line(unit),
            reply_to=message,
            official=True,
        )
        replies.append(reply)
    return replies


def _values(page: HtmlElement, select: Mapping[str, str], *, now: datetime) -> list[Labelled]:
    """The labelled values; what the file selects takes the place of what the labels say."""
    values = [value for value in labelled_values(page) if value.meaning not in select]
    for name in MEANINGS:
        if name in ("text", "title"):
            chosen = [text_at(page, select, name)]
        elif name in ("time", "reply_time"):
            times = [time_in(node, now=now) for node in found(page, select, name)]
            chosen = [time.isoformat() for time in times if time]
        else:
            chosen = [node if isinstance(node, str) else element_text(node) for node in found(page, select, name)]
        values.extend(Labelled(name, text) for text in chosen if text)
    return values


def _all(values: list[Labelled], meaning: str) -> list[str]:
    return [value.value for value in values if value.meaning == meaning]


def _time(stated: list[str], *, now: datetime) -> datetime | None:
    return next((parse_time(text, now=now) or find_time(text, now=now) for text in stated), None)


def _unread(select: Mapping[str, str]) -> str:
    if "text" in select:
        return f"选择器 text（{select['text']}）在留言页上什么也没有找到"
    return "留言页上没有认出“来信内容”一类的字样；请用 select 的 text 指明"


def _heading(page: HtmlElement) -> str:
    headings = [one_line(element_text(node)) for node in page.xpath("//h1 | //h2")]
    return next((text for text in headings if text), one_line("".join(page.xpath("//title/text()")[:1])))


def _progress(page: HtmlElement, base: str, listed: set[str]) -> dict[str, str]:
    """Each message's word of progress (已回复, 办理中): the first one in the largest element that names no other message."""
    words = re.compile("|".join(states()))
    progress: dict[str, str] = {}
    for link in page.xpath("//a[@href]"):
        url = absolute(base, link.get("href"))
        for row in [link, *link.iterancestors()] if url in listed else []:
            if {absolute(base, href) for href in row.xpath(".//a/@href")} & listed - {url}:
                break
            match = words.search(element_text(row))
            if match:
                progress.setdefault(url, match[0])
                break
    return progress
