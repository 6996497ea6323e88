"""The `nodebb` kind: the read API of a NodeBB board, its newest topics or one category, every page of each topic."""

from __future__ import annotations

from spiders.parse.nodebb import as_api, read_topic_page, read_topics
from spiders.parse.threads import ListPage, ThreadPage
from spiders.saved import Saved
from spiders.threads import ThreadListener


class NodebbListener(ThreadListener):
    """Hears the public topics of one board or category."""

    def list_address(self) -> str:
        """The API's list, whether the file names it or the page a reader sees."""
        return as_api(self.source.url)

    def read_list(self, saved: Saved) -> ListPage:
        """/api/recent, or a category's."""
        return read_topics(saved)

    def read_thread(self, saved: Saved, start: str) -> ThreadPage:  # noqa: ARG002 - its posts name their thread
        """A page of a topic."""
        return read_topic_page(saved, now=self.now)
