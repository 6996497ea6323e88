"""XML from strangers is read without entities, whichever parser meets it, and nothing of a page is ever run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.extract import extract
from spiders.parse.feed import read_feed
from spiders.parse.official import read_cap
from spiders.parse.xml import without_doctype
from spiders.saved import Saved
from store.settings import ROOT
from tests.spiders.conftest import NOW
from tests.spiders.faults import BOMB, GOOD, GOOD_ITEMS, OUTSIDE, feed, item

ROOMS = ("spiders", "flows", "dashboard", "responders", "store", "nlp")
XML_MODULES = re.compile(r"xml\.(etree|dom|sax)\b|xml\.parsers|lxml\.(etree|objectify)\b")
READING = {"fromstring", "fromstringlist", "parse", "parseString", "XML", "iterparse", "make_parser", "ParserCreate"}
QUADRATIC = f'<!DOCTYPE rss [<!ENTITY x "{"海" * 30_000}">]>'


@pytest.mark.parametrize("prologue", [BOMB + "]>", OUTSIDE, QUADRATIC, '<!DOCTYPE rss SYSTEM "http://10.0.0.1/x.dtd">'])
def test_a_feed_with_entities_gives_its_items_and_none_of_the_entities(prologue: str) -> None:
    body = feed(item("坏的", "http://e.cn/9", text="前&j;&x;后" * 50), *GOOD_ITEMS, prologue=prologue)
    read = read_feed(Saved(url="http://e.cn/rss", body=body.encode()), now=NOW)
    assert [item.heard.title for item in read.items] == ["坏的", *GOOD]
    assert sum(len(item.heard.text) for item in read.items) < 2000
    assert not any("root:" in item.heard.text for item in read.items)


@pytest.mark.parametrize("prologue", [BOMB + "]>", OUTSIDE])
def test_an_alert_with_entities_is_no_alert(prologue: str) -> None:
    alert = (
        f'<?xml version="1.0"?>{prologue}<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><sent>&x;</sent></alert>'
    )
    assert read_cap(Saved(url="http://e.cn/cap", body=alert.encode()), now=NOW) is None


def test_entities_and_scripts_of_a_page_stay_what_they_are() -> None:
    html = OUTSIDE.replace("rss", "html") + (
        "<html><body><script>document.write('脚本写的话')</script><p>&x;天津近岸海域今天出现大浪，预报员提醒市民注意安全。</p>"
        "<p onclick=\"alert('点')\">渔船已经回港避风，港区停止作业，预计明天恢复。</p></body></html>"
    )
    text = extract(html, url="http://e.cn/1", now=NOW).text
    assert "大浪" in text
    assert not re.search(r"root:|脚本写的话|alert", text)


def test_a_page_of_bottomless_nesting_ends() -> None:
    extract("<html><body>" + "<div>" * 20_000 + "深" + "</div>" * 20_000, url="http://e.cn/1", now=NOW)


@given(st.text(alphabet="<>!DOCTYPE[]\"'-- rss?&;x", max_size=80))
def test_taking_the_document_type_out_never_fails_and_adds_nothing(text: str) -> None:
    left = without_doctype(text)
    assert len(left) <= len(text)
    assert not text or left == text or "<!DOCTYPE" in text.upper()


def test_a_document_type_in_its_usual_places_goes_and_the_rest_stays() -> None:
    assert without_doctype('<?xml version="1.0"?>\n<!-- a --><!DOCTYPE rss PUBLIC "-//N>" "x[y]">\n<rss/>') == (
        '<?xml version="1.0"?>\n<!-- a -->\n<rss/>'
    )
    assert without_doctype("<rss><!DOCTYPE in text></rss>") == "<rss><!DOCTYPE in text></rss>"


def _unguarded(path: Path) -> Iterator[str]:
    """Calls of a file that read XML by a parser which follows entities; lxml told not to is no such parser."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules: dict[str, str] = {}  # as they are called in this file
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {name.asname or name.name: name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        owner, _, verb = ast.unparse(call.func).rpartition(".")
        full = f"{modules.get(owner, owner)}.{verb}" if owner else modules.get(verb, "")
        if not XML_MODULES.match(full):
            continue
        keys = {word.arg: ast.unparse(word.value) for word in call.keywords}
        is_told = full.startswith("lxml.") and (len(call.args) > 1 or "parser" in keys)
        makes = verb.endswith("Parser") and keys.get("resolve_entities") != "False"
        if makes or (verb in READING and not is_told):
            yield f"{path.name}:{call.lineno} {full}"


def test_no_room_reads_xml_with_a_parser_that_follows_entities() -> None:
    files = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    assert [found for path in files for found in _unguarded(path)] == []


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("from xml.etree import ElementTree as ET\nET.fromstring(x)", 1),
        ("from xml.dom.minidom import parseString\nparseString(x)", 1),
        ("import lxml.etree\nlxml.etree.fromstring(x)", 1),
        ("from lxml import etree\netree.fromstring(x, etree.XMLParser(recover=True))", 1),
        ("from lxml import etree\netree.fromstring(x, etree.XMLParser(resolve_entities=False))", 0),
        ("from xml.etree import ElementTree as ET\nET.tostring(ET.Element('opml'))", 0),
        ("from defusedxml.ElementTree import fromstring\nfromstring(x)", 0),
    ],
)
def test_the_search_for_such_parsers_finds_them(code: str, count: int, tmp_path: Path) -> None:
    (tmp_path / "room.py").write_text(code)
    assert len(list(_unguarded(tmp_path / "room.py"))) == count


def test_nothing_that_was_fetched_is_run() -> None:
    names = {"eval", "exec", "compile", "__import__"}
    for path in sorted((ROOT / "spiders").rglob("*.py")):
        calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        assert not names & {ast.unparse(call.func) for call in calls}, path.name
