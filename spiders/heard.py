"""What a parser hears in a response, before the privacy gate; it never leaves the spider's process."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from store.stages import Engagement, Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One post, article or message as the site shows it, authors and phone numbers included."""

    url: str  # canonical
    title: str = ""
    text: str = ""  # plain text, paragraphs parted by "\n"
    published_at: datetime | None = None
    author: str = ""  # the platform's id of the author, or the name where it shows no id
    publisher: str = ""
    reply_to: str = ""  # canonical URL
    raw: str = ""
    official: bool | None = None  # an institution's own word; None: as the source is
    engagement: Engagement = field(default_factory=Engagement)
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one response held: the things heard, what was left out and what is wrong with the whole."""

    heard: tuple[Heard, ...] = ()
    skipped: tuple[str, ...] = ()  # a reason for each odd record left out
    trouble: str = ""  # why the response as a whole could not be read to its end, Chinese, "" when it could
    is_cut: bool = False  # the trouble is that it ends too early
