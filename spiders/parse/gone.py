"""How a page says that what was there is gone: the notices that boards and portals send with status 200."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from spiders.parse.text import element_text

# Exact enough for any short page, an article's too.
GONE = re.compile(
    r"(主题|帖子|页面|内容|文章|信息|微博|博文)(已经?|可能)?(不存在|被删除|已删除|被作者删除|被移除|下线)|不存在或已被删除"
    r"|(page|post|status) (not found|no longer exists)"
)
# Wider, and of threads that are locked away: only for a page that holds no post, for a locked thread says this above its posts.
WITHHELD = re.compile(
    r"(主题|[帖贴]子?|话题|留言|信件|内容|页面|文章)[^。！\n]{0,8}?"
    r"(不存在|已?被?(楼主|作者|吧务|管理员)?删除|已经?(关闭|下架|失效)|正在被?审核)"
)
SHORT_PAGE = 400  # characters of visible text; a longer page speaks of something else that is gone


def is_notice(page: HtmlElement) -> bool:
    """Whether a page of any kind is only the notice that what was there is gone."""
    text = element_text(page)
    return len(text) <= SHORT_PAGE and bool(GONE.search(text))


def says_gone(page: HtmlElement) -> bool:
    """Whether a page without posts is a board's notice that the thread no longer exists or is withheld."""
    text = element_text(page)
    return len(text) <= SHORT_PAGE and bool(GONE.search(text) or WITHHELD.search(text))
