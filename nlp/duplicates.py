"""Tells which text repeats an earlier one: equal, slightly edited, or passed on under a comment.

MinHash finds the candidates, character 3-grams decide. (Broder 1997; rensa's R-MinHash.)
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from rensa import RMinHash, RMinHashLSH

from nlp.normalise import HASHTAG, NAME, REPOST, URL, normalise
from nlp.parameters import load_parameters

SEED = 20160620  # any fixed number: equal input gives equal sketches on every machine
GRAM = 3
BULLETIN_NUMBER = re.compile(r"\d{4}\D{0,2}第?\d{1,4}号")
BRACKETED = re.compile(r"@?\[\w{1,6}\]")  # masks of names and numbers, emoticons
NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class DuplicateParameters:
    """The thresholds of data/duplicates.yml."""

    shortest_exact: int
    shortest_near: int
    jaccard: float
    containment: float
    length_ratio: float
    hashes: int
    bands: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may repeat an earlier one; `text` holds title and body, parted by a line break."""

    id: int | str
    text: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The original a text repeats, never itself a duplicate, and how alike they are (0..1, 1.0: equal)."""

    original: int | str
    similarity: float


@dataclass(frozen=True, slots=True)
class _Original:
    """An original by its bare characters: their 3-grams are made again where they are compared, to save memory."""

    id: int | str
    bare: str
    number: str


def text_key(title: str, text: str) -> str:
    """SHA-256 hex of the normal form of title and text: equal for the same wording in another width or script."""
    return hashlib.sha256(f"{normalise(title)}\n{normalise(text)}".encode()).hexdigest()


def comparable(text: str, *, shortest: int = 12) -> str:
    """The bare characters by which texts are compared: no links, names, hashtags, punctuation or spaces.

    A repost chain "comment//@A:comment//@B:original" gives its original, unless the comments outweigh it or it is
    shorter than `shortest`.
    """
    plain = URL.sub(" ", normalise(text))
    *comments, quoted = (_bare(part) for part in REPOST.split(plain))
    said = sum(map(len, comments))
    return quoted if len(quoted) >= shortest and said <= len(quoted) else "".join(comments) + quoted


def _bare(text: str) -> str:
    without_tags = NOT_WORD.sub("", HASHTAG.sub(" ", NAME.sub(" ", BRACKETED.sub(" ", text))))
    return (without_tags or NOT_WORD.sub("", text)).lower()


def bulletin_number(text: str) -> str:
    """The first document number a text states ("2026〕第4号"), "" for none: bulletins of one form differ by it."""
    found = BULLETIN_NUMBER.search(normalise(text))
    return found.group() if found else ""


def grams(bare: str) -> frozenset[str]:
    """The character 3-grams of a comparable form."""
    return frozenset(bare[i : i + GRAM] for i in range(len(bare) - GRAM + 1))


class NearDuplicates:
    """The originals met so far; time to add one grows with its length, not with their number."""

    def __init__(self, parameters: DuplicateParameters | None = None) -> None:
        self._parameters = parameters or load_parameters(DuplicateParameters, "duplicates.yml")
        self._exact: dict[str, int | str] = {}
        self._originals: list[_Original] = []
        self._index = RMinHashLSH(self._parameters.jaccard, self._parameters.hashes, self._parameters.bands)

    def add(self, candidate: Candidate) -> Duplicate | None:
        """The original this text repeats; None when it says something new and becomes an original itself.

        Only originals are held against, so chains of small edits cannot wander off; the first added is the original.
        """
        bare = comparable(candidate.text, shortest=self._parameters.shortest_near)
        if len(bare) < self._parameters.shortest_exact:
            return None
        known = self._exact.setdefault(bare, candidate.id)
        if known != candidate.id:
            return Duplicate(known, 1.0)
        if len(bare) < self._parameters.shortest_near:
            return None
        near = self._near(_Original(candidate.id, bare, bulletin_number(candidate.text)))
        if near is not None:
            self._exact[bare] = near.original
        return near

    def _near(self, new: _Original) -> Duplicate | None:
        sketch = RMinHash(self._parameters.hashes, SEED)
        said = grams(new.bare)
        sketch.update(sorted(said))
        found = [(self._likeness(new, said, self._originals[i]), -i) for i in self._index.query(sketch)]
        best = max(found, default=(0.0, 0))
        if best[0] > 0.0:
            return Duplicate(self._originals[-best[1]].id, round(best[0], 4))
        self._index.insert(len(self._originals), sketch)
        self._originals.append(new)
        return None

    def _likeness(self, new: _Original, said: frozenset[str], old: _Original) -> float:
        """Jaccard or, for a text kept whole inside a longer one, containment; 0.0 below both thresholds."""
        if new.number and old.number and new.number != old.number:
            return 0.0
        known = grams(old.bare)
        common = len(said & known)
        shorter, longer = sorted((len(said), len(known)))
        jaccard = common / (shorter + longer - common)
        if jaccard >= self._parameters.jaccard:
            return jaccard
        contained = common / shorter
        if contained >= self._parameters.containment and shorter / longer >= self._parameters.length_ratio:
            return contained
        return 0.0
