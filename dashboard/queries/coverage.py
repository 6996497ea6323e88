"""How much of its sources the desk has heard: said on the overview and in the brief."""

from __future__ import annotations

from dataclasses import dataclass

from responders.source_edits import in_force
from spiders.usual import PARTLY
from store.models import SourceState
from store.stages import HarvestState


@dataclass(frozen=True, slots=True)
class Coverage:
    """The sources in force by how their last run ended; paused ones and those never heard stand apart."""

    heard: tuple[SourceState, ...]
    partly: tuple[SourceState, ...]
    unheard: tuple[SourceState, ...]
    paused: int
    waiting: int  # in force, not heard yet

    @property
    def sources(self) -> int:
        """How many sources were asked."""
        return len(self.heard) + len(self.partly) + len(self.unheard)

    @property
    def lacking(self) -> tuple[SourceState, ...]:
        """Those not heard whole, the wholly unheard first."""
        return (*self.unheard, *self.partly)


def coverage() -> Coverage:
    """The present coverage; two queries."""
    files = {slug: known.source for slug, known in in_force().items()}
    rows = [
        row
        for row in SourceState.objects.defer("cursor").order_by("title")
        if row.slug not in files or files[row.slug].on
    ]
    asked = [row for row in rows if row.state and not row.is_paused]
    ran = {row.slug for row in rows if row.state or row.is_paused}
    return Coverage(
        heard=tuple(row for row in asked if HarvestState(row.state).is_good),
        partly=tuple(row for row in asked if HarvestState(row.state) in PARTLY),
        unheard=tuple(row for row in asked if _is_unheard(HarvestState(row.state))),
        paused=sum(row.is_paused for row in rows),
        waiting=sum(source.on and slug not in ran for slug, source in files.items()),
    )


def _is_unheard(state: HarvestState) -> bool:
    return not state.is_good and state not in PARTLY
