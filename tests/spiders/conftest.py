"""Crawl tests start the real child process against a real local site."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spiders.run import collect
from spiders.sources import Source, read_source
from store.settings import Settings
from store.stages import Harvest
from tests.spiders.site import Site

NOW = datetime(2026, 1, 22, 18, 0, tzinfo=UTC)  # 2026-01-23 02:00 in Beijing

Crawl = Callable[..., Harvest]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def source_of(kind: str, url: str, **values: object) -> Source:
    base = {
        "title": "试验来源",
        "publisher": "试验",
        "terms": "test",
        "cadence": "1d",
        "allow_private": True,
        "delay": 0,
    }
    return read_source("trial", {**base, "kind": kind, "url": url, **values}, where="trial.yml")


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Change the settings of one test's crawls."""

    def change(**values: object) -> None:
        given = {"state": tmp_path / "var", "sample": False, "request_timeout_seconds": 3.0, **values}
        chosen = Settings.model_validate(given)
        monkeypatch.setattr("spiders.run.settings", lambda: chosen)

    change()
    return change


@pytest.fixture
def crawl(tmp_path: Path, limits: Callable[..., None]) -> Crawl:
    """Hear a source once: crawl(kind, url, cursor={}, now=NOW, **keys of the source file)."""

    def run(
        kind: str, url: str, *, cursor: Mapping[str, object] | None = None, now: datetime = NOW, **values: object
    ) -> Harvest:
        return collect(source_of(kind, url, **values), cursor=cursor or {}, now=now, spool=tmp_path / "spool")

    return run
