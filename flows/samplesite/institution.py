"""天津市海洋环境监测预报中心 (sample): bulletins as text pages and as CAP 1.2 messages in an Atom feed."""

from __future__ import annotations

import re
from pathlib import Path

from flows.samplesite.content import SAMPLE, Notice, notices
from flows.samplesite.reply import NOT_FOUND, ROBOTS, Reply, Request, conditional, page
from store.settings import settings


def dropped_folder() -> Path:
    """Where `chaoxin sample-site publish` puts bulletins that appear at once."""
    folder = settings().path("sample-site", "bulletins")
    folder.mkdir(exist_ok=True)
    return folder


def site(request: Request) -> Reply:
    """Answer as the institution."""
    shown = _shown(request)
    if request.path == "/robots.txt":
        return ROBOTS
    if request.path in ("/", "/bulletins/"):
        return conditional(request, page("institution_list.html", notices=[n for n in shown if n.text]))
    if request.path == "/cap/feed.xml":
        return conditional(request, _feed(request, [n for n in shown if n.cap]))
    if match := re.fullmatch(r"/(bulletins|cap)/([\w.\-]+)\.(html|xml)", request.path):
        return _one(request, shown, match)
    return NOT_FOUND


def _shown(request: Request) -> list[Notice]:
    found = notices((SAMPLE / "institution", dropped_folder()))
    visible = [n for n in found if n.issued is None or n.issued <= request.now]
    return visible[::-1]


def _one(request: Request, shown: list[Notice], match: re.Match[str]) -> Reply:
    notice = next((n for n in shown if n.stem == match[2]), None)
    if notice and match[1] == "bulletins" and notice.text:
        return conditional(request, page("institution_bulletin.html", notice=notice, lines=notice.text.splitlines()))
    if notice and match[1] == "cap" and notice.cap:
        return conditional(request, Reply(body=notice.cap.encode(), content_type="application/cap+xml; charset=utf-8"))
    return NOT_FOUND


def _feed(request: Request, shown: list[Notice]) -> Reply:
    items = [
        {
            "url": f"{request.base}/cap/{n.stem}.xml",
            "id": _element(n.cap, "identifier"),
            "title": _element(n.cap, "headline") or n.stem,
            "updated": _element(n.cap, "sent"),
        }
        for n in shown
    ]
    return page(
        "institution_feed.xml", content_type="application/atom+xml; charset=utf-8", items=items, base=request.base
    )


def _element(cap: str, name: str) -> str:
    match = re.search(rf"<(?:\w+:)?{name}>\s*(.*?)\s*</", cap, re.DOTALL)
    return match[1] if match else ""
