"""Measures extraction on the saved pages of html_pages.zip beside bare trafilatura, gne, and both with ours, in one run.

Usage: python -m benchmarks.extract FOLDER [--half development|report] [--pages]; FOLDER holds html_pages.zip. The gold
(tests/fixtures/extract/gold.json) holds no text: for each page the hashes of the paragraphs that are its article, in order.
The text is put together from the page itself. Exit status 1 when a limit does not hold.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import statistics
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import lxml.html

from spiders.dates import parse_time
from spiders.extract import extract
from spiders.parse.text import CONTROL
from spiders.saved import decode

GOLD = Path(__file__).resolve().parent.parent / "tests" / "fixtures" / "extract" / "gold.json"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
LEAST_F1, LEAST_TITLES, LEAST_TIMES = 0.93, 0.95, 0.90
UNSEEN = {"script", "style", "noscript", "template", "iframe", "head"}
BREAKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "th",
        "tr",
        "ul",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """What a reader saw on one page; `minute` is None where the page states no clock time."""

    file: str
    site: str
    half: str  # development | report
    title: str  # SHA-256 of the title without white space
    day: str  # ISO date in Beijing, "" when the page states none
    minute: datetime | None
    characters: int
    text: str  # SHA-256 of the text without white space
    paragraphs: tuple[str, ...]  # first 12 digits of each paragraph's SHA-256, without white space


@dataclass(frozen=True, slots=True)
class Told:
    """What one way of extraction says about a page."""

    title: str
    text: str
    time: datetime | None


@dataclass(frozen=True, slots=True)
class Score:
    """How near one page came; `title` and `time` are None where there is nothing to compare."""

    f1: float  # of the longest common subsequence of characters
    bag: float  # of characters whatever their order
    title: bool
    time: bool | None
    day: bool | None
    seconds: float  # of the processor


Way = Callable[[str], Told]


def squeezed(text: str) -> str:
    """The text without white space."""
    return re.sub(r"\s+", "", text)


def digest(text: str) -> str:
    """SHA-256 of the text without white space."""
    return hashlib.sha256(squeezed(text).encode()).hexdigest()


def paragraphs(html: str) -> list[str]:
    """Every line a reader could see on a page, in order; the gold is a choice of these."""
    # Some pages close the document in its middle; a browser reads on.
    html = re.sub(r"(?i)</(?:body|html)\s*>", "", re.sub(r"^\s*<\?xml[^>]*\?>", "", CONTROL.sub("", html)))
    text = "".join(_seen(lxml.html.document_fromstring(html)))
    return [line for line in (re.sub(r"[\s\u3000]+", " ", row).strip() for row in text.split("\n")) if line]


def _seen(element: lxml.html.HtmlElement) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in UNSEEN:
        return
    edge = "\n" if element.tag in BREAKS else ""
    yield edge + re.sub(r"\s+", " ", element.text or "")
    for child in element:
        yield from _seen(child)
        yield re.sub(r"\s+", " ", child.tail or "")
    yield edge


def gold_text(gold: Gold, html: str) -> str:
    """The article as the gold names it. Raises ValueError when the page is not the one that was read."""
    by_hash = {digest(line)[:12]: line for line in paragraphs(html)}
    text = "\n".join(by_hash.get(key, "") for key in gold.paragraphs)
    if digest(text) != gold.text:
        raise ValueError(
            f"{gold.file}: not the page the gold was read from; take html_pages.zip as docs/quality.md says"
        )
    return text


def load_gold(path: Path = GOLD) -> list[Gold]:
    """The gold, a page a row."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [
        Gold(
            **{key: row[key] for key in ("file", "site", "half", "title", "day", "characters", "text")},
            minute=datetime.fromisoformat(row["minute"]) if row["minute"] else None,
            paragraphs=tuple(row["paragraphs"]),
        )
        for row in rows
    ]


def common(one: str, two: str) -> int:
    """Length of the longest common subsequence, by bits (Hyyrö 2004)."""
    at: dict[str, int] = {}
    for place, character in enumerate(one):
        at[character] = at.get(character, 0) | 1 << place
    whole = (1 << len(one)) - 1
    row = whole
    for character in two:
        kept = row & at.get(character, 0)
        row = (row + kept | row - kept) & whole
    return len(one) - row.bit_count()


def f1(said: str, gold: str) -> float:
    """F1 of characters in their order, white space aside."""
    one, two = squeezed(said), squeezed(gold)
    return 2 * common(one, two) / (len(one) + len(two)) if one or two else 1.0


def bag_f1(said: str, gold: str) -> float:
    """F1 of characters whatever their order, white space aside."""
    one, two = squeezed(said), squeezed(gold)
    both = sum(min(one.count(c), two.count(c)) for c in set(one) & set(two))
    return 2 * both / (len(one) + len(two)) if one or two else 1.0


def score(gold: Gold, html: str, way: Way) -> Score:
    """One way on one page."""
    begun = time.process_time()
    told = way(html)
    seconds = time.process_time() - begun
    text = gold_text(gold, html)
    near = told.time is not None and gold.minute is not None and abs(told.time - gold.minute) <= timedelta(minutes=1)
    day = (told.time + timedelta(hours=8)).date().isoformat() if told.time else ""
    return Score(
        f1(told.text, text),
        bag_f1(told.text, text),
        digest(told.title) == gold.title,
        near if gold.minute else None,
        day == gold.day if gold.day else None,
        seconds,
    )


def ours(html: str) -> Told:
    """`chaoxin extract`."""
    page = extract(html, url="http://e.com/1.html", now=NOW)
    return Told(page.title, page.text, page.published_at)


def by_trafilatura(html: str) -> Told:
    """Trafilatura as most would call it."""
    import trafilatura

    found = trafilatura.bare_extraction(html, with_metadata=True, include_comments=False)
    if found is None or isinstance(found, dict):
        return Told("", "", None)
    return Told(found.title or "", found.text or "", parse_time(found.date, now=NOW) if found.date else None)


@cache
def _gne() -> object:
    from gne import GeneralNewsExtractor

    return GeneralNewsExtractor()


def by_gne(html: str) -> Told:
    """GeneralNewsExtractor with its defaults."""
    try:
        found = _gne().extract(html)  # type: ignore[attr-defined]
    except (ValueError, IndexError, TypeError):  # it raises on some pages
        return Told("", "", None)
    return Told(found["title"], found["content"], parse_time(found["publish_time"], now=NOW))


def both(html: str) -> Told:
    """Gne's title and time with the longer of the two texts, as guides to GNE advise."""
    one, two = by_trafilatura(html), by_gne(html)
    return Told(two.title or one.title, max(one.text, two.text, key=len), two.time or one.time)


def ways() -> dict[str, Way]:
    """Every way that can run here."""
    found: dict[str, Way] = {"ours": ours, "trafilatura": by_trafilatura}
    try:
        import gne  # noqa: F401
    except ImportError:
        print("skipped: gne (not installed; it is no dependency of the project)", file=sys.stderr)
        return found
    return {**found, "gne": by_gne, "trafilatura + gne": both}


def pages(folder: Path) -> dict[str, str]:
    """The saved pages, decoded as our spiders decode them."""
    with zipfile.ZipFile(folder / "html_pages.zip") as held:
        return {row.file: decode(held.read(row.file)) for row in load_gold()}


def measured(golds: Sequence[Gold], html: dict[str, str], way: Way) -> list[Score]:
    """One way on all pages, after a first page that warms it up."""
    way(html[golds[0].file])
    return [score(gold, html[gold.file], way) for gold in golds]


def share(values: Sequence[bool | None]) -> float:
    """Share of the true ones among those that say anything."""
    said = [value for value in values if value is not None]
    return sum(said) / len(said) if said else 1.0


def row(name: str, scores: Sequence[Score]) -> str:
    """One line of the table."""
    times = [s.time for s in scores if s.time is not None]
    return (
        f"| {name} | {statistics.mean(s.f1 for s in scores):.3f} | {statistics.mean(s.bag for s in scores):.3f}"
        f" | {sum(s.title for s in scores)} of {len(scores)} | {sum(times)} of {len(times)}"
        f" | {share([s.day for s in scores]):.2f} | {1000 * statistics.mean(s.seconds for s in scores):.1f} |"
    )


def holds(scores: Sequence[Score]) -> bool:
    """Whether the limits hold."""
    text, titles = statistics.mean(s.f1 for s in scores), share([s.title for s in scores])
    return text >= LEAST_F1 and titles >= LEAST_TITLES and share([s.time for s in scores]) >= LEAST_TIMES


def main() -> int:
    """Prints a table for each half and for all pages."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("development", "report"), help="this half only")
    parser.add_argument("--pages", action="store_true", help="our score page by page")
    options = parser.parse_args()
    html, golds = pages(options.folder), load_gold()
    chosen = [gold for gold in golds if options.half in (None, gold.half)]
    results = {
        name: dict(zip((g.file for g in chosen), measured(chosen, html, way), strict=True))
        for name, way in ways().items()
    }
    for half in (options.half,) if options.half else ("development", "report", "all"):
        files = [g.file for g in chosen if half in (g.half, "all")]
        print(f"\n{half}: {len(files)} pages of {len({g.site for g in chosen if g.file in files})} sites\n")
        print(
            "| way | text F1 | of characters in any order | title | time | day | ms a page |\n|---|--:|--:|--:|--:|--:|--:|"
        )
        for name, scores in results.items():
            print(row(name, [scores[file] for file in files]))
    if options.pages:
        for file, found in results["ours"].items():
            print(f"{found.f1:.3f} title {found.title} time {found.time} day {found.day} {file}")
    return int(not holds(list(results["ours"].values())))


if __name__ == "__main__":
    sys.exit(main())
