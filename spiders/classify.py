"""Is this answer what was asked for? A saved response to the state that says why not, or None."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import urlsplit

import yaml

from spiders.parse.text import element_text, shows_more
from spiders.saved import Saved
from store.places import DATA
from store.stages import HarvestState

WALLS = DATA / "walls.yml"
# 432 is Weibo's, 521 and 522 with a script are 加速乐's; 412 comes from several Chinese firewalls.
BLOCKED_STATUS = frozenset({403, 412, 418, 429, 432, 451, 521})
SHORT_PAGE = 400  # characters of visible text; a page with more holds something besides the notice
BARE_PAGE = 40  # characters; a page with less shows nothing before its script has run
SHORT_JSON = 4000  # bytes; an answer with more holds data
LONGEST_WAIT = timedelta(days=7)  # a site that asks for more is asked again after a week: by then a person has looked
NO_TEXT = re.compile(
    r"(image|audio|video|font|model)/(?!svg)|application/(zip|pdf|msword|x-(rar|7z|bzip|tar|msdownload|shockwave|iso9660)"
    r"|vnd\.(ms-|android|openxmlformats|rar|apple)|java-archive|wasm)",
    re.IGNORECASE,
)
# First bytes of pictures, archives, documents and programs. gzip is not among them: sitemaps come so.
BINARY = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"%PDF",
    b"PK\x03\x04",
    b"Rar!",
    b"7z\xbc\xaf",
    b"MZ",
    b"\x7fELF",
)


def classify(saved: Saved) -> HarvestState | None:
    """The named state of an answer that is no content, None for one that can be parsed (or is a 304)."""
    if saved.status == 304:
        return None
    if not 200 <= saved.status < 300:
        return _refusal(saved)
    return _form(saved) or (_wall(saved) if saved.is_markup else _json_wall(saved))


def _form(saved: Saved) -> HarvestState | None:
    """What the form of a good answer says: sent on to a sign-in, nothing, no text, or not all of it."""
    if _is_login_redirect(saved):
        return HarvestState.LOGIN_WALL
    if is_no_text(saved.content_type) or _is_binary(saved.body):
        return HarvestState.PARSE_FAILED
    if not saved.body.strip():
        return HarvestState.EMPTY
    return HarvestState.TRUNCATED if saved.is_cut or saved.ends_inside_character else None


def is_no_text(content_type: str) -> bool:
    """Whether a Content-Type says that a body is nothing to be read."""
    return bool(NO_TEXT.match(content_type.strip()))


def _is_binary(body: bytes) -> bool:
    if body.startswith(BINARY):
        return True
    start = body[:1024]
    is_wide = start.startswith((b"\xff\xfe", b"\xfe\xff")) or start[1::2].count(0) * 3 > len(start)  # UTF-16
    return not start.startswith(b"\x1f\x8b") and start.count(0) > 3 and not is_wide


def _refusal(saved: Saved) -> HarvestState:
    if saved.status in (401, 407):
        return HarvestState.LOGIN_WALL
    if saved.status in BLOCKED_STATUS or (saved.status == 503 and "retry-after" in saved.headers):
        return HarvestState.BLOCKED
    is_challenge = "cf-mitigated" in saved.headers or (saved.is_markup and _has(saved.body[:20_000], "block_marks"))
    return HarvestState.BLOCKED if is_challenge else HarvestState.UNREACHABLE


def retry_after(saved: Saved, *, now: datetime) -> datetime | None:
    """When the site wants to be asked again, UTC, as its Retry-After header says; None when it does not say.

    A date is read by the site's own clock (its Date header), which may be wrong; no wait is longer than LONGEST_WAIT.
    """
    value = saved.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        seconds = float(value[:9])
    else:
        asked = _date(value)
        if asked is None:
            return None
        seconds = (asked - (_date(saved.headers.get("date", "")) or now)).total_seconds()
    return now.astimezone(UTC) + min(LONGEST_WAIT, timedelta(seconds=max(0.0, seconds)))


def _date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _is_login_redirect(saved: Saved) -> bool:
    asked, answered = urlsplit(saved.asked or saved.url), urlsplit(saved.url)
    moved = (asked.netloc, asked.path) != (answered.netloc, answered.path)
    path = _walls()["login_path"]
    return moved and bool(path.search(answered.path)) and not path.search(asked.path)


def _wall(saved: Saved) -> HarvestState | None:
    """A sign-in form or a captcha where the content should be; only short pages can be one."""
    if b"<rss" in saved.body[:600] or b"<feed" in saved.body[:600]:
        return None
    page = saved.page
    if page is None:
        return HarvestState.EMPTY
    if shows_more(page, SHORT_PAGE):
        return None
    text = element_text(page)
    title = " ".join(page.xpath("//title/text()")[:1])
    if page.xpath("//input[@type='password']") or _says("login_words", text, title):
        return HarvestState.LOGIN_WALL
    if _says("block_words", text, title) or (len(text) < BARE_PAGE and _has(saved.body[:100_000], "block_marks")):
        return HarvestState.BLOCKED
    return None


def _json_wall(saved: Saved) -> HarvestState | None:
    """A short JSON answer that says by its message or its address that it wants a sign-in or refuses."""
    if len(saved.body) > SHORT_JSON or saved.body.lstrip()[:1] != b"{":
        return None
    try:
        answer = json.loads(saved.text)
    except ValueError:
        return None
    said = [value for value in _told(answer) if isinstance(value, str)]
    if _says("login_words", *said) or any(_walls()["login_path"].search(urlsplit(v).path) for v in said if "://" in v):
        return HarvestState.LOGIN_WALL
    return HarvestState.BLOCKED if _says("block_words", *said) else None


def _told(answer: Mapping[str, object]) -> list[object]:
    """What a JSON answer says of itself: its messages, and the address it sends on to; never its data."""
    names = ("msg", "message", "error", "errmsg", "error_description", "reason", "url", "redirect", "location")
    inner = answer.get("error")
    return [answer.get(name) for name in names] + (list(inner.values()) if isinstance(inner, dict) else [])


def _says(kind: str, *texts: str) -> bool:
    return any(_walls()[kind].search(text) for text in texts)


def _has(body: bytes, kind: str) -> bool:
    return bool(_walls()[kind].search(body.decode("latin-1")))


@lru_cache(maxsize=1)
def _walls() -> Mapping[str, re.Pattern[str]]:
    found = yaml.safe_load(WALLS.read_text(encoding="utf-8"))
    return {
        kind: re.compile("|".join(forms) if isinstance(forms, list) else forms, re.IGNORECASE)
        for kind, forms in found.items()
    }
