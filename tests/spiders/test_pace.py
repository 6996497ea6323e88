"""What was learned of a host's pace with one source holds for the next one of the same process."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.settings import Settings

from spiders import pace
from spiders.pace import SharedPace

SPIDER = Spider(name="trial")


def crawler(delay: float) -> Any:
    downloader = SimpleNamespace(slots={}, per_slot_settings={})
    return SimpleNamespace(settings=Settings({"DOWNLOAD_DELAY": delay}), engine=SimpleNamespace(downloader=downloader))


@pytest.mark.parametrize(("own", "starts_with"), [(1.0, 4.5), (9.0, 9.0)])
def test_the_next_source_of_a_slow_host_begins_slowly(
    own: float, starts_with: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "LEARNED", {})
    first = crawler(1.0)
    first.engine.downloader.slots["slow.example"] = SimpleNamespace(delay=4.5)
    request = Request("http://slow.example/a", meta={"download_slot": "slow.example"})
    SharedPace(cast(Any, first)).downloaded(Response("http://slow.example/a"), request, SPIDER)
    second = crawler(own)
    SharedPace(cast(Any, second)).opened(SPIDER)
    assert second.engine.downloader.per_slot_settings == {"slow.example": {"delay": starts_with}}


def test_a_pause_that_the_site_asked_for_stays() -> None:
    found = crawler(0.0)
    found.engine.downloader.per_slot_settings["slow.example"] = {"delay": 10, "concurrency": 1, "jitter": 0}
    pace.LEARNED["slow.example"] = 2.0
    try:
        SharedPace(cast(Any, found)).opened(SPIDER)
    finally:
        pace.LEARNED.clear()
    assert found.engine.downloader.per_slot_settings["slow.example"]["delay"] == 10
