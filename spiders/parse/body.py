"""The body of an article: the element that carries the page's sentences, by text density, checked against trafilatura."""

from __future__ import annotations

import re
from collections import defaultdict

import trafilatura
from lxml.html import HtmlElement

from spiders.parse.text import document, element_text, tidy

STOPS = re.compile(r"[，。！？；：、,!?]")
SENTENCE_ENDS = re.compile(r"[。！？]")
COMMENTS = re.compile(r"comment|discuss|review|reply|pinglun|tie-", re.IGNORECASE)
JUNK = re.compile(
    r"share|related|recommend|sidebar|footer|header|\bnav|menu|\bhot|rank|advert|copyright|crumb|toolbar|qrcode|login|editor|keyword|pagination",
    re.IGNORECASE,
)
KEPT = re.compile(r"article|content|main|detail|text|post", re.IGNORECASE)
INLINE = {"span", "strong", "b", "em", "font", "i", "u"}
CAP_OF_JUNK = 8  # sentences; a block with more is no share bar whatever its class says
OWN_SHARE = 0.5  # our body is taken when it holds at least this share of the sentences trafilatura found
# Lines that stand round a body on Chinese pages and are not part of it.
META_LINE = re.compile(
    r"^[\s\-|（(\[【]*("
    r"责任编辑|责编|编辑|编审|审核|校对|监制|值班编辑|原标题|本文来源|文章来源|稿源|来源|作者|记者|发布时间|发布日期|时间|日期|浏览次数|点击数?|阅读次?数?"
    r"|分享(到|至)?|转发到|扫一扫|微信扫一扫|打印|关闭|字号|字体|上一篇|下一篇|返回|纠错|我要纠错|收藏|点赞|评论|跟贴|相关(阅读|新闻|链接|推荐)|推荐阅读|更多"
    r"|关注该?公众号|图集|热词|热帖|关键词|标签"
    r")[\s:：】\])）]*"
)
LONGEST_META = 60  # characters


def body_text(html: str) -> str:
    """The article's plain text, "" when the page has none."""
    page = document(html)
    own = _densest(page) if page is not None else ""
    other = tidy(trafilatura.extract(html, include_comments=False, favor_precision=True, include_tables=False) or "")
    return own if own and _weight(own) >= OWN_SHARE * _weight(other) else other


def without_frame(text: str, *, title: str) -> str:
    """The body without the title above it and the editor, source and share lines round it."""
    lines = text.split("\n")
    while lines and (_same(lines[0], title) or _is_meta(lines[0])):
        lines.pop(0)
    while lines and _is_meta(lines[-1]):
        lines.pop()
    return "\n".join(line for line in lines if not re.fullmatch(r"[\W\d_]{1,4}", line))


def _same(line: str, title: str) -> bool:
    bare = re.sub(r"\W", "", line)
    return bool(bare) and bare == re.sub(r"\W", "", title)


def _is_meta(line: str) -> bool:
    if len(line) > LONGEST_META or not line.strip():
        return not line.strip()
    return bool(META_LINE.match(line)) or bool(re.fullmatch(r"[\d年月日时分秒\-/.: ]{8,}(来源.{0,30})?", line))


def _weight(text: str) -> int:
    return sum(len(STOPS.findall(line)) for line in text.split("\n") if len(line) > 15)


def _densest(page: HtmlElement) -> str:
    _drop_junk(page)
    scores: dict[HtmlElement, float] = defaultdict(float)
    for element in page.iter():
        weight = _own_weight(element)
        parent = element.getparent()
        if not weight or parent is None:
            continue
        carrier = parent if element.tag == "p" or element.tag in INLINE else element
        scores[carrier] += weight
        above = carrier.getparent()
        if above is not None:
            scores[above] += weight / 2
    if not scores:
        return ""
    return element_text(max(scores, key=lambda element: scores[element]))


def _own_weight(element: HtmlElement) -> float:
    """How much sentence stands directly in an element; links and code weigh nothing."""
    if not isinstance(element.tag, str) or element.tag in ("a", "pre", "code", "title"):
        return 0.0
    parent = element.getparent()
    if element.tag in INLINE and parent is not None and parent.tag in ({"p"} | INLINE):
        return 0.0  # counted with its paragraph
    own = (
        "".join(element.itertext())
        if element.tag == "p"
        else (element.text or "") + "".join(c.tail or "" for c in element)
    )
    text = re.sub(r"\s", "", own)
    links = sum(len("".join(a.itertext())) for a in element.iter("a"))
    if len(text) < 10 or (element.tag == "p" and links * 2 > len(text)):
        return 0.0
    stops = len(STOPS.findall(text))
    return len(text) * (1 + stops / 10) if stops else len(text) / 5


def _drop_junk(page: HtmlElement) -> None:
    """Take out what surrounds an article. A block that holds half the page's sentences is never taken: some pages nest wrongly."""
    total = len(STOPS.findall("".join(page.itertext())))
    for element in page.xpath("//script|//style|//noscript|//iframe|//pre"):
        if element.getparent() is not None:
            element.drop_tree()
    for element in list(page.iter()):
        if isinstance(element.tag, str) and element.getparent() is not None and _is_junk(element):
            stops = len(STOPS.findall("".join(element.itertext())))
            if stops * 2 < max(total, 2):
                element.drop_tree()


def _is_junk(element: HtmlElement) -> bool:
    if element.tag in ("form", "nav", "footer", "header", "aside"):
        return True
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.tag in ("body", "html", "article") or not name.strip() or KEPT.search(name):
        return bool(COMMENTS.search(name)) and len(SENTENCE_ENDS.findall("".join(element.itertext()))) < CAP_OF_JUNK
    if COMMENTS.search(name):
        return True
    return bool(JUNK.search(name)) and len(SENTENCE_ENDS.findall("".join(element.itertext()))) < CAP_OF_JUNK
