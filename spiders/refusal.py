"""A request that we ourselves do not send or do not read to its end, with the state and the sentence it gives the run."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest

from store.stages import HarvestState


class RequestRefusedError(IgnoreRequest):
    """We decided against a request: its address, robots.txt, the host's budget, or an answer past our limits.

    `is_ours` marks refusals that lie with us and not with the page: the run says so even where the page was optional.
    """

    def __init__(self, state: HarvestState, detail: str, *, is_ours: bool = False) -> None:
        super().__init__(detail)
        self.state, self.detail, self.is_ours = state, detail, is_ours
