"""The `bulletin` kind: an institution's list page to its bulletins, whose plain text is kept as published."""

from __future__ import annotations

from spiders.heard import Heard
from spiders.news import NewsListener
from spiders.parse.official import read_bulletin
from spiders.saved import Saved


class BulletinListener(NewsListener):
    """Hears one institution's bulletin list."""

    def read(self, saved: Saved) -> Heard | None:
        """The bulletin on a page, None where there is none."""
        return read_bulletin(saved, now=self.now, select=self.source.select)
