"""What the kinds that go from a list to threads to posts have in common: their pages as values, and how a vanished thread looks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lxml.html import HtmlElement

from spiders.heard import Heard
from spiders.parse.text import element_text
from store.stages import Engagement

GONE = re.compile(
    r"(主题|[帖贴]子?|话题|留言|信件|内容|页面|文章)[^。！\n]{0,8}?"
    r"(不存在|已?被?(楼主|作者|吧务|管理员)?删除|已经?(关闭|下架|失效)|正在被?审核)"
)
# A sentence of the board itself in the place of a post; people write of deleted posts too, but not like this.
DELETED = re.compile(
    r"\W*((该|此|本)(楼层?|[帖贴]子?|回复|评论|内容|用户)[^。\n]{0,14}(删除|屏蔽|隐藏|折叠|审核中)(\s*隐藏此楼.{0,6})?"
    r"|(提示[:：]\s*)?作者被禁止或删除.{0,12})\W*"
)
SHORT_PAGE = 400  # characters of visible text; a longer page holds something besides the notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A thread as its list shows it."""

    url: str  # absolute; by it the thread is remembered
    title: str = ""
    state: str = ""  # changes when somebody replied; "" where the list does not show it
    engagement: Engagement = field(default_factory=Engagement)  # of the whole thread, for its first post


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """One page of a list of threads."""

    lines: tuple[Line, ...] = ()
    following: str = ""  # address of the next page, "" on the last
    forums: tuple[str, ...] = ()  # lists that this page, an index, leads to
    trouble: str = ""  # Chinese, why it could not be read


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadPage:
    """One page of a thread."""

    posts: tuple[Heard, ...] = ()
    first: str = ""  # canonical address of the thread's first post, "" where the page does not say
    following: str = ""
    here: str = ""  # where to read on when the thread has grown, "" for this very page
    skipped: tuple[str, ...] = ()  # a reason for each post left out
    unfound: tuple[str, ...] = ()  # selectors that were given and found nothing on the page
    trouble: str = ""
    is_gone: bool = False  # the page says that the thread was deleted or is withheld


def counted(post: Heard, listed: Engagement) -> Heard:
    """A thread's first post with the counts that only the list shows."""
    own = post.engagement
    replies = listed.replies if own.replies is None else own.replies
    views = listed.views if own.views is None else own.views
    return replace(post, engagement=replace(own, replies=replies, views=views))


def says_gone(page: HtmlElement) -> bool:
    """Whether a page without posts is a board's notice that the thread no longer exists."""
    text = element_text(page)
    return len(text) <= SHORT_PAGE and bool(GONE.search(text))


def is_deleted(text: str) -> bool:
    """Whether a post's text is only the board's notice that it was deleted or hidden."""
    return len(text) <= 40 and bool(DELETED.fullmatch(text))
