"""A real `chaoxin serve`: a warning is a draft within the poll interval, the switch moves what Prefect shows, children live on."""

from __future__ import annotations

import os
import re
import signal
import sys
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from flows import serve
from store.errors import ServiceDown
from store.settings import DATA, settings
from tests.flows.served import EMERGENCY_SECONDS, NO_PROXY, WATCH_SECONDS, Served, is_free, until

SURGE = DATA / "sample" / "institution" / "2026-01-20-1000-surge-blue.xml"
CALM = {"watch": (float(WATCH_SECONDS), True), "sweep": (float(EMERGENCY_SECONDS), False)}
FAST = {"watch": (float(EMERGENCY_SECONDS), True), "sweep": (float(EMERGENCY_SECONDS), True)}
DECLARE = """
from responders.declare import declare
from store.clock import clock
declare("桌面上宣布", "测试", drill={drill}, sources=["sample-board"], actor=None, now=clock())
"""
STAND_DOWN = """
from responders.stand_down import stand_down
from store.clock import clock
from store.models import Emergency
stand_down(Emergency.objects.get(standing=True).pk, None, now=clock())
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    running = Served.start(tmp_path_factory.mktemp("served"))
    try:
        until(lambda: "定时任务已登记" in running.screen or running.process.poll() is not None, seconds=150)
        assert running.process.poll() is None, running.screen
        until(lambda: running.rows("select 1 from store_sourcerun where state = 'ok'"), seconds=60)
        yield running
    finally:
        assert running.stop() == 0
    assert "已全部停止" in running.screen
    assert all(is_free(running.port + offset) for offset in range(12))


def warning(number: int, *, kind: str = "Alert", colour: str = "蓝色", refers_to: int = 0) -> str:
    """A CAP message of 23 January 01:<number>, of an invented course of warnings."""
    text = SURGE.read_text("utf-8").replace("第3号", f"第{number}号").replace("蓝色", colour)
    text = text.replace("<msgType>Alert", f"<msgType>{kind}")
    text = text.replace("12000041600000_20260120100000_0", identifier(number))
    text = re.sub(r"<sent>[^<]+", f"<sent>2026-01-23T01:{number}:00+08:00", text)
    if refers_to:
        triple = f"tjhyyb@ocean-forecast.tianjin.example,{identifier(refers_to)},2026-01-23T01:{refers_to}:00+08:00"
        text = text.replace("<note>样例日虚构数据</note>", f"<note>x</note><references>{triple}</references>")
    return text


def identifier(number: int) -> str:
    return f"12000041600000_2026012301{number}00_0"


def is_another(served: Served, word: str, old: int) -> bool:
    """Whether a new process does the old one's work."""
    return served.children().get(word, old) != old


def update_of(served: Served, number: int) -> list[tuple[int, str]]:
    """Draft id and status of the update for one bulletin."""
    query = (
        "select d.id, d.status from store_draft d join store_bulletin b on d.bulletin_id = b.id where b.identifier = ?"
    )
    return served.rows(query, identifier(number))


@pytest.mark.slow
@pytest.mark.django_db
def test_a_warning_becomes_a_draft_in_time_and_each_change_supersedes_the_last(served, record_property):
    course = [
        warning(21),
        warning(23, kind="Update", colour="橙色", refers_to=21),
        warning(25, kind="Update", colour="黄色", refers_to=23),
        warning(27, kind="Cancel", refers_to=25),
    ]
    waits = []
    for number, message in zip((21, 23, 25, 27), course, strict=True):
        served.publish(f"warning-{number}.xml", message)
        _, took = until(partial(update_of, served, number), seconds=WATCH_SECONDS + 10)
        waits.append(round(took, 1))
    record_property("seconds_from_feed_to_draft", waits)
    print("seconds from feed to draft:", waits, file=sys.stderr)
    assert [update_of(served, number)[0][1] for number in (21, 23, 25, 27)] == ["superseded"] * 3 + ["draft"]


@pytest.mark.slow
def test_declaring_on_the_desk_moves_what_prefect_shows_and_standing_down_restores_it_exactly(served, record_property):
    until(lambda: served.intervals() == CALM, seconds=20)
    before = served.schedules()
    served.run(DECLARE.format(drill=True))
    _, took = until(lambda: served.intervals() == FAST, seconds=10)
    record_property("seconds_from_desk_to_cadence", round(took, 1))
    faster = "select count(*) from store_sourcerun where source_id = 'sample-cap'"
    runs = served.rows(faster)[0][0]
    until(lambda: served.rows(faster)[0][0] >= runs + 3, seconds=6 * EMERGENCY_SECONDS)
    served.run(STAND_DOWN)
    until(lambda: served.schedules() == before, seconds=10)


@pytest.mark.slow
def test_the_command_line_moves_the_cadence_at_once(served):
    until(lambda: served.intervals() == CALM, seconds=20)
    before = served.schedules()
    declared = served.command(
        "emergency", "declare", "--title", "命令行宣布", "--reason", "测试", "--source", "sample-board"
    )
    assert declared.returncode == 0, declared.stderr
    assert served.intervals() == FAST
    twice = served.command("emergency", "declare", "--title", "再次", "--reason", "测试")
    assert twice.returncode == 1
    assert "同一时间只能有一个" in twice.stderr
    assert "命令行宣布" in served.command("emergency", "status").stdout
    assert served.command("emergency", "stand-down").returncode == 0
    assert served.schedules() == before


@pytest.mark.slow
def test_a_killed_desk_and_a_killed_schedule_process_come_back(served):
    for word, said in (("waitress", "工作台意外退出"), ("runs_process", "定时任务意外退出")):
        old = served.children()[word]
        os.kill(old, signal.SIGKILL)
        until(partial(is_another, served, word, old), seconds=15)
        assert said in served.screen
    until(lambda: not is_free(served.desk_port), seconds=20)
    runs = served.rows("select count(*) from store_sourcerun")[0][0]
    until(lambda: served.rows("select count(*) from store_sourcerun")[0][0] > runs, seconds=WATCH_SECONDS + 75)


@pytest.mark.slow
def test_the_first_start_prints_a_one_time_link_for_the_first_administrator(served):
    link = re.search(r"http://127\.0\.0\.1:\d+/join/\S+/", served.screen)
    assert link
    with NO_PROXY.open(urllib.request.Request(link[0]), timeout=20) as page:
        assert page.status == 200


@pytest.mark.slow
def test_a_second_serve_on_the_same_ports_says_what_to_do(served):
    second = served.command("serve")
    assert second.returncode == 1
    assert "CHAOXIN_DESK_PORT" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_taken_port_is_named_with_the_setting_that_moves_it(monkeypatch):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(serve, "ports", lambda: {"CHAOXIN_DESK_PORT": taken.getsockname()})
        with pytest.raises(ServiceDown, match="CHAOXIN_DESK_PORT"):
            serve.free_ports()


@pytest.mark.parametrize("sample", [True, False])
def test_only_sample_mode_has_the_sample_sites_among_its_processes(monkeypatch, sample):
    ours = settings().model_copy(update={"sample": sample})
    monkeypatch.setattr(serve, "settings", lambda: ours)
    assert ("示例站点" in [task.name for task in serve.tasks()]) is sample
    assert len(serve.ports()) == (11 if sample else 2)


def test_log_paths_do_not_depend_on_the_folder_a_child_starts_in():
    assert isinstance(serve.log("desk"), Path)
    assert serve.log("desk").is_absolute()
