"""Messages of an institution: a CAP 1.2 alert or a bulletin's page to one thing heard, the message kept whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeXml
from lxml.html import HtmlElement
from parsel import Selector

from spiders.dates import find_time, parse_time
from spiders.heard import Heard
from spiders.parse.text import document, element_text, tidy
from spiders.saved import Saved
from spiders.urls import canonical

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
BODIES = (
    "//*[@id='bulletin' or contains(concat(' ',@class,' '),' bulletin ')]",
    "//*[@id='zoom' or @id='content' or @id='UCAP-CONTENT' or @id='vsb_content' or contains(@class,'TRS_Editor')]",
    "//article",
    "//*[contains(@class,'content') or contains(@class,'article') or contains(@class,'detail')]",
)


def read_cap(saved: Saved, *, now: datetime) -> Heard | None:
    """A CAP 1.2 alert: headline as title, description and instruction as text, the XML as raw. None for anything else."""
    try:
        alert = SafeXml.fromstring(saved.body)
    except (SafeXml.ParseError, DefusedXmlException, ValueError):
        return None
    if alert.tag != f"{CAP}alert":
        return None
    infos = alert.findall(f"{CAP}info")
    info = next(
        (i for i in infos if (i.findtext(f"{CAP}language") or "").lower().startswith("zh")), infos[0] if infos else None
    )

    def said(name: str) -> str:
        return tidy(info.findtext(f"{CAP}{name}") or "") if info is not None else ""

    return Heard(
        url=canonical(saved.asked or saved.url),
        title=said("headline") or said("event"),
        text="\n".join(part for part in (said("description"), said("instruction")) if part),
        published_at=parse_time(alert.findtext(f"{CAP}sent") or "", now=now),
        publisher=said("senderName"),
        raw=saved.text,
    )


def read_bulletin(saved: Saved, *, now: datetime, select: Mapping[str, str] | None = None) -> Heard | None:
    """A bulletin's page: its plain text is both text and raw; None when the page holds no text."""
    chosen = select or {}
    page = document(saved.text)
    if page is None:
        return None
    body = _selected(saved, chosen["text"]) if "text" in chosen else _body(page)
    if not body:
        return None
    title = _selected(saved, chosen["title"]) if "title" in chosen else _title(page, body)
    stated = _selected(saved, chosen["time"]) if "time" in chosen else ""
    published = parse_time(stated, now=now) or find_time(body, now=now) or find_time(element_text(page), now=now)
    return Heard(url=canonical(saved.asked or saved.url), title=title, text=body, published_at=published, raw=body)


def _body(page: HtmlElement) -> str:
    for path in BODIES:
        texts = [element_text(found) for found in page.xpath(path)]
        if texts and len(max(texts, key=len)) > 20:
            return max(texts, key=len)
    bodies = page.xpath("//body")
    return element_text(bodies[0]) if bodies else ""


def _title(page: HtmlElement, body: str) -> str:
    for heading in page.xpath("//h1 | //h2"):
        if element_text(heading):
            return element_text(heading).replace("\n", " ")
    stated = "".join(page.xpath("//title/text()")[:1]).strip()
    first = body.split("\n", 1)[0]
    return first if stated.startswith(first) else stated.rpartition(" - ")[0] or stated or first


def _selected(saved: Saved, selector: str) -> str:
    found = Selector(saved.text).css(selector)
    return tidy("\n".join(element_text(node.root) if not isinstance(node.root, str) else node.root for node in found))
