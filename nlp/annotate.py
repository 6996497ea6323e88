"""Says of each text what it is about: relevance, category, voice, stance, emotion, claim risk, cues, places, times."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp import claim_risk, department, emotion, relevance, stance, voice
from nlp.category import categories, parts
from nlp.cues import cues
from nlp.keywords import keywords
from nlp.models import MODELS, LinearModel, fitting, load, version
from nlp.panel import Panel
from nlp.places import places
from nlp.reading import Batch, Numbers, Reading, batch, read, read_all
from nlp.tags import Judgement, tags
from nlp.times import times
from nlp.word_files import LEXICONS
from store.settings import DATA
from store.stages import Annotation

Rows = NDArray[np.int64]
AT_ONCE = 2000  # texts scored together: enough to be fast, few enough to stay under a hundred megabytes
NAMES = ("relevance", "category", "voice", "stance", "emotion", "rumour", "claim")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text to annotate; `context` is the title or text of what a reply answers, "" for none."""

    id: str | int
    title: str
    text: str
    published_at: datetime | None
    source: str
    context: str = ""

    def wording(self) -> str:
        """Title and text, the title left out where the text repeats it."""
        return f"{self.title}\n{self.text}" if self.title and self.title not in self.text else self.text


@dataclass(frozen=True, slots=True)
class Judged:
    """What the models say of a batch, one row a text; `relevance` and `category` are taken over from the context where due."""

    relevance: list[float]
    category: Numbers
    voice: list[str]
    stance: list[str]
    emotion: list[str]
    risk: list[float]
    department: list[str]  # of texts that ask something of an office and are none of the sea, else ""
    follows: tuple[str, ...]  # the context a reply follows, "" where it speaks for itself


@dataclass(frozen=True, slots=True)
class Annotator:
    """The models, loaded and checked; one instance serves any number of batches."""

    panel: Panel
    departments: LinearModel
    version: str
    engine: str

    @classmethod
    def load(cls, *, folder: Path = MODELS, engine: str = "rjieba") -> Annotator:
        """Load models and lexicons (about 1 s); raises ModelRefused and BadSettings saying what to do."""
        panel = Panel({name: fitting(load(name, folder)) for name in NAMES})
        loaded = cls(panel, department.trained(folder), judges(folder), engine)
        loaded.annotate([Text(id="", title="", text="海水", published_at=None, source="")])  # fills every cache
        return loaded

    def annotate(self, texts: Sequence[Text]) -> list[Annotation]:
        """One annotation a text, in order; equal input gives equal output, however it is cut into batches."""
        return [
            annotation
            for start in range(0, len(texts), AT_ONCE)
            for annotation in self._annotate(texts[start : start + AT_ONCE])
        ]

    def _annotate(self, texts: Sequence[Text]) -> Iterator[Annotation]:
        readings = read_all([text.wording() for text in texts], engine=self.engine)
        judged = self._judge(texts, readings)
        for row, (text, reading) in enumerate(zip(texts, readings, strict=True)):
            yield self._annotation(text, reading, judged, row)

    def _judge(self, texts: Sequence[Text], readings: Sequence[Reading]) -> Judged:
        numbers = batch(readings)
        said = self.panel.probabilities(numbers)
        own, category = said["relevance"][:, 0], said["category"]
        relevant, followed = own.copy(), [""] * len(texts)
        for row, context, above, matter in self._contexts(texts, readings):
            if above >= max(relevance.THRESHOLD, own[row]):
                relevant[row], category[row], followed[row] = above, matter, context
        voices = _likeliest(voice.LABELS, said["voice"])
        asking = (relevant < relevance.THRESHOLD) & np.isin(voices, department.ASKING)
        return Judged(
            relevance=relevant.tolist(),
            category=category,
            voice=voices,
            stance=_likeliest(stance.LABELS, said["stance"]),
            emotion=emotion.likeliest(said["emotion"]),
            risk=claim_risk.claim_risk(said["rumour"][:, 0], said["claim"][:, 0], relevant).tolist(),
            department=self._departments(numbers, readings, np.flatnonzero(asking)),
            follows=tuple(followed),
        )

    def _departments(self, numbers: Batch, readings: Sequence[Reading], asking: Rows) -> list[str]:
        """Whose matter the texts of these rows are; "" for all others."""
        found = [""] * len(readings)
        names = department.named(self.departments, numbers.of(asking), [readings[row] for row in asking])
        for row, name in zip(asking.tolist(), names, strict=True):
            found[row] = name
        return found

    def _contexts(
        self, texts: Sequence[Text], readings: Sequence[Reading]
    ) -> Iterator[tuple[int, str, float, Numbers]]:
        """Rows of replies that say nothing of the sea themselves, with relevance and matter of what they answer."""
        rows = [row for row, text in enumerate(texts) if text.context and relevance.follows(readings[row])]
        if not rows:
            return
        known = {context: number for number, context in enumerate(dict.fromkeys(texts[row].context for row in rows))}
        said = self.panel.probabilities(batch(read_all(list(known), engine=self.engine)))
        above, matter = said["relevance"][:, 0], said["category"]
        for row in rows:
            context = texts[row].context
            yield row, context, float(above[known[context]]), matter[known[context]]

    def _annotation(self, text: Text, reading: Reading, judged: Judged, row: int) -> Annotation:
        relevant = judged.relevance[row] >= relevance.THRESHOLD
        names = categories(judged.category[row]) if relevant else ()
        risk = round(judged.risk[row], 4)
        judgement = Judgement(relevant=relevant, voice=judged.voice[row], stance=judged.stance[row], claim_risk=risk)
        return Annotation(
            relevant=relevant, relevance=round(judged.relevance[row], 4), category=names[0] if names else "",
            categories=names, parts=self._parts(reading, judged.follows[row], names), stance=judged.stance[row],
            emotion=judged.emotion[row], voice=judged.voice[row], department=judged.department[row],
            keywords=keywords(reading.words, reading.hits), tags=tags(reading.plain, reading.hits, judgement),
            claim_risk=risk, cues=cues(reading.marks), places=places(reading.hits),
            times=times(reading.plain, text.published_at), tokens=reading.words,
            reasons=relevance.reasons(reading, context=judged.follows[row]), model=self.version,
        )  # fmt: skip

    def _parts(self, reading: Reading, context: str, names: tuple[str, ...]) -> tuple[str, ...]:
        """The parts of the matters; a reply that took its matter over takes the part over as well."""
        hits = read(context, engine=self.engine).hits if context else reading.hits
        return parts(hits, names)


def _likeliest(labels: Sequence[str], probabilities: Numbers) -> list[str]:
    return [labels[number] for number in np.argmax(probabilities, axis=1).tolist()]


def judges(folder: Path = MODELS) -> str:
    """The version that an annotation by this folder's models and the lexicons of today carries."""
    return f"{version(folder)}-{_lexicon_version()}"


def _lexicon_version() -> str:
    """The first 8 hex digits of the SHA-256 of every word list and of what keywords are chosen by."""
    digest = hashlib.sha256()
    for path in sorted([*LEXICONS.iterdir(), DATA / "keywords.yml", DATA / "taxonomy.yml"]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:8]
