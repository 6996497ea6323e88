"""The `discourse` kind: the JSON of a Discourse board, its newest topics or one category, every post by its id."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from spiders.parse.discourse import ANSWER, as_json, posts_address, read_latest, read_topic
from spiders.parse.threads import ListPage, ThreadPage
from spiders.saved import Saved
from spiders.threads import ThreadListener


class DiscourseListener(ThreadListener):
    """Hears the public topics of one board or category."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rest: dict[str, tuple[int, ...]] = {}  # topic to the ids of posts still to be asked
        self.titles: dict[str, str] = {}

    def list_address(self) -> str:
        """The JSON of the list, whether the file names it or the page a reader sees."""
        return as_json(self.source.url)

    def read_list(self, saved: Saved) -> ListPage:
        """latest.json, or a category's."""
        return read_latest(saved)

    def read_thread(self, saved: Saved, start: str) -> ThreadPage:
        """A topic or a further answer of its posts; only the first knows the title and the ids of the rest."""
        topic = read_topic(saved, start=start, now=self.now)
        if topic.title:
            self.titles[start], self.rest[start] = topic.title, topic.rest
        due = self.rest.get(start, ())
        self.rest[start] = due[ANSWER:]
        following = posts_address(start, due[:ANSWER]) if due else ""
        posts = tuple(replace(post, title=self.titles.get(start, "")) for post in topic.page.posts)
        return replace(topic.page, posts=posts, following=following)
