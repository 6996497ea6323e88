"""What a run of training learns from beside the corpus, and what it leaves out: labels of the desk, the frozen gold."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.training.corpus import Corpus, Row

GOLD_SHARE = 5  # one group in five is gold
SPEAKS_OF = {  # model -> the fields a row must have to teach it; a desk row has only those that people spoke of
    "relevance": ("relevant",),
    "category": ("relevant", "categories"),
    "voice": ("voice",),
    "stance": ("stance",),
    "claim": ("claim",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """`desk` holds labelled rows as store/labels.py gives them; `gold` says whether the frozen gold is learned from too."""

    desk: Sequence[Row] = ()
    gold: bool = True
    models: tuple[str, ...] = ()  # the models to train, () for all

    def own(self, corpus: Corpus) -> Corpus:
        """The rows of our corpus that are learned from."""
        return corpus if self.gold else corpus.where(lambda row: not is_gold(row))

    def taught(self, name: str) -> Corpus:
        """The desk's rows that say something to this model."""
        wanted = SPEAKS_OF.get(name, ())
        return Corpus.of([row for row in self.desk if wanted and all(field in row for field in wanted)])

    def wants(self, name: str) -> bool:
        """Whether this model is trained."""
        return not self.models or name in self.models


def is_gold(row: Row) -> bool:
    """Whether a row of our corpus belongs to the frozen gold: by the SHA-256 of its group, so that it never moves."""
    return int(hashlib.sha256(str(row["group"]).encode()).hexdigest()[:8], 16) % GOLD_SHARE == 0
