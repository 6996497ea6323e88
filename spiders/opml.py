"""OPML 2.0 lists of feeds to source files' keys and back; what cannot be read is named and left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from spiders.parse.text import CONTROL, one_line
from spiders.sources import Source
from spiders.urls import canonical
from store.errors import BadInput
from store.stages import SourceKind

DEEPEST = 20  # folders within folders


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feed of a list: its address as written and the folders it lay in, outermost first."""

    title: str
    url: str
    site: str = ""
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlines:
    """The feeds of a list in its order, each address once, and what was left out with the reason (Chinese)."""

    feeds: tuple[Outline, ...] = ()
    left_out: tuple[str, ...] = ()


def read_opml(body: bytes, *, where: str) -> Outlines:
    """The feeds of an OPML file. Raises BadInput for what is no OPML, or carries entities or a document type."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BadInput(
            f"{where}: holds entities or a document type, which are not read; export the list anew"
        ) from error
    except (ET.ParseError, ValueError, LookupError) as error:
        raise BadInput(f"{where}: is no XML: {error}") from error
    top = root.find("body")
    if root.tag.lower() != "opml" or top is None:
        raise BadInput(f"{where}: is no OPML: an <opml> with a <body> is expected, found <{root.tag}>")
    feeds: dict[str, Outline] = {}
    left_out: list[str] = []
    for outline in _walk(top, (), left_out):
        url = canonical(outline.url)
        if not url:
            left_out.append(f"{outline.title}：网址“{outline.url}”不是 http 或 https 地址")
        elif url in feeds:
            left_out.append(f"{outline.title}：与“{feeds[url].title}”是同一个网址")
        else:
            feeds[url] = outline
    return Outlines(tuple(feeds.values()), tuple(left_out))


def _walk(parent: ET.Element, folders: tuple[str, ...], left_out: list[str]) -> Iterable[Outline]:
    for node in parent.findall("outline"):
        title = one_line(CONTROL.sub("", node.get("title") or node.get("text") or ""))
        url = (node.get("xmlUrl") or "").strip()
        if url:
            named = title or urlsplit(url).netloc or url
            yield Outline(title=named, url=url, site=(node.get("htmlUrl") or "").strip(), folders=folders)
        if len(folders) >= DEEPEST:
            left_out.append(f"{title or '未命名'}：文件夹套得太深")
        elif len(node):
            yield from _walk(node, (*folders, title) if title and not url else folders, left_out)
        elif not url:
            left_out.append(f"{title or '未命名'}：没有订阅网址（xmlUrl）")


def write_opml(sources: Sequence[Source]) -> bytes:
    """An OPML file of the sources that are feeds, in the order given; equal sources give equal bytes."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = "潮信来源"
    body = ET.SubElement(root, "body")
    for source in sources:
        if source.kind is SourceKind.FEED:
            ET.SubElement(body, "outline", type="rss", text=source.title, title=source.title, xmlUrl=source.url)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
