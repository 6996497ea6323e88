"""Every test runs with the network closed except loopback; tests/environment.py gives the run its state folder."""

from __future__ import annotations

import os
import socket

import pytest

LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(autouse=True)
def _network_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {address[0]}; tests use loopback only")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In the gate nothing may be skipped: a skipped test there is a missing install step."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if reporter and skipped and os.environ.get("CHAOXIN_CI") and exitstatus == 0:
        reporter.write_line(f"{len(skipped)} tests were skipped in the gate, where none may be: see -rs", red=True)
        session.exitstatus = 1
