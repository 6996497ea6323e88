"""The `messages` kind: a citizens' message board; a department's reply is an official entry of its own that answers the message."""

from __future__ import annotations

from spiders.parse.messages import read_message, read_message_list
from spiders.parse.threads import ListPage, ThreadPage
from spiders.saved import Saved
from spiders.threads import ThreadListener


class MessagesListener(ThreadListener):
    """Hears the messages that a board shows to everybody."""

    def read_list(self, saved: Saved) -> ListPage:
        """A list page, found automatically or by `list`, `thread` and `next`."""
        return read_message_list(saved, self.source.select)

    def read_thread(self, saved: Saved, start: str) -> ThreadPage:
        """A message with its replies."""
        return read_message(saved, self.source.select, start=start, now=self.now)
