"""How much of its sources the desk has heard: said on the overview and in the brief."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from dashboard import labels
from store.models import SourceState
from store.stages import HarvestState


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every source's last state, parted into heard and not fully heard; paused ones stand apart."""

    sources: tuple[SourceState, ...]
    unheard: tuple[SourceState, ...]
    paused: int

    @property
    def heard(self) -> int:
        """Sources whose last run heard everything there was."""
        return len(self.sources) - len(self.unheard) - self.paused

    @property
    def unheard_in_words(self) -> str:
        """The states of the unheard with their counts: 被拒绝 1、超时 1."""
        counts = Counter(labels.label("harvest", row.state) for row in self.unheard)
        return "、".join(f"{word} {count}" for word, count in counts.items())


def coverage() -> Coverage:
    """The present coverage; one query."""
    rows = tuple(SourceState.objects.defer("cursor").order_by("title"))
    unheard = tuple(row for row in rows if not row.is_paused and not is_heard(row.state))
    return Coverage(rows, unheard, sum(row.is_paused for row in rows))


def is_heard(state: str) -> bool:
    """Whether a stored state means that the source was heard whole."""
    return state != "" and HarvestState(state).is_good
