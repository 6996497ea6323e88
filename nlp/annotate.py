"""Says of each text what it is about: relevance, category, voice, stance, emotion, claim risk, cues, places, times."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from nlp import claim_risk, emotion, relevance, stance, voice
from nlp.category import categories, parts
from nlp.cues import cues
from nlp.keywords import keywords
from nlp.models import MODELS, LinearModel, fitting, load, version
from nlp.places import places
from nlp.reading import Batch, Numbers, Reading, batch, read
from nlp.tags import Judgement, tags
from nlp.times import times
from nlp.word_files import LEXICONS
from store.settings import DATA
from store.stages import Annotation

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

    relevance: Numbers
    category: Numbers
    voice: Numbers
    stance: Numbers
    emotion: Numbers
    risk: Numbers
    follows: tuple[str, ...]  # the context a reply follows, "" where it speaks for itself


@dataclass(frozen=True, slots=True)
class Annotator:
    """The models, loaded and checked; one instance serves any number of batches."""

    models: dict[str, LinearModel]
    version: str
    engine: str

    @classmethod
    def load(cls, *, folder: Path = MODELS, engine: str = "rjieba") -> Annotator:
        """Load models and lexicons (about 1 s); raises ModelRefused and BadSettings saying what to do."""
        models = {name: fitting(load(name, folder)) for name in NAMES}
        loaded = cls(models, f"{version(folder)}-{_lexicon_version()}", engine)
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
        readings = [read(text.wording(), engine=self.engine) for text in texts]
        judged = self._judge(texts, readings)
        for row, (text, reading) in enumerate(zip(texts, readings, strict=True)):
            yield self._annotation(text, reading, judged, row)

    def _judge(self, texts: Sequence[Text], readings: Sequence[Reading]) -> Judged:
        numbers = batch(readings)
        own = self._of("relevance", numbers)[:, 0]
        category = self._of("category", numbers)
        relevant, followed = own.copy(), [""] * len(texts)
        for row, context, above, matter in self._contexts(texts, readings):
            if above >= max(relevance.THRESHOLD, own[row]):
                relevant[row], category[row], followed[row] = above, matter, context
        rumour, claim = (self._of(name, numbers)[:, 0] for name in ("rumour", "claim"))
        return Judged(
            relevance=relevant,
            category=category,
            voice=self._of("voice", numbers),
            stance=self._of("stance", numbers),
            emotion=self._of("emotion", numbers),
            risk=claim_risk.claim_risk(rumour, claim, relevant),
            follows=tuple(followed),
        )

    def _contexts(
        self, texts: Sequence[Text], readings: Sequence[Reading]
    ) -> Iterator[tuple[int, str, float, Numbers]]:
        """Rows of replies that say nothing of the sea themselves, with relevance and matter of what they answer."""
        rows = [row for row, text in enumerate(texts) if text.context and relevance.follows(readings[row])]
        if not rows:
            return
        known = {context: number for number, context in enumerate(dict.fromkeys(texts[row].context for row in rows))}
        numbers = batch([read(context, engine=self.engine) for context in known])
        above, matter = self._of("relevance", numbers)[:, 0], self._of("category", numbers)
        for row in rows:
            context = texts[row].context
            yield row, context, float(above[known[context]]), matter[known[context]]

    def _of(self, name: str, numbers: Batch) -> Numbers:
        return self.models[name].probabilities(numbers)

    def _annotation(self, text: Text, reading: Reading, judged: Judged, row: int) -> Annotation:
        relevant = bool(judged.relevance[row] >= relevance.THRESHOLD)
        names = categories(judged.category[row]) if relevant else ()
        stance_word, voice_word = (
            _likeliest(stance.LABELS, judged.stance[row]),
            _likeliest(voice.LABELS, judged.voice[row]),
        )
        risk = _rounded(judged.risk[row])
        judgement = Judgement(relevant=relevant, voice=voice_word, stance=stance_word, claim_risk=risk)
        return Annotation(
            relevant=relevant, relevance=_rounded(judged.relevance[row]), category=names[0] if names else "",
            categories=names, parts=self._parts(reading, judged.follows[row], names), stance=stance_word,
            emotion=_likeliest(emotion.LABELS, judged.emotion[row]), voice=voice_word,
            keywords=keywords(reading.words, reading.hits), tags=tags(reading.plain, reading.hits, judgement),
            claim_risk=risk, cues=cues(reading.marks), places=places(reading.hits),
            times=times(reading.plain, text.published_at), tokens=reading.words,
            reasons=relevance.reasons(reading, context=judged.follows[row]), model=self.version,
        )  # fmt: skip

    def _parts(self, reading: Reading, context: str, names: tuple[str, ...]) -> tuple[str, ...]:
        """The parts of the matters; a reply that took its matter over takes the part over as well."""
        hits = read(context, engine=self.engine).hits if context else reading.hits
        return parts(hits, names)


def _likeliest(labels: Sequence[str], probabilities: Numbers) -> str:
    return labels[int(np.argmax(probabilities))]


def _rounded(probability: np.float32) -> float:
    return round(float(probability), 4)


def _lexicon_version() -> str:
    """The first 8 hex digits of the SHA-256 of every word list."""
    digest = hashlib.sha256()
    for path in sorted([*LEXICONS.iterdir(), DATA / "taxonomy.yml"]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:8]
