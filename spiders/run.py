"""One source to one Harvest: its spider in a process of its own, every ending a named state."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from spiders.archive import archive_path
from spiders.job import Job, Limits
from spiders.outcome import message
from spiders.privacy import mask
from spiders.sources import Source
from spiders.spool import Closing, read_closing, read_entries
from store.errors import BadInput
from store.settings import ROOT, Settings, settings
from store.stages import Harvest, HarvestState

logger = logging.getLogger("chaoxin.spiders")
AUTHOR_SECRET = "author-keys"  # noqa: S105 - the name of its file
VERSION = "0.1"


def collect(
    source: Source, *, cursor: Mapping[str, object], now: datetime, spool: Path, seconds: float | None = None
) -> Harvest:
    """Hear one source from where `cursor` stands; `spool` is a folder this run may fill, `seconds` its longest time.

    Never raises for what a source does: that is the harvest's state. The cursor returned covers exactly the entries returned.
    """
    waiting = _must_wait(source, cursor, now=now)
    if waiting:
        return waiting
    spool.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{source.slug}-", dir=spool))
    longest = seconds or settings().source_timeout_seconds
    job = replace(_job(source, cursor, now=now, folder=folder), limits=_limits(settings(), longest))
    (folder / "job.json").write_text(job.as_json(), encoding="utf-8")
    started = datetime.now(UTC)
    ending = _run(folder, kill_after=longest)
    harvest = _read(source, folder, ending, cursor)
    took = datetime.now(UTC) - started
    harvest = replace(harvest, started_at=now.astimezone(UTC), finished_at=now.astimezone(UTC) + took)
    logger.info(
        "harvest.done source=%s state=%s entries=%d requests=%d bytes=%d seconds=%.1f",
        source.slug,
        harvest.state.value,
        len(harvest.entries),
        harvest.requests,
        harvest.bytes_received,
        took.total_seconds(),
    )
    return harvest


def _must_wait(source: Source, cursor: Mapping[str, object], *, now: datetime) -> Harvest | None:
    """A site that asked not to be asked before a time is not asked before it."""
    until = cursor.get("blocked_until", 0)
    if not isinstance(until, int | float) or until <= now.timestamp():
        return None
    zone = timedelta(hours=8)
    shown = (datetime.fromtimestamp(until, UTC) + zone).strftime("%m月%d日 %H:%M")
    return _harvest(source, HarvestState.BLOCKED, f"对方要求 {shown}（北京时间）之前不再访问", now=now, cursor=cursor)


def _harvest(
    source: Source, state: HarvestState, detail: str, *, now: datetime, cursor: Mapping[str, object]
) -> Harvest:
    at = now.astimezone(UTC)
    text = message(state, detail)
    return Harvest(source=source.slug, state=state, message=text, cursor=cursor, started_at=at, finished_at=at)


def user_agent(contact: str) -> str:
    """Who we say we are: our name and where to reach the people who run us."""
    return f"Chaoxin/{VERSION} (+{contact or 'https://example.invalid/set-CHAOXIN_CONTACT'})"


def _job(source: Source, cursor: Mapping[str, object], *, now: datetime, folder: Path) -> Job:
    chosen = settings()
    chosen.secret(AUTHOR_SECRET)  # made here once, read by the child
    return Job(
        source=source,
        now=now,
        spool=folder,
        secret=chosen.path("secrets", AUTHOR_SECRET).resolve(),
        user_agent=user_agent(chosen.contact),
        limits=_limits(chosen, chosen.source_timeout_seconds),
        cursor=cursor,
        archive=archive_path(chosen.path("raw").resolve(), source.slug, now=now) if chosen.raw_days else None,
    )


def _limits(chosen: Settings, longest: float) -> Limits:
    return Limits(
        # What is under way when the time is up may still be answered, so closing takes up to one request.
        run_seconds=max(longest / 2, longest - chosen.request_timeout_seconds - 5),
        request_seconds=chosen.request_timeout_seconds,
        delay_seconds=chosen.host_delay_seconds,
        response_bytes=chosen.response_limit_bytes,
        author_key_days=chosen.author_key_days,
    )


def _run(folder: Path, *, kill_after: float) -> int | None:
    """The exit code of the spider's process, None when it had to be killed."""
    with (folder / "child.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "spiders.child", str((folder / "job.json").resolve())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            start_new_session=True,
        )
        try:
            return process.wait(timeout=kill_after)
        except subprocess.TimeoutExpired:
            return None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _read(source: Source, folder: Path, ending: int | None, cursor: Mapping[str, object]) -> Harvest:
    """What the process handed over; without a closing record the old cursor stands and the entries are kept."""
    epoch = datetime.fromtimestamp(0, UTC)
    try:
        entries, closing = read_entries(folder), read_closing(folder)
    except BadInput as error:
        return _harvest(source, HarvestState.FAILED, f"交接文件不完整：{error}", now=epoch, cursor=cursor)
    if closing is None:
        closing = _without_closing(folder, ending, cursor, kept=len(entries))
    return Harvest(
        source=source.slug,
        state=closing.state,
        message=closing.message,
        entries=entries,
        cursor=closing.cursor,
        started_at=epoch,
        finished_at=epoch,
        requests=closing.requests,
        bytes_received=closing.bytes_received,
        skipped=closing.skipped,
        unreadable=closing.unreadable,
    )


def _without_closing(folder: Path, ending: int | None, cursor: Mapping[str, object], *, kept: int) -> Closing:
    if ending is None:
        state, detail = HarvestState.TIMED_OUT, f"运行超过最长时间，已强行结束；已收到 {kept} 条"
    else:
        state, detail = HarvestState.FAILED, f"退出代码 {ending}，{_last_line(folder)}；已收到 {kept} 条"
    return Closing(state=state, message=message(state, detail), cursor=cursor, requests=0, bytes_received=0, skipped=0)


def _last_line(folder: Path) -> str:
    lines = (folder / "child.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return mask(lines[-1][:200]) if lines else "没有留下日志"
