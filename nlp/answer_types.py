"""What goes into the search for known answers and official statements, and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from nlp.parameters import load_parameters
from store.stages import Place

FULL_STOP = "。"


@dataclass(frozen=True, slots=True)
class AnswerParameters:
    """The values of data/answers.yml."""

    rarity_power: float
    once: float
    character_weight: float
    word_weight: float
    length_slope: float
    short_quantile: float
    prior_documents: float
    short_answer: float
    headline_factor: float
    headline_characters: int
    claim_characters: int
    sentences: int
    sentence_share: float
    suggest: float
    sure: float
    lead: float
    least_characters: int
    stale_days: int
    matches: int

    @staticmethod
    @lru_cache(maxsize=1)
    def load() -> AnswerParameters:
        """The values in force."""
        return load_parameters(AnswerParameters, "answers.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer already given, or an official statement that may be one. `verdict` is worded as its issuer worded it; "" and None where a record says nothing.

    `superseded`: a later answer took its place, or it was withdrawn.
    """

    id: int | str
    claim: str = ""
    title: str = ""
    text: str = ""
    debunk: str = ""
    verdict: str = ""
    at: datetime | None = None
    superseded: bool = False
    places: tuple[Place, ...] | None = None  # None: those its wording names

    def wording(self) -> str:
        """Claim and answer as one text, each part once."""
        return "\n".join(dict.fromkeys(p for p in (self.title, self.claim, self.debunk, self.text, self.verdict) if p))

    def says(self) -> str:
        """Verdict and answer without title and claim; two records that say the same are one answer told twice."""
        return f"{self.verdict}\n{self.debunk or self.text or self.wording()}"

    def is_headline(self, parameters: AnswerParameters) -> bool:
        """Whether all it holds reads like a headline that repeats a claim: short, without a full stop, no verdict."""
        if self.verdict or self.debunk:
            return False
        parts = [part.strip() for part in (self.title, self.claim, self.text)]
        return all(len(p) < parameters.headline_characters and FULL_STOP not in p for p in parts)

    def answers(self, parameters: AnswerParameters) -> bool:
        """Whether it holds an answer at all: a verdict, a debunk, or a text that is more than a headline."""
        return bool(self.verdict or self.debunk or self.text) and not self.is_headline(parameters)


@dataclass(frozen=True, slots=True)
class Heard:
    """A text to be matched with known answers; `published_at` None when unknown, `places` None for those it names."""

    text: str
    published_at: datetime | None = None
    places: tuple[Place, ...] | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A known answer beside a text: how well it fits (0..1), whether worth showing, whether surely, and why in Chinese.

    `fits`: it says what the text says and nothing speaks against it; `sure`: besides, no other answer comes near it.
    """

    answer: int | str
    score: float
    suggest: bool
    fits: bool
    sure: bool
    why: str
