"""Looks at known pages: which are missing, when a missing page counts as gone, and when a site's word is not believed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from spiders.cursor import Cursor
from spiders.parse.text import document, element_text
from spiders.rhythm import Rhythm
from spiders.saved import Saved

# What boards and portals write, with status 200, where a page was.
GONE_WORDS = re.compile(
    r"(主题|帖子|页面|内容|文章|信息|微博|博文)(已经?|可能)?(不存在|被删除|已删除|被作者删除|被移除|下线)|不存在或已被删除"
    r"|(page|post|status) (not found|no longer exists)"
)
TOMBSTONE = re.compile(rb'\s*\{[^{}]{0,2000}"type"\s*:\s*"Tombstone"')  # ActivityPub's answer for what was deleted
SHORT_PAGE = 400  # characters of visible text; a longer page speaks of something else that is gone
FEW = 5  # missing pages in one run that may all be true


@dataclass(slots=True)
class Looks:
    """What one run saw of the pages it knew."""

    answered: int = 0
    missing: dict[str, bool] = field(
        default_factory=dict
    )  # address as asked, to whether the site says "gone for good" (410)

    def note(self, saved: Saved) -> bool:
        """Note the answer for a known page; whether the page is missing there."""
        if is_missing(saved):
            self.missing[saved.asked or saved.url] = saved.status == 410
            return True
        self.answered += 200 <= saved.status < 400
        return False

    def conclude(self, cursor: Cursor, *, now: datetime, by: Rhythm) -> tuple[str, ...]:
        """The URLs of what is gone, taken out of the cursor; what is missing for the first time is marked there.

        Gone is a page that its site says is gone for good, or one that two runs missed at least `second_look_hours` apart. A run
        that misses most of the pages it asked for proves nothing.
        """
        count = len(self.missing)
        if count >= FEW and count > by.most_missing_share * (count + self.answered):
            return ()
        gone = []
        for url, is_certain in self.missing.items():
            known = cursor.pages.get(url)
            if known is None:
                continue
            if is_certain or known.was_missing_before(now, hours=by.second_look_hours):
                gone.append(cursor.forget(url))
            else:
                known.read = int(now.timestamp())
                known.missing = known.missing or known.read
        return tuple(dict.fromkeys(gone))


def is_missing(saved: Saved) -> bool:
    """Whether an answer says that its page is not there (any more)."""
    if saved.status in (404, 410):
        return True
    if saved.status != 200:
        return False
    asked, answered = urlsplit(saved.asked or saved.url), urlsplit(saved.url)
    if asked.path.strip("/") and not answered.path.strip("/") and not answered.query:
        return True  # sent to the home page
    return _says_gone(saved)


def _says_gone(saved: Saved) -> bool:
    if TOMBSTONE.match(saved.body):
        return True
    page = document(saved.text) if saved.is_markup else None
    if page is None:
        return False
    text = element_text(page)
    return len(text) <= SHORT_PAGE and bool(GONE_WORDS.search(text))
