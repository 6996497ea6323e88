"""What a run met, counted, to the one named state it ends in and the sentence that says so."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

import yaml

from spiders.sources import Source
from store.places import DATA
from store.stages import HarvestState

MESSAGES = DATA / "harvest_messages.yml"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One answer that was not what was asked for."""

    state: HarvestState
    detail: str  # Chinese, with the address


@dataclass(slots=True)
class Tally:
    """The counts of one run. Fronts are the feed, list or timeline asked first; inner pages are what they lead to."""

    fronts_read: int = 0
    fronts_unchanged: int = 0
    inner_read: int = 0
    inner_unchanged: int = 0
    listed: int = 0  # things the fronts showed, known ones included
    entries: int = 0
    skipped: int = 0
    reasons: list[str] = field(default_factory=list)  # why records were left out, where their place in a file is known
    front_troubles: list[Trouble] = field(default_factory=list)
    inner_troubles: list[Trouble] = field(default_factory=list)

    @property
    def unreadable(self) -> int:
        """Pages that answered well and held nothing readable."""
        return sum(t.state is HarvestState.PARSE_FAILED for t in (*self.front_troubles, *self.inner_troubles))

    def trouble(self, state: HarvestState, detail: str, *, front: bool) -> None:
        """Note an answer that was not what was asked for."""
        (self.front_troubles if front else self.inner_troubles).append(Trouble(state, detail))


def conclude(tally: Tally, source: Source) -> tuple[HarvestState, str]:
    """The state of the run and its Chinese sentence. The front decides; inner pages can only make it partial or worse."""
    state, detail = _judged(tally, source)
    return state, message(state, detail)


def message(state: HarvestState, detail: str) -> str:
    """The sentence of a state, with its detail."""
    return _messages()[state.value].format(detail=detail)


def _judged(tally: Tally, source: Source) -> tuple[HarvestState, str]:
    if tally.front_troubles:
        return _worst(tally.front_troubles), _told(tally.front_troubles, tally)
    if tally.inner_troubles and not tally.entries and not tally.inner_read and not tally.inner_unchanged:
        return _worst(tally.inner_troubles), _told(tally.inner_troubles, tally)
    if tally.inner_troubles:
        refused = [t for t in tally.inner_troubles if t.state is HarvestState.BLOCKED]
        state = HarvestState.BLOCKED if len(refused) > 2 else HarvestState.PARTIAL
        return state, _told(tally.inner_troubles, tally)
    if not tally.entries:
        return _without_entries(tally, source)
    return HarvestState.OK, f"收到 {tally.entries} 条{_expected(tally, source)}{_left_out(tally)}"


def _without_entries(tally: Tally, source: Source) -> tuple[HarvestState, str]:
    if tally.fronts_unchanged and not tally.fronts_read:
        return HarvestState.NOT_MODIFIED, ""
    if tally.skipped and tally.skipped >= tally.listed:
        return HarvestState.PARSE_FAILED, f"{tally.skipped} 条记录都无法读取{_left_out(tally)}"
    if not tally.listed and source.expect.min:
        return HarvestState.EMPTY, f"应至少列出 {source.expect.min} 条，实际一条也没有"
    return HarvestState.NOTHING_NEW, f"列出的 {tally.listed} 条都已收过{_left_out(tally)}"


def _worst(troubles: list[Trouble]) -> HarvestState:
    return Counter(t.state for t in troubles).most_common(1)[0][0]


def _told(troubles: list[Trouble], tally: Tally) -> str:
    first = troubles[0].detail
    more = f"，另有 {len(troubles) - 1} 处类似" if len(troubles) > 1 else ""
    kept = f"；本次已收到 {tally.entries} 条" if tally.entries else ""
    return f"{first}{more}{kept}{_left_out(tally) if tally.reasons else ''}"


def _expected(tally: Tally, source: Source) -> str:
    if tally.listed < source.expect.min:
        return f"，列出 {tally.listed} 条，少于预期的 {source.expect.min} 条，请留意"
    if tally.listed > source.expect.max:
        return f"，列出 {tally.listed} 条，多于预期的 {source.expect.max} 条，请留意"
    return ""


def _left_out(tally: Tally) -> str:
    told = f"（{'；'.join(tally.reasons[:3])}{'等' if len(tally.reasons) > 3 else ''}）" if tally.reasons else ""
    return f"，略去 {tally.skipped} 条不完整的记录{told}" if tally.skipped else ""


@lru_cache(maxsize=1)
def _messages() -> dict[str, str]:
    found = yaml.safe_load(MESSAGES.read_text(encoding="utf-8"))
    missing = {state.value for state in HarvestState} ^ set(found)
    if missing:
        raise ValueError(f"{MESSAGES}: one sentence a state, mend: {', '.join(sorted(missing))}")
    return {str(key): str(value) for key, value in found.items()}
