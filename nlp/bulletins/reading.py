"""The door: tells CAP from text, and shows a Bulletin as JSON."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from nlp.bulletins.cap import parse_cap
from nlp.bulletins.text import parse_text
from nlp.bulletins.times import BEIJING
from store.errors import BadInput
from store.stages import Bulletin

LIMIT_BYTES = 1_000_000  # a CAP message is at most 900 KB by the feed guidelines
LIMIT_CHARACTERS = 20_000  # plain text; the longest bulletins with tables have about 3,000


def parse(text_or_xml: str, *, url: str = "", published_at: datetime | None = None) -> Bulletin:
    """The bulletin that a CAP 1.2 message or a warning's plain text states.

    `published_at` (aware) is the page's own time: it gives dates without a year their year, and stands in where the
    text states no time of issue. Raises BadInput naming the element or the part that is missing or wrong.
    """
    message = text_or_xml.lstrip("\ufeff").strip()
    if not message:
        raise BadInput("the bulletin is empty; give its whole text or its CAP message")
    if len(message.encode()) > LIMIT_BYTES:
        raise BadInput(f"the bulletin is larger than {LIMIT_BYTES:,} bytes; give one message")
    if message.startswith("<"):
        return parse_cap(message, url=url)
    if len(message) > LIMIT_CHARACTERS:
        raise BadInput(
            f"the text is longer than {LIMIT_CHARACTERS:,} characters, which no bulletin is; give one bulletin"
        )
    return parse_text(message, url=url, published_at=published_at)


def bulletin_row(bulletin: Bulletin) -> dict[str, object]:
    """The bulletin as JSON values; times in ISO 8601 at Beijing's +08:00, null where none is stated."""
    row = asdict(bulletin)
    row["areas"] = [{"area": area, "level": level and level.value} for area, level in bulletin.areas]
    row |= {"hazard": bulletin.hazard.value, "message_type": bulletin.message_type.value}
    row["level"] = bulletin.level and bulletin.level.value
    row["references"] = list(bulletin.references)
    for name in ("issued_at", "onset", "expires"):
        at: datetime | None = row[name]
        row[name] = at.astimezone(BEIJING).isoformat() if at else None
    return row
