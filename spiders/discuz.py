"""The `discuz` kind: forum list to threads to every page of replies; each post is an entry of its own."""

from __future__ import annotations

from spiders.parse.discuz import read_forum, read_thread
from spiders.parse.threads import ListPage, ThreadPage
from spiders.saved import Saved
from spiders.threads import ThreadListener


class DiscuzListener(ThreadListener):
    """Hears one forum, or every forum of a board's index."""

    def read_list(self, saved: Saved) -> ListPage:
        """A forum's list, or the index of forums."""
        return read_forum(saved)

    def read_thread(self, saved: Saved, start: str) -> ThreadPage:  # noqa: ARG002 - its posts name their thread
        """One page of a thread."""
        return read_thread(saved, now=self.now)
