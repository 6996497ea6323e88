"""The title of an article: the line of the page that its head confirms, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from spiders.parse.sheet import HEADINGS, Line, Sheet

TAIL = re.compile(r"\s*(?:[_|｜]|\s[-–—]+\s|--+|-(?=[^-]{2,16}$))\s*")
SITE_WORDS = re.compile(
    r"^.{0,14}(网|报|台|社|频道|新闻|官网|网站|客户端|公报|在线|论坛|门户|\.net|\.com)$", re.IGNORECASE
)
NAMED = re.compile(r"title|headline|biaoti|bt\b", re.IGNORECASE)
SHORTEST = 4  # characters of a heading that the head confirms
SHORTEST_ALONE = 8  # of a heading that nothing confirms; shorter ones are names of columns
LEAST_SHARE = 0.4  # of the head's title that a plain line must repeat to be the title


def find_title(sheet: Sheet, above: Sequence[Line]) -> str:
    """The heading among the lines above the body that the head's title confirms, else the head's title without the site's name."""
    head = sheet.head_title
    social = next((" ".join(content.split()) for name, content in sheet.metas if name == "og:title"), "")
    lines = list(_headings(sheet, above))
    stated = (_bare(head), _bare(social))
    confirmed = [text for text, is_heading in lines if _is_confirmed(text, stated, is_heading=is_heading)]
    if confirmed:
        return max(confirmed, key=len)
    own = without_site(head)
    if social and _bare(social) in _bare(head) and len(social) * 2 > len(own):
        return social
    nearest = next((text for text, is_heading in reversed(lines) if is_heading and len(text) >= SHORTEST_ALONE), "")
    if len(own) < SHORTEST_ALONE and nearest:
        return nearest  # the head names the column only
    return own or social or nearest


def without_site(head: str) -> str:
    """A document's title without the names of site and column behind it."""
    breaks = [match.span() for match in TAIL.finditer(head)]
    starts = [0, *(end for _, end in breaks)]
    pieces = [(head[a:b], b) for a, b in zip(starts, [*(start for start, _ in breaks), len(head)], strict=True)]
    pieces = [(piece, end) for piece, end in pieces if piece.strip()]
    while len(pieces) > 1 and (SITE_WORDS.search(pieces[-1][0]) or len(pieces[-1][0]) * 3 < len(pieces[0][0])):
        pieces.pop()
    return head[: pieces[-1][1]].strip() if pieces else ""


def _headings(sheet: Sheet, above: Sequence[Line]) -> Iterator[tuple[str, bool]]:
    """Each line and whether it is marked up as a heading; the lines of one heading are one."""
    for place, group in groupby(above, key=lambda line: _heading_block(sheet, line)):
        texts = [line.text for line in group if line.text]
        if place is None:
            yield from ((text, False) for text in texts)
        elif texts:
            yield " ".join(texts), True


def _heading_block(sheet: Sheet, line: Line) -> int | None:
    place = line.block
    for _ in range(3):
        block = sheet.blocks[place]
        if block.tag in HEADINGS or (place == line.block and NAMED.search(f"{block.name} {line.names}")):
            return place
        place = block.parent
    return None


def _is_confirmed(text: str, stated: tuple[str, str], *, is_heading: bool) -> bool:
    bare = _bare(text)
    if len(bare) < SHORTEST or not any(bare in title for title in stated):
        return False
    return is_heading or len(bare) >= LEAST_SHARE * len(stated[0])


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text)
