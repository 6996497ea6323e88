"""`sources add`, then `sources check` on the file as it was written: every kind that add can name, against the fixtures' own sites."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from spiders.sources import load_source
from store.settings import ROOT
from tests.flows.test_source_commands import Shell
from tests.spiders.replay import Replay
from tests.spiders.site import Answer, Site

FIXTURES = ROOT / "tests" / "fixtures"
JSON = "application/json; charset=utf-8"
ARTICLE = "<title>{0}-滨海报</title><h1>{0}</h1><p>天津近岸海域今天出现大浪，预报员提醒市民注意安全，不要到海堤和礁石上停留。</p>"
pytestmark = pytest.mark.slow

Build = Callable[[Site], str]  # fills a site, returns the path a person would paste


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def front(title: str, head: str = "", body: str = "") -> Answer:
    return Answer(f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>")


@contextmanager
def saved(case: str) -> Iterator[Replay]:
    """The loopback site of a fixture folder."""
    with Replay(FIXTURES / case) as site:
        yield site


def discourse(site: Site) -> None:
    """What the fixture's category leaves out: the board's front page, its list of categories, its newest topics."""
    for path in ("/", "/c/haiyang/5"):
        site.pages[path] = front("岸边", '<meta name="generator" content="Discourse 3.3.1">')
    site.pages["/site.json"] = Answer('{"categories": [{"id": 5, "slug": "haiyang"}]}', type=JSON)
    site.pages["/latest.json"] = site.pages["/c/haiyang/5.json"]


def nodebb(site: Site) -> None:
    site.pages["/"] = front("渔人码头", '<meta name="generator" content="NodeBB">')
    site.pages["/api/config"] = Answer('{"relative_path": "", "topicsPerPage": 20}', type=JSON)


@pytest.mark.parametrize("path", ["/", "/c/haiyang/5"])
def test_a_discourse_board_is_heard_as_it_was_written(shell: Shell, path: str) -> None:
    with saved("discourse/haiyang") as site:
        discourse(site)
        written = shell.adds(f"{site.base}{path}")
        source = load_source(written)
        assert (source.kind, source.title) == ("discourse", "岸边")
        assert shell.hears(written) >= 40


def test_a_nodebb_board_is_heard_as_it_was_written(shell: Shell) -> None:
    with saved("nodebb/yuren") as site:
        nodebb(site)
        written = shell.adds(f"{site.base}/")
        assert load_source(written).kind == "nodebb"
        assert shell.hears(written) >= 3
