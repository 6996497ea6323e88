"""How a site received one run: refusals on the way, when it is enough, and what the cursor keeps of them for the next run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from spiders.classify import retry_after
from spiders.cursor import Cursor
from spiders.outcome import Tally
from spiders.rest import HURRIED
from spiders.saved import Saved
from store.stages import HarvestState

STOPPING = 3  # pages refused in one run before it stops asking


@dataclass(slots=True)
class Welcome:
    """The refusals of one run."""

    refusals: int = 0
    was_sent_away: bool = False  # refused so that the run asks for nothing more
    wanted: datetime | None = None  # when a refusing site wants to be asked again, as it said

    def refused(self, saved: Saved, *, is_front: bool, now: datetime) -> bool:
        """Note a refusal (state BLOCKED); whether it sends us away: that of a front, one that means us, or the third."""
        self.wanted = retry_after(saved, now=now) or self.wanted
        self.refusals += 1
        if is_front or saved.status in HURRIED or self.refusals >= STOPPING:
            self.was_sent_away = True
            return True
        return False

    def remember(self, cursor: Cursor, tally: Tally, state: HarvestState, *, now: datetime) -> None:
        """A site that sent us away is left alone for a while; one that let us in is not held to what it did before.

        `state` is the one the run ended in.
        """
        if state is HarvestState.LOGIN_WALL or self.was_sent_away or self.wanted:
            as_state = HarvestState.LOGIN_WALL if state is HarvestState.LOGIN_WALL else HarvestState.BLOCKED
            troubles = (*tally.front_troubles, *tally.inner_troubles)
            told = next((trouble.detail for trouble in troubles if trouble.state is as_state), "")
            cursor.refused(as_state.value, told, now=now, until=self.wanted)
        elif tally.fronts_read or tally.fronts_unchanged:
            cursor.welcome()
