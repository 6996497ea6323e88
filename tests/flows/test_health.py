"""Outages are stored and told: once when one begins, once when it ends, whatever restarts lie between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from flows.health import histories, look_after, verdicts
from spiders.health import Standing
from store.models import SourceOutage, SourceRun, SourceState
from store.settings import settings

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 22, 18, 5, tzinfo=UTC)
NIGHT = timedelta(days=1)


class Channel:
    """A webhook on loopback that keeps what it gets; `is_down` makes it refuse."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.is_down = False
        channel = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                notice = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if not channel.is_down:
                    channel.got.append(f"{notice['title']}\n{notice['message']}")
                self.send_response(500 if channel.is_down else 200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://127.0.0.1:{self.server.server_port}/hook"


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Iterator[Channel]:
    found = Channel()
    Thread(target=found.server.serve_forever, daemon=True).start()
    monkeypatch.setitem(settings().__dict__, "notice_urls", found.url)
    yield found
    found.server.shutdown()
    found.server.server_close()


FILE = "title: x\npublisher: x\nkind: discuz\nurl: https://x.example.cn/\nterms: x\ncadence: 1d\n"


@pytest.fixture(autouse=True)
def _files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(settings().__dict__, "sources", tmp_path)


def source(slug: str = "board", title: str = "滨海论坛") -> SourceState:
    (settings().sources_folder / f"{slug}.yml").write_text(FILE, encoding="utf-8")
    return SourceState.objects.create(slug=slug, title=title, kind="discuz")


def ran(row: SourceState, *states: str, until: datetime = NOW) -> None:
    """One run a night, the last one at `until`."""
    for back, state in zip(range(len(states) - 1, -1, -1), states, strict=True):
        at, is_good = until - NIGHT * back, state in ("ok", "nothing_new")
        entries = 8 if state == "ok" else 0
        SourceRun.objects.create(
            source=row, night=f"{at:%F}", started_at=at, finished_at=at, state=state, entries=entries
        )
        row.state, row.message, row.last_run_at = state, "" if is_good else "连不上站点。", at
        row.last_good_at = at if is_good else row.last_good_at
    row.save()


def test_an_outage_is_told_once_and_its_end_once(channel: Channel) -> None:
    row = source()
    ran(row, "ok", "unreachable")
    assert look_after(now=NOW).began == 0
    ran(row, "unreachable", until=NOW + NIGHT)
    assert (look_after(now=NOW + NIGHT).told, look_after(now=NOW + NIGHT).told) == (1, 0)
    ran(row, "unreachable", until=NOW + 2 * NIGHT)
    assert look_after(now=NOW + 2 * NIGHT).told == 0
    ran(row, "ok", until=NOW + 3 * NIGHT)
    assert (look_after(now=NOW + 3 * NIGHT).told, look_after(now=NOW + 3 * NIGHT).told) == (1, 0)
    assert [("没有听到" in body, "已恢复" in body) for body in channel.got] == [(True, False), (False, True)]
    assert "滨海论坛" in channel.got[0]
    outage = SourceOutage.objects.get()
    assert (outage.is_open, outage.ended_at) == (None, NOW + 3 * NIGHT)


def test_a_second_outage_of_the_same_source_is_told_again(channel: Channel) -> None:
    row = source()
    ran(row, "ok", "unreachable", "unreachable")
    look_after(now=NOW)
    ran(row, "ok", until=NOW + NIGHT)
    look_after(now=NOW + NIGHT)
    ran(row, "unreachable", "unreachable", until=NOW + 3 * NIGHT)
    look_after(now=NOW + 3 * NIGHT)
    assert len(channel.got) == 3 and SourceOutage.objects.count() == 2


def test_a_channel_that_is_down_is_tried_again_at_the_next_look(channel: Channel) -> None:
    ran(source(), "ok", "unreachable", "unreachable")
    channel.is_down = True
    assert look_after(now=NOW).told == 0
    channel.is_down = False
    assert look_after(now=NOW).told == 1
    assert len(channel.got) == 1


def test_several_outages_are_one_notice(channel: Channel) -> None:
    for slug in ("a", "b", "c"):
        ran(source(slug, f"论坛 {slug}"), "ok", "blocked", "blocked")
    assert look_after(now=NOW).told == 1
    assert all(f"论坛 {slug}" in channel.got[0] for slug in "abc")


def test_without_a_channel_outages_are_stored_and_told_once_one_is_set(
    monkeypatch: pytest.MonkeyPatch, channel: Channel
) -> None:
    for slug in ("over", "lasting"):
        ran(source(slug, slug), "ok", "unreachable", "unreachable")
    with monkeypatch.context() as without:
        without.setitem(settings().__dict__, "notice_urls", "")
        assert look_after(now=NOW).began == 2
        ran(SourceState.objects.get(pk="over"), "ok", until=NOW + NIGHT)
        ran(SourceState.objects.get(pk="lasting"), "unreachable", until=NOW + NIGHT)
        look_after(now=NOW + NIGHT)
    look_after(now=NOW + NIGHT)
    assert len(channel.got) == 1 and "lasting" in channel.got[0] and "over" not in channel.got[0]


def test_an_address_that_is_none_stops_nothing(monkeypatch: pytest.MonkeyPatch, channel: Channel) -> None:
    monkeypatch.setitem(settings().__dict__, "notice_urls", f"nonsense {channel.url}")
    ran(source(), "ok", "unreachable", "unreachable")
    assert look_after(now=NOW).told == 1


def test_pausing_a_source_ends_its_outage_without_a_notice(channel: Channel) -> None:
    row = source()
    ran(row, "ok", "unreachable", "unreachable")
    look_after(now=NOW)
    row.is_paused = True
    row.save()
    assert look_after(now=NOW).told == 0
    assert SourceOutage.objects.get().is_open is None


@pytest.mark.parametrize("how", ["off", "gone"])
def test_a_source_nobody_listens_to_any_more_is_not_told_of(channel: Channel, how: str) -> None:
    row = source()
    ran(row, "ok", "unreachable", "unreachable")
    look_after(now=NOW)
    path = settings().sources_folder / "board.yml"
    path.write_text(FILE + "on: false\n", encoding="utf-8") if how == "off" else path.unlink()
    assert look_after(now=NOW + NIGHT).ended == 1
    assert look_after(now=NOW + 30 * NIGHT).began == 0
    assert len(channel.got) == 1


def test_histories_of_many_sources_cost_three_queries(django_assert_num_queries: Any) -> None:
    for slug in "abcdefgh":
        ran(source(slug, slug), *["ok"] * 5)
    with django_assert_num_queries(3):
        found = histories(now=NOW)
    assert [len(history.runs) for history in found.values()] == [5] * 8
    assert {verdict.standing for verdict in verdicts(now=NOW).values()} == {Standing.HEARD}
