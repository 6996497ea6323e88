"""A mail message (RFC 5322, MIME) to what it says: subject, text, sender, time; attachments are named, never opened."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value, parseaddr, parsedate_to_datetime

from spiders.heard import Heard
from spiders.parse.text import html_text, one_line, tidy
from spiders.saved import decode

# From here on a reply repeats what it answers.
QUOTED = re.compile(
    r"^(?:-{3,}\s*(?:原始邮件|转发邮件|回复的原邮件|Original Message|Forwarded message)\s*-{3,}"
    r"|_{10,}|在\s?.{4,60}写道[:：]|On .{10,120} wrote:)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
MESSAGE_ID = re.compile(r"<[^<>\s]+>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message; the ids are its own and the newest it answers, "" where it names none."""

    heard: Heard
    id: str = ""
    answers: str = ""


def read_mail(body: bytes, *, url: str, received: datetime) -> Mail | None:
    """The message a body holds, None for one that says nothing.

    Its time is its Date where that is at most a day after `received`, the server's own date, else `received`.
    """
    message = message_from_bytes(body)
    title = one_line(_header(message, "subject"))
    names = [name for name in map(_file_name, _parts(message)) if name]
    text = _without_quote(_text(message))
    if names:
        text = f"{text}\n附件（未打开）：{'、'.join(names)}".strip()
    if not title and not text:
        return None
    answers = MESSAGE_ID.findall(f"{_header(message, 'references')} {_header(message, 'in-reply-to')}")
    own = MESSAGE_ID.findall(_header(message, "message-id"))
    heard = Heard(
        url=url,
        title=title,
        text=text,
        published_at=_time(_header(message, "date"), received=received),
        author=parseaddr(_header(message, "from"))[1].lower(),
    )
    return Mail(heard=heard, id=own[0] if own else "", answers=answers[-1] if answers else "")


def mailbox_name(folder: str) -> str:
    """A folder's name as IMAP writes it: modified UTF-7 (RFC 3501, 5.1.3) in quotes."""
    pieces = re.split(r"([^\x20-\x7e]+)", folder.replace("&", "&-"))
    for at in range(1, len(pieces), 2):
        packed = base64.b64encode(pieces[at].encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
        pieces[at] = f"&{packed}-"
    name = "".join(pieces).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}"'


def _header(message: Message, name: str) -> str:
    """A header as text: encoded words and bare bytes of whatever Chinese encoding."""
    raw = next((value for key, value in message.raw_items() if key.lower() == name), "")
    return _decoded(str(raw))


def _decoded(raw: str) -> str:
    if not raw.isascii():
        return decode(raw.encode("utf-8", "surrogateescape"))
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError):
        return raw
    # Adjacent words of one encoding come joined: mailers cut characters between two words.
    return "".join(p if isinstance(p, str) else decode(p, declared=charset or "") for p, charset in pieces)


def _parts(message: Message) -> Iterator[Message]:
    """The parts that hold something, those of an enclosed message aside."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from _parts(part)


def _file_name(part: Message) -> str:
    if part.get_content_type() == "message/rfc822":
        return "转发的邮件"
    name = part.get_param("filename", None, "content-disposition") or part.get_param("name", None, "content-type")
    if not name:
        return "未命名附件" if part.get_content_disposition() == "attachment" else ""
    return one_line(_decoded(collapse_rfc2231_value(name)))[:120]


def _text(message: Message) -> str:
    """The plain text of a part and all inside it; of two forms of one text the plain one, where it says anything."""
    if message.get_content_type() == "message/rfc822" or _file_name(message):
        return ""
    if message.is_multipart():
        inner = [p for p in message.get_payload() if isinstance(p, Message)]
        texts = [text for text in map(_text, sorted(inner, key=_is_html)) if text]
        return texts[0] if texts and message.get_content_subtype() == "alternative" else "\n".join(texts)
    if message.get_content_maintype() != "text":
        return ""
    payload = message.get_payload(decode=True)
    written = decode(payload if isinstance(payload, bytes) else b"", declared=message.get_content_charset() or "")
    return html_text(written) if _is_html(message) else tidy(written)


def _is_html(part: Message) -> bool:
    return part.get_content_subtype() == "html"


def _without_quote(text: str) -> str:
    match = QUOTED.search(text)
    own = text[: match.start()] if match and text[: match.start()].strip() else text
    lines = [line for line in own.split("\n") if not line.startswith(">")]
    return "\n".join(lines).strip() or own.strip()


def _time(stated: str, *, received: datetime) -> datetime:
    try:
        found = parsedate_to_datetime(stated)
    except (ValueError, TypeError, IndexError):
        return received
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found.astimezone(UTC) if found <= received + timedelta(days=1) else received
