"""What a site answers: status, headers, body; pure, so that a test can ask without a socket."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from store.settings import DATA

TEMPLATES = Environment(
    loader=FileSystemLoader(DATA / "sample" / "templates"), autoescape=True, undefined=StrictUndefined
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A GET as a site sees it; `now` is the site's clock."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case
    now: datetime
    base: str  # http://127.0.0.1:port


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer; `stall_seconds` holds the body back, `cut` promises more bytes than it sends."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    stall_seconds: float = 0.0


Site = Callable[[Request], Reply]

NOT_FOUND = Reply(status=404, body="<h1>404 页面不存在</h1>".encode())
ROBOTS = Reply(body=b"User-agent: *\nDisallow: /admin/\n", content_type="text/plain; charset=utf-8")


def page(template: str, *, encoding: str = "utf-8", content_type: str = "", **values: object) -> Reply:
    """A rendered template in the site's encoding."""
    body = TEMPLATES.get_template(template).render(**values).encode(encoding, "xmlcharrefreplace")
    return Reply(body=body, content_type=content_type or f"text/html; charset={encoding}")


def conditional(request: Request, reply: Reply, *, changed: datetime | None = None) -> Reply:
    """The reply with an ETag (and Last-Modified), or 304 when the asker has it already."""
    tag = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
    headers = {**reply.headers, "ETag": tag}
    if changed:
        headers["Last-Modified"] = format_datetime(changed.astimezone(), usegmt=False)
    if request.headers.get("if-none-match") == tag:
        return Reply(status=304, headers=headers, content_type=reply.content_type)
    return Reply(status=reply.status, body=reply.body, content_type=reply.content_type, headers=headers)
