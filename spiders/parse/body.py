"""The body of an article: the block of a page that carries its sentences, by text density, without the frame round it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import trafilatura

from spiders.parse.sheet import Block, Line, Sheet, joined
from spiders.parse.text import tidy

STOPS = re.compile(r"[，。！？；：、,!?]")
WIDE_STOPS = re.compile(r"[，。！？；：、]")
SENTENCE_ENDS = re.compile(r"[。！？]")
COMMENTS = re.compile(r"comment|discuss|review|reply|pinglun|tie-", re.IGNORECASE)
JUNK = re.compile(
    r"share|related|recommend|sidebar|footer|header|\bnav|menu|\bhot|rank|advert|copyright|crumb|toolbar|qrcode|login|editor|keyword|pagination",
    re.IGNORECASE,
)
KEPT = re.compile(r"article|content|main|detail|text|post", re.IGNORECASE)
FRAMES = frozenset({"form", "nav", "footer", "header", "aside"})
WHOLES = frozenset({"body", "html", "article"})
CODE = frozenset({"pre", "code"})
CAP_OF_JUNK = 8  # sentences; a block with more is no share bar whatever its class says
THIN = 12  # stops; a shorter body is compared with trafilatura's
CARRIES = 0.5  # share of the page's sentences; a body with less is compared with trafilatura's
MOST_BOXES = 3  # round one paragraph
LEAST_KIN = 3  # boxes alike that make an article
LEAST_GAIN = 2.0  # times the sentences of the one box
OWN_SHARE = 0.5  # our body is taken when it holds at least this share of the sentences trafilatura found


@dataclass(slots=True)
class _Weighed:
    """A block's own sentences, and those of everything inside it."""

    length: int = 0
    stops: int = 0
    links: int = 0
    all_stops: int = 0
    all_ends: int = 0
    is_junk: bool = False
    weight: float = 0.0
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of a body and the block they stand in; `share` of the page's sentences outside bars and lists."""

    block: int
    lines: tuple[Line, ...]
    share: float
    junk: frozenset[int] = field(default_factory=frozenset)  # blocks of bars, lists and comments

    @property
    def text(self) -> str:
        """Paragraphs parted by a line break."""
        return joined(iter(self.lines))


def find_body(sheet: Sheet) -> Body | None:
    """The densest block, None on a page without a sentence."""
    weighed = _weigh(sheet)
    best = max(range(len(weighed)), key=lambda place: weighed[place].score, default=0)
    if not weighed or not weighed[best].score:
        return None
    best = _with_kin(sheet, weighed, best)
    junk = frozenset(place for place, block in enumerate(weighed) if block.is_junk)
    lines = tuple(line for line in sheet.lines if sheet.inside(line, best) and line.block not in junk)
    whole = sum(block.weight for block in weighed)
    return Body(best, lines, _inner(sheet, weighed, best) / whole, junk)


def body_text(body: Body | None, html: str) -> str:
    """The article's plain text, "" when the page has none. trafilatura is asked where our body is thin or not the page's main part."""
    own = body.text if body else ""
    weight = _sentences(own)
    if body and weight >= THIN and body.share >= CARRIES:
        return own
    other = tidy(trafilatura.extract(html, include_comments=False, favor_precision=True, include_tables=False) or "")
    return own if own and weight >= OWN_SHARE * _sentences(other) else other


def _with_kin(sheet: Sheet, weighed: list[_Weighed], best: int) -> int:
    """The block round a paragraph that stands in boxes of its own, as do the article's others; else the block itself."""
    place = best
    for _ in range(MOST_BOXES):
        above = sheet.blocks[place].parent
        mark = (sheet.blocks[place].tag, sheet.blocks[place].name)
        kin = [p for p in _children(sheet, above) if (sheet.blocks[p].tag, sheet.blocks[p].name) == mark]
        weights = [weight for p in kin if (weight := _inner(sheet, weighed, p))]
        if len(weights) >= LEAST_KIN and sum(weights) >= LEAST_GAIN * _inner(sheet, weighed, best):
            return above
        place = above
    return best


def _children(sheet: Sheet, place: int) -> Iterator[int]:
    child = place + 1
    while child < sheet.blocks[place].end:
        yield child
        child = sheet.blocks[child].end


def _inner(sheet: Sheet, weighed: list[_Weighed], place: int) -> float:
    return sum(block.weight for block in weighed[place : sheet.blocks[place].end])


def _sentences(text: str) -> int:
    return sum(len(STOPS.findall(line)) for line in text.split("\n") if len(line) > 15)


def _weigh(sheet: Sheet) -> list[_Weighed]:
    weighed = [_Weighed() for _ in sheet.blocks]
    for line in sheet.lines:
        own = weighed[line.block]
        stops = WIDE_STOPS if sheet.blocks[line.block].tag in CODE else STOPS
        own.length += len(line.text)
        own.links += line.links
        own.stops += (found := len(stops.findall(line.text)))
        own.all_stops += found
        own.all_ends += len(SENTENCE_ENDS.findall(line.text))
    for place in range(len(weighed) - 1, 0, -1):
        above = weighed[sheet.blocks[place].parent]
        above.all_stops += weighed[place].all_stops
        above.all_ends += weighed[place].all_ends
    total = max(weighed[0].all_stops, 2) if weighed else 0
    for place, (block, own) in enumerate(zip(sheet.blocks, weighed, strict=True)):
        # A block that holds half the page's sentences is never left out: some pages nest wrongly.
        own.is_junk = weighed[block.parent].is_junk or (own.all_stops * 2 < total and _is_junk(block, own.all_ends))
        if not own.is_junk:
            own.weight = _weight(own, block.tag)
            _credit(sheet, weighed, place)
    return weighed


def _credit(sheet: Sheet, weighed: list[_Weighed], place: int) -> None:
    """A paragraph speaks for the block round it, and half as much for the one round that."""
    block, weight = sheet.blocks[place], weighed[place].weight
    carrier = block.parent if block.tag == "p" else place
    weighed[carrier].score += weight
    above = sheet.blocks[carrier].parent
    if above != carrier:
        weighed[above].score += weight / 2


def _weight(own: _Weighed, tag: str) -> float:
    """How much sentence stands directly in a block; links and code weigh nothing."""
    if own.length < 10 or own.links * 2 > own.length or (tag in CODE and not own.stops):
        return 0.0
    length = own.length - own.links
    return length * (1 + own.stops / 10) if own.stops else length / 5


def _is_junk(block: Block, ends: int) -> bool:
    if block.tag in FRAMES or block.is_hidden:
        return True
    if block.tag in WHOLES or not block.name or KEPT.search(block.name):
        return bool(COMMENTS.search(block.name)) and ends < CAP_OF_JUNK
    return bool(COMMENTS.search(block.name)) or (bool(JUNK.search(block.name)) and ends < CAP_OF_JUNK)
