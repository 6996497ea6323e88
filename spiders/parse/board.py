"""Pages of any board, read by the selectors of its source file: list pages to threads, thread pages to posts.

Where a selector is not given, times, next pages, titles and reply counts are looked for in the usual places.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml.html import HtmlElement

from spiders.heard import Heard
from spiders.parse.links import NEXT_TEXT, absolute, next_page, next_pages
from spiders.parse.pager import PARAMETERS, numbered_next
from spiders.parse.select import (
    apart,
    author_in,
    base_of,
    count_in,
    elements,
    found,
    line_at,
    short_times,
    text_at,
    time_in,
    without_noise,
)
from spiders.parse.text import document, element_text, one_line
from spiders.parse.threads import Line, ListPage, ThreadPage, is_deleted, says_gone
from spiders.saved import Saved
from spiders.urls import canonical
from store.stages import Engagement

REPLIES = re.compile(
    r"(?:回复|评论|回帖|跟帖|答复)数?\s*[:：(（]?\s*(\d+)|(\d+)\s*[条个]?\s*(?:回复|评论|回帖|跟帖|答复)"
)
SPOKEN = re.compile(r"前|刚|今|昨|just|ago", re.IGNORECASE)
FLOOR = re.compile(r"第?\s*(\d{1,6})\s*(?:楼|层|#|F|L)|#\s*(\d{1,6})", re.IGNORECASE)
OWN_IDS = ("data-pid", "data-post-id", "data-cid", "data-reply-id", "data-comment-id", "data-pk")
SMALLEST_ID = 1000  # smaller numbers in `id` may only count the posts of one page


def unfound(name: str, select: Mapping[str, str], where: str) -> str:
    """The sentence for a selector that found nothing."""
    return f"选择器 {name}（{select.get(name, '')}）在{where}上什么也没有找到"


def read_board_list(saved: Saved, select: Mapping[str, str]) -> ListPage:
    """The threads of one list page; `select` holds at least `list`."""
    page = document(saved.text)
    items = list(elements(found(page, select, "list"))) if page is not None else []
    if page is None or not items:
        return ListPage(trouble=unfound("list", select, "列表页"))
    base = base_of(page, saved)
    lines = [line for line in (_line(item, select, base) for item in items) if line.url]
    if not lines:
        name = "thread" if "thread" in select else "list"
        return ListPage(trouble=f"{unfound(name, select, '列表页')}：条目里没有主题链接")
    unique: dict[str, Line] = {}
    for line in lines:
        unique.setdefault(line.url, line)
    following = next_page(saved, select)
    if not following and "next" not in select:
        links = (without_session(absolute(base, href)) for href in page.xpath("//a/@href"))
        following = numbered_next(links, current=without_session(saved.url), start=without_session(saved.url))
    return ListPage(lines=tuple(unique.values()), following=without_session(following))


def read_board_thread(saved: Saved, select: Mapping[str, str], *, start: str, now: datetime) -> ThreadPage:
    """The posts of one page of the thread that begins at `start`; the first post has the thread's own address."""
    page = document(saved.text)
    nodes = list(elements(found(page, select, "post"))) if page is not None else []
    if page is None or not nodes:
        is_gone = page is not None and says_gone(page)
        return ThreadPage(is_gone=is_gone, trouble="" if is_gone else unfound("post", select, "主题页"))
    missing = tuple(
        name for name in ("author", "time", "text", "title") if name in select and not found(page, select, name)
    )
    if "text" in missing:
        return ThreadPage(trouble=unfound("text", select, "主题页"))
    title = line_at(page, select, "title") or _heading(page)
    following = _following(page, saved, select, start)
    apart(nodes)
    is_first_page = canonical(saved.asked or saved.url) == canonical(start)
    posts: dict[str, Heard] = {}
    skipped: list[str] = []
    counts_anew = False
    for number, node in enumerate(nodes):
        post = _post(node, select, title, now=now)
        if not post.text or is_deleted(post.text):
            skipped.append(f"没有文字或已删除的楼层（{start} 第 {number + 1} 个）")
            continue
        if number == 0 and not is_first_page:
            counts_anew = post.url == "1"  # floors of this page, not of the thread
        is_opener = is_first_page and number == 0 and post.url in ("", "0", "1")
        own = "" if is_opener else _identity(node, replace(post, url="") if counts_anew else post)
        url = canonical(start) + own
        url = canonical(start) + _of_words(post, len(posts)) if url in posts else url
        posts[url] = replace(post, url=url)
    return ThreadPage(
        posts=tuple(posts.values()),
        first=canonical(start),
        following=following,
        skipped=tuple(skipped),
        unfound=missing,
    )


def _line(item: HtmlElement, select: Mapping[str, str], base: str) -> Line:
    links = list(elements(found(item, select, "thread"))) or (
        [] if "thread" in select else item.xpath("self::a[@href] | .//a[@href]")
    )
    hrefs = [_href_of(link) for link in [*found(item, select, "thread"), *links]]
    url = without_session(next((absolute(base, href) for href in hrefs if absolute(base, href)), ""))
    stated = REPLIES.search(element_text(item))
    replies = count_in(line_at(item, select, "replies") or (stated[1] or stated[2] if stated else ""))
    views = count_in(line_at(item, select, "views")) if "views" in select else None
    last = _last(item, select)
    title = next((link.get("title") or one_line(element_text(link)) for link in links), "")
    state = f"{replies}|{last}" if replies is not None or last else ""
    return Line(url=url, title=title, state=state, engagement=Engagement(replies=replies, views=views))


def without_session(url: str) -> str:
    """An address without the number that a board gives each visit (phpBB's sid): with it no thread would be known again."""
    return re.sub(r"(?<=[?&])(?:sid|s|phpsessid|session)=[0-9a-f]{32}&?", "", url, flags=re.IGNORECASE).rstrip("?&")


def _href(link: HtmlElement) -> str:
    return str(next(iter(link.xpath("self::a/@href | .//a/@href")), ""))


def _last(item: HtmlElement, select: Mapping[str, str]) -> str:
    """The time of the last reply as the list shows it, "" where it is spoken (3分钟前): that changes by itself."""
    for node in found(item, select, "last"):
        stated = [node] if isinstance(node, str) else [*node.xpath(".//@title"), element_text(node)]
        kept = [str(text) for text in stated if text and not SPOKEN.search(str(text))]
        if kept:
            return kept[0]
    return ""


def _post(node: HtmlElement, select: Mapping[str, str], title: str, *, now: datetime) -> Heard:
    """What a post says; `url` holds its floor, as digits, until the post has its own address."""
    authors, times = found(node, select, "author"), found(node, select, "time") or short_times(node, now=now)
    stated = (time_in(time, now=now) for time in times)
    published = next((time for time in stated if time), None)
    likes = count_in(line_at(node, select, "likes")) if "likes" in select else None
    floors = _floors(node, outside=set(elements(found(node, select, "text"))))
    without_noise(node)
    if "text" not in select:
        for part in elements([*authors, *times, *(floor for floor, _ in floors), *_pagers(node)]):
            if part is not node and part.getparent() is not None:
                part.drop_tree()
    return Heard(
        url=floors[0][1] if floors else "",
        title=title,
        text=text_at(node, select, "text") if "text" in select else element_text(node),
        published_at=published,
        author=next(map(author_in, authors), ""),
        engagement=Engagement(likes=likes),
    )


def _identity(node: HtmlElement, post: Heard) -> str:
    """What tells a post from the others of its thread, as a fragment: its number, its floor ("" for the first), else its words."""
    stated = next((node.get(name) for name in OWN_IDS if (node.get(name) or "").isdigit()), "")
    if not stated:
        own_links = {href.partition("#")[2] for href in node.xpath(".//a/@href") if "#" in href}
        match = re.search(r"(\d+)\D*$", node.get("id") or "")
        stated = match[1] if match and (int(match[1]) >= SMALLEST_ID or node.get("id") in own_links) else ""
    if stated:
        return f"#pid{stated}"
    if post.url:
        return f"#pid0{post.url}" if post.url != "1" else ""
    return _of_words(post)


def _of_words(post: Heard, before: int = 0) -> str:
    return "#entry-" + hashlib.sha256(f"{post.author}|{post.text}|{before or ''}".encode()).hexdigest()[:16]


def _floors(node: HtmlElement, *, outside: set[HtmlElement]) -> list[tuple[HtmlElement, str]]:
    """The short elements that state a floor (2楼, #2), with its number; what people write of floors is `outside`."""
    stated = []
    for part in node.iter():
        text = "".join(part.itertext()).strip() if isinstance(part.tag, str) and len(part) <= 2 else ""
        match = FLOOR.fullmatch(text) if len(text) <= 8 else None
        if match and part not in outside and outside.isdisjoint(part.iterancestors()):
            stated.append((part, str(int(match[1] or match[2]))))
    return stated


def _pagers(node: HtmlElement) -> list[HtmlElement]:
    return [link for link in node.iter("a") if NEXT_TEXT.fullmatch(element_text(link).strip() or "-")]


def _heading(page: HtmlElement) -> str:
    for heading in page.xpath("//h1 | //h2"):
        if element_text(heading):
            return one_line(element_text(heading))
    return re.split(r"\s[-–—]\s|[_|]", "".join(page.xpath("//title/text()")[:1]).strip())[0].strip()


def _following(page: HtmlElement, saved: Saved, select: Mapping[str, str], start: str) -> str:
    """The thread's next page; without a selector only an address that names the same thread."""
    base, current = base_of(page, saved), without_session(saved.asked or saved.url)
    if "thread_next" in select:
        chosen = [absolute(base, _href_of(node)) for node in found(page, select, "thread_next")]
        urls = [without_session(url) for url in chosen if url]
        return numbered_next(urls, current=current, start=start) or next((u for u in urls if u != current), "")
    marked = next((url for url in next_pages(saved) if _is_same_thread(url, start)), "")
    links = (without_session(absolute(base, href)) for href in page.xpath("//a/@href"))
    return without_session(marked) or numbered_next(links, current=current, start=start)


def _href_of(node: HtmlElement | str) -> str:
    return node if isinstance(node, str) else _href(node)


def _is_same_thread(url: str, start: str) -> bool:
    """Whether an address begins like the thread's, its number (the longest one, the last of equals) included."""
    one, two = urlsplit(start), urlsplit(url)
    path = unquote(one.path)
    numbers = list(re.finditer(r"\d+", path))
    if numbers:
        own = max(reversed(numbers), key=lambda number: len(number[0]))
        return bool(re.match(re.escape(path[: own.end()]) + r"(?!\d)", unquote(two.path)))
    stated, other = dict(parse_qsl(one.query)), dict(parse_qsl(two.query))
    own_names = [name for name, value in stated.items() if value.isdigit() and name not in PARAMETERS]
    same = all(other.get(name) == stated[name] for name in own_names)
    return same and unquote(two.path).startswith(path.rpartition(".")[0] or path)
