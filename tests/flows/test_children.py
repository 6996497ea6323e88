"""Child processes: restarted with growing pauses when they die, stopped together, killed when they do not listen."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

import pytest

from flows import children
from flows.children import Child, Task, stop_all

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


def child(code: str, said: list[str], log: Path | None = None) -> Child:
    made = Child(Task(name="试验", command=[sys.executable, "-c", code], log=log), said.append)
    made.start()
    return made


def wait_for_death(one: Child) -> None:
    assert one.process
    one.process.wait(timeout=20)


def test_a_child_that_dies_is_said_and_started_again_after_a_growing_pause(monkeypatch):
    monkeypatch.setattr(children, "PAUSES_SECONDS", (0, 1000))
    said: list[str] = []
    one = child("raise SystemExit(3)", said)
    wait_for_death(one)
    one.look()
    assert said == ["试验意外退出（代码 3）；0 秒后重新启动。"]
    one.look()
    wait_for_death(one)
    one.look()
    assert "1000 秒后" in said[1]
    one.look()
    assert not one.is_alive()


def test_after_a_long_life_the_pauses_begin_anew(monkeypatch):
    monkeypatch.setattr(children, "STEADY_SECONDS", 0)
    one = child("pass", [])
    for _ in range(3):
        wait_for_death(one)
        one.look()
        assert one.deaths == 1
        one.start()
    stop_all([one])


def test_what_a_child_writes_is_kept_in_its_log(tmp_path):
    log = tmp_path / "one.log"
    one = child("print('你好')", [], log)
    wait_for_death(one)
    assert "你好" in log.read_text("utf-8")


def test_all_are_stopped_and_the_deaf_one_is_killed(monkeypatch, tmp_path):
    monkeypatch.setattr(children, "STOP_SECONDS", 1)
    log = tmp_path / "deaf.log"
    both = [child("import time; time.sleep(60)", []), child(DEAF, [], log)]
    while "deaf" not in log.read_text("utf-8"):
        time.sleep(0.05)
    stop_all(both)
    codes = [one.process.returncode for one in both if one.process]
    assert codes == [-signal.SIGTERM, -signal.SIGKILL]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child's life to its parent's")
def test_children_of_a_killed_supervisor_do_not_live_on(tmp_path):
    import os
    import subprocess

    code = (
        "import sys, time; from flows.children import Child, Task\n"
        "one = Child(Task(name='x', command=[sys.executable, '-c', 'import time; time.sleep(60)']), print)\n"
        "one.start(); print(one.process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2]:
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    raise AssertionError("the child lived on")
