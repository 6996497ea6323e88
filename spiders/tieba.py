"""The `tieba` kind: a bar of Baidu Tieba, from the pages everybody is shown; nothing is logged in."""

from __future__ import annotations

from spiders.parse.threads import ListPage, ThreadPage
from spiders.parse.tieba import read_bar, read_tieba_thread
from spiders.saved import Saved
from spiders.threads import ThreadListener


class TiebaListener(ThreadListener):
    """Hears one bar."""

    def read_list(self, saved: Saved) -> ListPage:
        """f?kw=…, the form for desks or for phones."""
        return read_bar(saved)

    def read_thread(self, saved: Saved, start: str) -> ThreadPage:  # noqa: ARG002 - its posts name their thread
        """One page of p/<id>?pn=…, floors only."""
        return read_tieba_thread(saved, now=self.now)
