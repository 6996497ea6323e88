"""Prefect's environment: its home under the state folder, silent towards the outside, set before it is imported."""

from __future__ import annotations

import http.server
import os
import threading
from collections.abc import Iterator

import pytest

from flows import prefect_home
from store.settings import settings


class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"true" if self.path == "/api/health" else b"no"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay silent."""


@pytest.fixture
def server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Healthy) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_everything_of_prefect_lies_under_the_state_folder():
    values = prefect_home.environment(server=None)
    home = str(settings().state.absolute() / "prefect")
    assert values["PREFECT_HOME"] == home
    assert home in values["PREFECT_API_DATABASE_CONNECTION_URL"]
    assert "PREFECT_API_URL" not in values


def test_nothing_is_told_to_the_outside():
    values = prefect_home.environment(server="http://127.0.0.1:1/api")
    assert (values["PREFECT_SERVER_ANALYTICS_ENABLED"], values["DO_NOT_TRACK"]) == ("false", "1")
    assert values["PREFECT_API_URL"] == "http://127.0.0.1:1/api"


def test_a_server_that_answers_healthy_is_used(server, monkeypatch):
    assert prefect_home.is_up(f"{server}/api")
    assert not prefect_home.is_up(f"{server}/other")
    assert prefect_home.wait_until_up(f"{server}/api", seconds=1)


def test_a_closed_port_is_no_server():
    assert not prefect_home.is_up("http://127.0.0.1:9/api")
    assert not prefect_home.wait_until_up("http://127.0.0.1:9/api", seconds=0.1)


def test_preparing_after_prefect_was_imported_elsewhere_fails_loudly(monkeypatch):
    import prefect  # noqa: F401

    monkeypatch.setenv("PREFECT_HOME", "/somewhere/else")
    with pytest.raises(RuntimeError, match="before Prefect is imported"):
        prefect_home.prepare()


def test_the_wait_for_a_server_of_ones_own_is_said(monkeypatch, capsys):
    monkeypatch.setenv("PREFECT_HOME", prefect_home.environment(server=None)["PREFECT_HOME"])
    monkeypatch.setattr(prefect_home, "is_up", lambda url: False)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    assert prefect_home.prepare() is None
    assert "正在启动 Prefect" in capsys.readouterr().err
