"""Source files are read strictly; what is wrong is named with file and key."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from spiders.sources import as_mapping, load_source, load_sources, read_source
from store.errors import BadSource
from store.settings import DATA
from store.stages import SourceKind

GOOD = """
title: 天津海洋预报
publisher: 预报中心
kind: news
url: https://example.invalid/yujing/
cadence: 30m
expect: {min: 0, max: 40}
terms: public notices
select: {time: "span.pubtime::text"}
official: true
on: false
"""


def written(tmp_path: Path, text: str, name: str = "tj-forecast.yml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_source_file_becomes_a_source(tmp_path: Path) -> None:
    source = load_source(written(tmp_path, GOOD))
    assert (source.slug, source.kind, source.cadence) == ("tj-forecast", SourceKind.NEWS, timedelta(minutes=30))
    assert source.official
    assert not source.on  # YAML 1.1 would read the key `on` as true
    assert source.expect.max == 40
    assert source.delay is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("colour: red", "colour"),
        ("kind: blog", "kind"),
        ("cadence: hourly", "cadence"),
        ("cadence: 0m", "cadence"),
        ("url: ftp://example.invalid/", "url"),
        ("url: https://user:pass@example.invalid/", "url"),
        ('url: "{sample:1}/x"', "url"),
        ("expect: {min: 9, max: 1}", "expect"),
        ("expect: 40", "expect"),
        ("select: {colour: a}", "select"),
        ("select: {list: 'li..x'}", "select.*list.*no CSS"),
        ("kind: board", "select.*needs list, post"),
        ("official: yes", "official"),
        ("delay: -1", "delay"),
        ("pages: 1.5", "pages"),
        ("tags: 赤潮", "tags"),
        ("only: '(12'", "only"),
        ("login: Pass word", "login"),
        ("kind: imap", "login"),
        ("encoding: klingon", "encoding"),
        ("title: ''", "title"),
    ],
)
def test_a_wrong_value_is_named_with_file_and_key(tmp_path: Path, change: str, named: str) -> None:
    key = change.partition(":")[0]
    kept = "\n".join(line for line in GOOD.splitlines() if not line.startswith(f"{key}:"))
    with pytest.raises(BadSource, match=rf"tj-forecast\.yml.*{named}"):
        load_source(written(tmp_path, f"{kept}\n{change}\n"))


@pytest.mark.parametrize(
    ("kind", "url", "is_right"),
    [
        ("imap", "imaps://mail.example.invalid/INBOX", True),
        ("imap", "imap://mail.example.invalid/INBOX", False),
        ("imap", "imaps://user:word@mail.example.invalid/INBOX", False),
        ("files", "file:hotline", True),
        ("files", "file:", False),
        ("files", "https://example.invalid/", False),
        ("news", "file:hotline", False),
    ],
)
def test_each_kind_has_its_own_form_of_address(tmp_path: Path, kind: str, url: str, is_right: bool) -> None:
    text = GOOD.replace("kind: news", f"kind: {kind}\nlogin: press").replace(
        "https://example.invalid/yujing/", f'"{url}"'
    )
    if is_right:
        assert load_source(written(tmp_path, text)).url == url
    else:
        with pytest.raises(BadSource, match="key 'url'"):
            load_source(written(tmp_path, text))


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="'terms' is missing"):
        load_source(written(tmp_path, GOOD.replace("terms: public notices", "")))


def test_a_file_that_is_no_yaml_mapping_is_refused(tmp_path: Path) -> None:
    for text in ("- a\n- b\n", "a: [", ""):
        with pytest.raises(BadSource, match=r"tj-forecast\.yml"):
            load_source(written(tmp_path, text))


def test_a_file_name_that_is_no_slug_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="small letters"):
        load_source(written(tmp_path, GOOD, "天津.yml"))


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="CHAOXIN_SOURCES"):
        load_sources(tmp_path / "none")


def test_the_sample_port_is_filled_in(tmp_path: Path) -> None:
    text = GOOD.replace("https://example.invalid/yujing/", '"{sample:3}/bulletins/"')
    assert load_source(written(tmp_path, text), ports_from=18700).url == "http://127.0.0.1:18703/bulletins/"


@pytest.mark.parametrize("folder", ["sources", "sample/sources"])
def test_every_shipped_source_is_readable_and_survives_the_way_to_its_process(folder: str) -> None:
    for source in load_sources(DATA / folder, ports_from=18700):
        assert read_source(source.slug, as_mapping(source), where="job") == source


def test_no_shipped_real_source_is_on_unless_it_was_verified() -> None:
    shipped = load_sources(DATA / "sources")
    assert [s.slug for s in shipped if s.on and not s.verified] == []
    assert {s.kind for s in shipped} == set(SourceKind)
    assert all(not s.allow_private for s in shipped)
