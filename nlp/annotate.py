"""Says of each text what it is about: relevance, category, voice, stance, emotion, claim risk, cues, places, times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nlp.cues import cues
from nlp.reading import Reading, read
from nlp.lexicons import Grade, category_names
from nlp.places import places
from nlp.times import times
from store.stages import Annotation


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text to annotate; `context` is the title or text of what a reply answers, "" for none."""

    id: str
    title: str
    text: str
    published_at: datetime | None
    source: str
    context: str = ""


class Annotator:
    """The lexicons and models, loaded; one instance serves any number of batches."""

    @classmethod
    def load(cls) -> Annotator:
        """Load lexicons and models (about 1 s)."""
        return cls()

    def annotate(self, texts: Sequence[Text]) -> list[Annotation]:
        """One annotation a text, in order; equal input gives equal output."""
        return [self._annotate(text) for text in texts]

    def _annotate(self, text: Text) -> Annotation:
        reading = read(f"{text.title}\n{text.text}" if text.title and text.title not in text.text else text.text)
        score = _score(reading)
        if score < 0.5 and text.context:
            score = max(score, _score(read(text.context)))
        names = _categories(reading) if score >= 0.5 else ()
        return Annotation(
            relevant=score >= 0.5, relevance=score, category=names[0] if names else "", categories=names,
            claim_risk=min(1.0, 0.15 * len(cues(reading.marks))), cues=cues(reading.marks), places=places(reading.hits),
            times=times(reading.plain, text.published_at), tokens=reading.words, reasons=(), model="lexicon-0",
        )  # fmt: skip


def _score(reading: Reading) -> float:
    strong, likely, guards = len(reading.of(Grade.STRONG)), len(reading.of(Grade.LIKELY)), len(reading.guards())
    return round(min(1.0, max(0.0, 0.6 * strong + 0.3 * likely - 0.2 * guards)), 4)


def _categories(reading: Reading) -> tuple[str, ...]:
    counts = [0.0] * len(category_names())
    for hit in reading.hits:
        for number in hit.entry.sea:
            counts[number] += 1.0
        for number in hit.entry.topic:
            counts[number] += 0.5
    order = sorted(range(len(counts)), key=lambda number: -counts[number])
    return tuple(category_names()[number] for number in order[:2] if counts[number] > 0)
