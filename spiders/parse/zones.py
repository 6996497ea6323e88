"""Where on a page the facts about an article stand: above its title, between title and text, and below the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spiders.parse.body import STOPS, Body
from spiders.parse.sheet import Line, Sheet

FAR_ABOVE, FAR_BELOW = 15, 20  # lines; what is farther belongs to the site, not to the article
LONG = 30  # characters of a line that is text, no heading
ENDING = 3  # last lines of a body, where institutions sign and date


@dataclass(frozen=True, slots=True)
class Zones:
    """Lines of a page by their place round the article; the article's own sentences are in none of them."""

    above: Sequence[Line]  # the nearest last
    header: Sequence[Line]  # the title first
    ending: Sequence[Line]  # the last lines of the text
    below: Sequence[Line]

    @property
    def near(self) -> Sequence[Line]:
        """The lines that may name source, author and counts, the surest first."""
        return [*self.header, *self.ending, *self.below, *reversed(self.above)]


def top(sheet: Sheet, body: Body | None) -> Sequence[Line]:
    """The lines down to the body's first sentence, which is the last of them: a title does not stand below its article."""
    return sheet.lines if body is None else sheet.lines[: _first(sheet, body) + 1]


def find_zones(sheet: Sheet, body: Body | None, *, title: str) -> Zones:
    """The zones round a body; without one the whole page is above it."""
    if body is None:
        return Zones(sheet.lines, (), (), ())
    first = _first(sheet, body)
    last = max(number for number, line in enumerate(sheet.lines) if line is body.lines[-1])
    head = "".join(title.split())
    titles = [n for n in range(first + 1) if head and _repeats(sheet.lines[n].text, head)]
    start = titles[-1] if titles else max(0, first - FAR_ABOVE)
    return Zones(
        above=sheet.lines[max(0, start - FAR_ABOVE) : start],
        header=sheet.lines[start:first],
        ending=body.lines[-ENDING:],
        below=sheet.lines[last + 1 : last + 1 + FAR_BELOW],
    )


def _first(sheet: Sheet, body: Body) -> int:
    """The place of the body's first line that is a sentence."""
    sentence = next((x for x in body.lines if len(x.text) > LONG and len(STOPS.findall(x.text)) > 1), body.lines[0])
    return next(number for number, line in enumerate(sheet.lines) if line is sentence)


def _repeats(text: str, head: str) -> bool:
    bare = "".join(text.split())
    return len(bare) >= 4 and (bare in head or (head in bare and len(bare) < 2 * len(head)))
