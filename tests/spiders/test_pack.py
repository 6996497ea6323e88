"""The default pack: real sources of a Tianjin bureau, each with its terms; what nobody saw answer is off and says so."""

from __future__ import annotations

import os
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from spiders.child import READERS, SPIDERS
from spiders.parse.feed import read_feed
from spiders.saved import Saved
from spiders.sources import Source, load_sources
from store.settings import DATA, settings
from store.stages import SourceKind
from tests.spiders.conftest import NOW

PACK = load_sources(DATA / "sources")
REAL = [source for source in PACK if "example.invalid" not in source.url and source.kind is not SourceKind.FILES]
FIXTURES = Path(__file__).parent.parent / "fixtures"
# Addresses that somebody saw answer, or that public code reads (the facts the pack was made from); nothing else may be `verified`.
SEEN = {
    "www.chinanews.com.cn",
    "www.people.com.cn",
    "www.news.cn",
    "www.gdacs.org",
    "www.tsunami.gov",
    "severeweather.wmo.int",
}


def test_the_pack_holds_at_least_twenty_five_real_sources() -> None:
    assert len(REAL) >= 25
    assert len({source.url for source in PACK}) == len(PACK)


@pytest.mark.parametrize("source", PACK, ids=lambda source: source.slug)
def test_each_source_says_whose_it_is_on_which_terms_and_how_often(source: Source) -> None:
    assert source.publisher
    assert len(source.terms) >= 8
    assert timedelta(minutes=5) <= source.cadence <= timedelta(days=1)
    assert source.emergency <= source.cadence
    assert source.note or "example" in source.slug
    assert not source.permission


@pytest.mark.parametrize("source", PACK, ids=lambda source: source.slug)
def test_nothing_is_on_that_nobody_saw_or_whose_terms_are_open(source: Source) -> None:
    assert source.verified <= (source.host in SEEN)
    if source.on:
        assert source.verified
        assert "未核实" not in source.terms
        assert "确认" not in source.terms
    elif source in REAL:
        assert source.note  # why it is off


def test_closed_platforms_ship_off() -> None:
    closed = [s for s in PACK if s.kind is SourceKind.WEIBO or "weibo" in s.slug or "tieba" in s.slug]
    assert len(closed) >= 4
    assert not [s.slug for s in closed if s.on]


def test_every_kind_has_a_reader_an_example_and_a_response_that_proves_it() -> None:
    assert set(SPIDERS) | set(READERS) == set(SourceKind)
    assert not set(SPIDERS) & set(READERS)
    assert {source.kind for source in PACK} == set(SourceKind)
    for kind in SourceKind:
        cases = list((FIXTURES / kind).glob("*/expected.json"))
        assert cases, kind
        assert all((case.parent / "meta.yml").exists() or (case.parent / "meta.json").exists() for case in cases)


def test_of_the_warnings_of_the_whole_country_only_tianjin_is_fetched() -> None:
    source = next(source for source in PACK if source.slug == "wmo-swic-china")
    items = "".join(
        f"<item><title>{name}</title><link>https://severeweather.wmo.int/v2/cap-alerts/cn-cma-xx/{number}.xml</link>"
        f'<guid isPermaLink="false">{number}</guid></item>'
        for name, number in (("天津寒潮", "12000041600000_20260122"), ("上海大风", "31000041600000_20260122"))
    )
    feed = read_feed(
        Saved(url=source.url, body=f"<rss version='2.0'><channel>{items}</channel></rss>".encode()), now=NOW
    )
    assert [item.heard.title for item in feed.only(source.only)] == ["天津寒潮"]


def test_a_recorded_feed_of_gdacs_is_read_whole() -> None:
    captures = Path(os.environ.get("CHAOXIN_TEST_FEEDS", settings().evaluation_data / "feeds.zip"))
    if not captures.exists():
        pytest.skip(f"{captures} is missing: set CHAOXIN_TEST_FEEDS to the saved feeds")
    with zipfile.ZipFile(captures) as packed:
        name = next(name for name in packed.namelist() if name.endswith("gdacs-rss.xml"))
        feed = read_feed(Saved(url="https://www.gdacs.org/xml/rss.xml", body=packed.read(name)), now=NOW)
    assert len(feed.items) > 50
    assert (feed.trouble, feed.skipped) == ("", ())
    assert all(item.heard.title and item.heard.published_at and item.link.startswith("http") for item in feed.items)


def test_files_of_the_pack_are_written_in_one_order_a_reader_can_follow() -> None:
    for path in sorted((DATA / "sources").glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# "), path.name
        keys = list(yaml.safe_load(text.replace("\non:", "\n'on':")))
        assert keys[:4] == ["title", "publisher", "kind", "url"], path.name
        assert keys[-1] == "on", path.name
