"""Who an article names as its source and author, and the counts a news page shows with it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spiders.parse.sheet import Line, Sheet
from spiders.parse.zones import Zones
from store.stages import Engagement

SOURCE_METAS = ("source", "contentsource", "og:article:author_source", "mediaid")
SITE_METAS = ("publisher", "article:publisher", "og:site_name")
SOURCE = re.compile(r"(?:文章|信息|稿件|本文)?(?:来源|稿源|转自)\s*[:：]\s*[《“]?([\w·\-（）()]{2,24})")
NO_SOURCE = re.compile(r"本站|原创|网络|互联网|未知|佚名|转载|其他|综合")
ACCOUNT = re.compile(r"profile_nickname")  # the name of a public account on its article
LONGEST_NAME = 24
LONGEST = 120  # characters of a line that names a source or an author
NAME = r"[\u4e00-\u9fff·]{2,4}"
AUTHOR = re.compile(
    rf"(?:作者|记者|撰文|执笔|通讯员|文)\s*[:：/｜|︱丨]\s*({NAME})(?![\u4e00-\u9fff])|(?:记者|通讯员)\s+({NAME})(?![\u4e00-\u9fff])"
)
AUTHOR_METAS = ("author", "article:author", "dc.creator", "byl")
NOBODY = re.compile(
    r"未知|佚名|本站|原创|编辑|管理|网络|整理|综合|匿名|记者|来源|责任|名称|报|网|社|台|office|admin|name",
    re.IGNORECASE,
)
NUMBER = r"\s*[:：(（]?\s*(\d[\d,]*(?:\.\d+)?\s*[万亿wWkK]?)\+?"
COUNTS = {
    "views": (
        rf"(?:阅读|浏览|点击|查看|访问|人气)(?:次数|数|量|人数)?{NUMBER}",
        r"(\d[\d,]*(?:\.\d+)?\s*万?)\s*(?:次|人)?(?:阅读|浏览|点击|人看过)",
    ),
    "replies": (
        rf"(?:评论|跟贴|回复|留言)(?:数|量)?{NUMBER}",
        r"(\d[\d,]*(?:\.\d+)?\s*万?)\s*(?:条|个)?\s*(?:评论|跟贴|回复|留言)",
    ),
    "likes": (rf"(?:点赞|赞|喜欢)(?:数|量)?{NUMBER}",),
    "reposts": (rf"(?:转发|分享)(?:数|量)?{NUMBER}",),
}
FORMS = {
    name: tuple(
        re.compile(rf"(?<![\d\u4e00-\u9fff]){form}" if n == 0 else rf"(?<!\d){form}") for n, form in enumerate(forms)
    )
    for name, forms in COUNTS.items()
}
TIMES = {"万": 10_000, "w": 10_000, "亿": 100_000_000, "k": 1_000}
LONGEST_COUNT = 80  # characters of a line that shows counts


def find_publisher(sheet: Sheet, zones: Zones) -> str:
    """The outlet an article names as its source, else the site's own name, "" when there is neither."""
    metas = dict(reversed(sheet.metas))
    for name in SOURCE_METAS:
        if 2 <= len(metas.get(name, "")) <= 24 and "://" not in metas[name]:
            return metas[name]
    lines = [line for line in zones.near if len(line.text) < LONGEST]
    stated = next((m[1] for line in lines if (m := SOURCE.search(line.text)) and not NO_SOURCE.match(m[1])), "")
    account = next((line.text for line in lines if ACCOUNT.search(line.names) and len(line.text) <= LONGEST_NAME), "")
    if stated or account:
        return stated or account
    return next(
        (metas[name] for name in SITE_METAS if 2 <= len(metas.get(name, "")) <= 24 and "://" not in metas[name]), ""
    )


def find_author(sheet: Sheet, zones: Zones) -> str:
    """The name a byline states, "" when none does. It goes through the privacy gate as a key and is never stored."""
    for line in [*zones.header, *zones.ending, *zones.below]:
        match = AUTHOR.search(line.text) if len(line.text) < LONGEST else None
        name = (match[1] or match[2]) if match else ""
        if name and not NOBODY.search(name):
            return name
    stated = [content for name, content in sheet.metas if name in AUTHOR_METAS]
    return next((name for name in stated if re.fullmatch(NAME, name) and not NOBODY.search(name)), "")


def find_engagement(zones: Zones) -> Engagement:
    """The counts beside title and text; None where the page shows none."""
    lines = [line for line in (*zones.header, *zones.below) if 0 < len(line.text) <= LONGEST_COUNT]
    found = {name: _count(forms, lines) for name, forms in FORMS.items()}
    return Engagement(**found)


def number(written: str) -> int:
    """A count as pages write it: 1,234, 1.2万, 3k."""
    digits = re.sub(r"[,\s]", "", written)
    unit = TIMES.get(digits[-1].lower(), 1)
    return round(float(digits.rstrip("万亿wWkK")) * unit)


def _count(forms: Sequence[re.Pattern[str]], lines: Sequence[Line]) -> int | None:
    for form in forms:
        match = next((m for line in lines if (m := form.search(line.text))), None)
        if match:
            return number(match[1])
    return None
