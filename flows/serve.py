"""`chaoxin serve`: the desk, the schedules, Prefect and (in sample mode) the sample sites, under one supervisor."""

from __future__ import annotations

import signal
import socket
import sys
import threading
from pathlib import Path
from types import FrameType

from flows.children import Child, Task, stop_all
from flows.prefect_home import environment, server_url, wait_until_up
from store.boot import migrate
from store.clock import clock
from store.errors import ServiceDown
from store.settings import settings

SAMPLE_PORTS = 9
PREFECT_SECONDS = 180.0  # longest wait for its server: a new database on a slow machine took 35 s
LOOK_SECONDS = 0.5


def serve() -> None:
    """Start everything and keep it running until Ctrl-C or SIGTERM.

    Raises ServiceDown with what to do when a port is taken or Prefect does not come up.
    """
    stop = _stopped_by_signals()
    free_ports()
    say("正在准备数据库…")
    migrate()
    children: list[Child] = []
    try:
        for task in tasks():
            if stop.is_set():
                return
            children.append(Child(task, say))
            children[-1].start()
            if task.name == "Prefect":
                _wait_for_prefect(children[-1], stop)
        _greet()
        while not stop.wait(LOOK_SECONDS):
            for child in children:
                child.look()
    finally:
        say("正在停止…")
        stop_all(children)
        say("已全部停止。")


def say(sentence: str) -> None:
    """One line on screen, at once."""
    print(sentence, file=sys.stderr, flush=True)


def ports() -> dict[str, tuple[str, int]]:
    """What each port is for, by the setting that moves it."""
    ours = settings()
    wanted = {
        "CHAOXIN_DESK_PORT": (ours.desk_host, ours.desk_port),
        "CHAOXIN_PREFECT_PORT": ("127.0.0.1", ours.prefect_port),
    }
    if ours.sample:
        for offset in range(SAMPLE_PORTS):
            wanted[f"CHAOXIN_SAMPLE_PORT (+{offset})"] = ("127.0.0.1", ours.sample_port + offset)
    return wanted


def free_ports() -> None:
    """Raise ServiceDown when a port is taken, naming it and the setting that moves it."""
    for setting, (host, port) in ports().items():
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host, port))
            except OSError as error:
                raise ServiceDown(
                    f"端口 {host}:{port} 不能使用（{error.strerror}）。可能已有一个 chaoxin serve 在运行：先停掉它，"
                    f"或用 {setting.split(' ')[0]} 换一个端口。"
                ) from error


def tasks() -> list[Task]:
    """The processes to keep running, in the order they are started."""
    ours = settings()
    python = sys.executable
    prefect = environment(server=server_url())
    server = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(ours.prefect_port)]
    # The desk needs no Prefect, so it is there while Prefect is still waited for.
    found = [
        Task(
            name="工作台",
            command=[
                python,
                "-m",
                "waitress",
                f"--listen={ours.desk_host}:{ours.desk_port}",
                "dashboard.wsgi:application",
            ],
            environment={"DJANGO_SETTINGS_MODULE": "store.django_settings"},
            log=log("desk"),
        )
    ]
    if ours.sample:
        found.append(Task(name="示例站点", command=[python, "-m", "flows.cli", "sample-site"], log=log("sample-site")))
    found.append(Task(name="Prefect", command=[python, *server], environment=prefect, log=log("prefect")))
    found.append(Task(name="定时任务", command=[python, "-m", "flows.runs_process"], environment=prefect))
    return found


def log(name: str) -> Path:
    """Where a child's output goes, absolute."""
    return settings().path("log", f"{name}.log").absolute()


def first_account_link() -> str | None:
    """A one-time link that makes the first administrator, None when somebody can sign in already."""
    from django.contrib.auth.models import User

    from responders.invitations import make_invitation
    from responders.roles import Role

    if User.objects.filter(is_active=True).exists():
        return None
    token = make_invitation(Role.ADMINISTRATOR, made_by=None, now=clock())
    return f"{desk_url()}/join/{token}/"


def desk_url() -> str:
    """The desk's address without a slash at its end."""
    ours = settings()
    return f"{'https' if ours.desk_https else 'http'}://{ours.desk_host}:{ours.desk_port}"


def _wait_for_prefect(child: Child, stop: threading.Event) -> None:
    say("正在启动 Prefect（首次约半分钟）…")
    for _ in range(int(PREFECT_SECONDS)):
        if stop.is_set() or wait_until_up(server_url(), seconds=1.0):
            return
        if not child.is_alive():
            break
    raise ServiceDown(f"Prefect 没有启动起来，原因见 {child.task.log}。修好后再运行 chaoxin serve。")


def _greet() -> None:
    say(f"工作台：{desk_url()}/    Prefect：http://127.0.0.1:{settings().prefect_port}/    按 Ctrl-C 停止。")
    if link := first_account_link():
        say(f"还没有账号。请在 24 小时内用这个一次性链接建立第一个管理员账号：\n  {link}")


def _stopped_by_signals() -> threading.Event:
    stop = threading.Event()

    def told(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, told)
    return stop
