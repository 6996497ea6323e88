"""Pages of a Discuz! X3.4 board: a forum list to threads, a thread page to posts."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import parse_qs, urljoin, urlsplit

from lxml.html import HtmlElement

from spiders.dates import parse_time
from spiders.heard import Heard
from spiders.parse.pictures import post_images
from spiders.parse.text import document, element_text
from spiders.parse.threads import Line, ListPage, ThreadPage, is_deleted, says_gone
from spiders.saved import Saved
from spiders.urls import canonical
from store.stages import Engagement

THREAD = "//tbody[starts-with(@id,'normalthread_') or starts-with(@id,'stickthread_')]"
POST = "//*[starts-with(@id,'postmessage_')]"
NO_THREADS = "页面上没有认出主题列表"
NO_POSTS = "主题页上没有认出帖子"
# What hangs inside a post and is not its author's text: the edit line (it names a person), quotes, images' captions, ratings.
NOT_TEXT = (
    ".//*[contains(@class,'pstatus') or contains(@class,'quote') or contains(@class,'aimg_tip') or contains(@class,'tip')"
    " or contains(@class,'jammer') or contains(@style,'display:none') or contains(@style,'display: none')]"
)


def read_forum(saved: Saved) -> ListPage:
    """The threads of one list page and the page that follows, or the forums an index lists."""
    page = document(saved.text)
    if page is None:
        return ListPage(trouble=NO_THREADS)
    lines = []
    for row in page.xpath(THREAD):
        anchors = row.xpath(".//a[contains(concat(' ',@class,' '),' xst ')]") or row.xpath(".//th//a[@href]")
        if anchors:
            lines.append(_line(row, anchors[0], saved))
    inner = () if lines else _forums(page, saved)
    trouble = "" if lines or inner else NO_THREADS
    return ListPage(lines=tuple(lines), following=_following(page, saved), forums=inner, trouble=trouble)


def read_thread(saved: Saved, *, now: datetime) -> ThreadPage:
    """The posts of one page of a thread: each is heard with its own address."""
    page = document(saved.text)
    if page is None:
        return ThreadPage(trouble=NO_POSTS)
    tid = thread_id(saved.url) or _tid_on(page)
    subject = page.xpath("//*[@id='thread_subject']") or page.xpath("//h1[contains(@class,'ts')]//a | //h1")
    title = element_text(subject[0]).replace("\n", " ") if subject else _head_title(page)
    posts: list[Heard] = []
    skipped: list[str] = []
    first = ""
    for message in page.xpath(POST):
        pid = message.get("id").removeprefix("postmessage_")
        if not pid.isdigit():
            continue
        post = _post(page, message, (pid, tid, title), saved, now=now)
        if _is_first(page, pid):
            first = post.url
        if post.text and not is_deleted(post.text):
            posts.append(post)
        else:
            skipped.append(f"没有文字的楼层 {pid}")
    if not posts and not skipped:
        return ThreadPage(is_gone=True) if says_gone(page) else ThreadPage(trouble=NO_POSTS)
    return ThreadPage(posts=tuple(posts), first=first, following=_following(page, saved), skipped=tuple(skipped))


def thread_id(url: str) -> str:
    """The thread's number in its address, "" when it has none."""
    match = re.search(r"thread-(\d+)-", urlsplit(url).path)
    return match[1] if match else parse_qs(urlsplit(url).query).get("tid", [""])[0]


def post_address(base: str, tid: str, pid: str) -> str:
    """The canonical address of a post, the same whatever page of the thread it stands on."""
    return canonical(urljoin(base, f"forum.php?mod=redirect&goto=findpost&ptid={tid}&pid={pid}"))


def _forums(page: HtmlElement, saved: Saved) -> tuple[str, ...]:
    hrefs = page.xpath("//a[contains(@href,'forum-') or contains(@href,'mod=forumdisplay')]/@href")
    kept = [h for h in hrefs if re.search(r"forum-\d+-1\.html$|mod=forumdisplay&fid=\d+$", h)]
    return tuple(dict.fromkeys(urljoin(saved.url, h) for h in kept))


def _line(row: HtmlElement, anchor: HtmlElement, saved: Saved) -> Line:
    replies = "".join(row.xpath(".//td[contains(@class,'num')]//a/text()")[:1]).strip()
    last = row.xpath(
        ".//td[contains(@class,'by')][last()]//em//span/@title | .//td[contains(@class,'by')][last()]//em//a/text()"
    )
    return Line(
        url=re.sub(r"&extra=[^&#]*", "", urljoin(saved.url, anchor.get("href", ""))),  # names the list's page
        title=element_text(anchor).replace("\n", " "),
        state=f"{replies}|{last[0].strip() if last else ''}",
    )


def _post(
    page: HtmlElement, message: HtmlElement, names: tuple[str, str, str], saved: Saved, *, now: datetime
) -> Heard:
    pid, tid, title = names
    images = post_images(message, url=saved.url)  # before its captions are taken out
    return Heard(
        url=post_address(saved.url, tid, pid),
        title=title,
        text=_message_text(message),
        published_at=_posted_at(page, pid, now=now),
        author=_author(page, pid),
        engagement=_counts(page) if _is_first(page, pid) else Engagement(),
        images=images,
    )


def _message_text(message: HtmlElement) -> str:
    for extra in message.xpath(NOT_TEXT):
        extra.drop_tree()
    return element_text(message)


def _posted_at(page: HtmlElement, pid: str, *, now: datetime) -> datetime | None:
    """The time of a post: the full one of the title attribute before the spoken one."""
    for line in page.xpath(f"//*[@id='authorposton{pid}']"):
        for stated in [*line.xpath(".//@title"), element_text(line)]:
            found = parse_time(str(stated), now=now)
            if found:
                return found
    return None


def _author(page: HtmlElement, pid: str) -> str:
    links = page.xpath(f"//*[@id='post_{pid}']//a[contains(@class,'xw1')]")
    if not links:
        return ""
    match = re.search(r"(?:space-uid-|[?&]uid=)(\d+)", links[0].get("href", ""))
    return match[1] if match else element_text(links[0])


def _is_first(page: HtmlElement, pid: str) -> bool:
    mark = page.xpath(f"//*[@id='postnum{pid}']")
    return bool(mark) and bool(re.fullmatch(r"(楼主|1\s*#?|沙发前)", element_text(mark[0]).replace("\n", " ").strip()))


def _counts(page: HtmlElement) -> Engagement:
    found = {}
    for label, name in (("查看", "views"), ("回复", "replies")):
        values = page.xpath(
            f"//span[contains(@class,'xg1') and contains(text(),'{label}')]/following-sibling::span[1]/text()"
        )
        if values and values[0].strip().isdigit():
            found[name] = int(values[0])
    return Engagement(**found)


def _following(page: HtmlElement, saved: Saved) -> str:
    hrefs = page.xpath(
        "//div[contains(concat(' ',@class,' '),' pg ')]//a[contains(concat(' ',@class,' '),' nxt ')]/@href"
    )
    return str(urljoin(saved.url, hrefs[0])) if hrefs else ""


def _tid_on(page: HtmlElement) -> str:
    for href in page.xpath("//a[starts-with(@id,'postnum')]/@href"):
        found = parse_qs(urlsplit(href).query).get("ptid")
        if found:
            return str(found[0])
    return ""


def _head_title(page: HtmlElement) -> str:
    return "".join(page.xpath("//title/text()")[:1]).partition(" - ")[0].strip()
