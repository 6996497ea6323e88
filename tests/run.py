"""`make test`: the whole suite on SQLite, then the tests that keep data on PostgreSQL where one is at hand.

PostgreSQL is taken from CHAOXIN_TEST_DATABASE_URL; without it a private cluster is started from the machine's own PostgreSQL
programs when they are installed, else the second half is skipped by name.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

KEEPERS = ["tests/store", "tests/responders", "tests/flows", "tests/dashboard"]  # the rooms that touch the database
NOT_AGAIN = "not browser and not servers and not slow"  # these do not depend on the database


def main() -> int:
    """Run both halves; the exit status is the first failure's."""
    arguments = sys.argv[1:]
    sqlite = pytest({}, arguments)
    with postgresql() as url:
        if not url:
            print(
                "skipped: the PostgreSQL half. Install PostgreSQL (Debian: apt-get install postgresql) or set "
                "CHAOXIN_TEST_DATABASE_URL=postgresql://user@host:port/name"
            )
            return sqlite or int("CI" in os.environ)
        rooms = [room for room in KEEPERS if Path(room).is_dir()]
        return sqlite or pytest({"CHAOXIN_DATABASE_URL": url}, [*rooms, "-m", NOT_AGAIN, *arguments])


def pytest(extra: dict[str, str], arguments: list[str]) -> int:
    """One run of pytest in its own process."""
    print(f"== tests on {'PostgreSQL' if extra else 'SQLite'}", flush=True)
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], env={**os.environ, **extra}, check=False
    ).returncode


@contextmanager
def postgresql() -> Iterator[str]:
    """URL of a PostgreSQL for the tests, "" when none can be had."""
    given = os.environ.get("CHAOXIN_TEST_DATABASE_URL", "")
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    if given or not programs:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="chaoxin-pg-"))
    run = _as_postgres(folder)
    binaries, port = programs[-1].parent, _free_port()
    data, log = folder / "data", folder / "log"
    try:
        run(
            [
                f"{binaries}/initdb",
                "-D",
                f"{data}",
                "-U",
                "app",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ]
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off -c full_page_writes=off"
        run([f"{binaries}/pg_ctl", "-D", f"{data}", "-w", "-l", f"{log}", "-o", options, "start"])
        yield f"postgresql://app@127.0.0.1:{port}/postgres"
    finally:
        if (data / "postmaster.pid").exists():
            run([f"{binaries}/pg_ctl", "-D", f"{data}", "-m", "fast", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def _as_postgres(folder: Path) -> Callable[[list[str]], None]:
    """A runner that drops root: PostgreSQL refuses to serve as root."""
    prefix: list[str] = []
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]

    def run(command: list[str]) -> None:
        subprocess.run([*prefix, *command], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    return run


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
