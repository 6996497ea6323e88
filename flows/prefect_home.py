"""Prefect's environment in one place, set before Prefect is imported: its home under the state folder, no telemetry, quiet."""

from __future__ import annotations

import logging
import os
import sys
import time
import urllib.error
import urllib.request

from store.settings import settings

HEALTH_TIMEOUT_SECONDS = 1.0


def server_url() -> str:
    """Where the server that `serve` starts answers its API."""
    return f"http://127.0.0.1:{settings().prefect_port}/api"


def is_up(url: str) -> bool:
    """Whether a Prefect server answers at this API address; asks for at most a second."""
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{url}/health", timeout=HEALTH_TIMEOUT_SECONDS) as answer:
            return bool(answer.read().strip() == b"true")
    except (OSError, urllib.error.URLError, ValueError):
        return False


def environment(*, server: str | None) -> dict[str, str]:
    """The variables Prefect reads; with `server` it talks to that API, else each process starts its own."""
    home = settings().path("prefect", "home").parent.absolute()
    values = {
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home / 'prefect.db'}",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
        # The default of 20 s was too short on two cores: three of three first flows timed out.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "150",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_SERVER_LEVEL": "WARNING",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        # A moved schedule becomes runs within seconds, and only as many as the next minutes need.
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "3",
        "PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "3",
        "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME": "PT5M",
        "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_RUNS": "60",
    }
    return values | ({"PREFECT_API_URL": server} if server else {})


def prepare(*, server: str | None = None) -> str | None:
    """Set Prefect's environment; returns the server's API address, or None when this process must start its own.

    Without `server`, the one that `serve` keeps running is used when it answers. Says on screen what the user waits for.
    """
    if "prefect" in sys.modules and os.environ.get("PREFECT_HOME") != environment(server=None)["PREFECT_HOME"]:
        raise RuntimeError(
            "flows.prefect_home.prepare() must run before Prefect is imported, which reads its settings once"
        )
    url = server or (server_url() if is_up(server_url()) else None)
    os.environ.pop("PREFECT_API_URL", None)
    os.environ.update(environment(server=url))
    logging.getLogger("prefect").setLevel(logging.WARNING)
    if url is None:
        print("正在启动 Prefect（首次约半分钟）…", file=sys.stderr, flush=True)
    return url


def wait_until_up(url: str, *, seconds: float) -> bool:
    """Wait for a server to answer; False when the time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if is_up(url):
            return True
        time.sleep(0.3)
    return False
