"""Sources to Harvests: their spiders in processes of their own, every ending a named state."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from spiders.archive import archive_path
from spiders.batches import hosts_of
from spiders.cursor import Cursor
from spiders.hosts import BEIJING
from spiders.job import STARTED, Job, Limits
from spiders.outcome import message
from spiders.privacy import mask
from spiders.process import run
from spiders.rhythm import rhythm
from spiders.sources import Source
from spiders.spool import CLOSING, Closing, read_closing, read_entries
from store.errors import BadInput
from store.settings import Settings, settings
from store.stages import Harvest, HarvestState

logger = logging.getLogger("chaoxin.spiders")
AUTHOR_SECRET = "author-keys"  # noqa: S105 - the name of its file
VERSION = "0.1"


@dataclass(frozen=True, slots=True)
class Ask:
    """A source to hear, the cursor its last stored harvest left, and its longest time where the setting's is too long."""

    source: Source
    cursor: Mapping[str, object]
    seconds: float | None = None

    @property
    def longest(self) -> float:
        """The longest time its run may take; seconds."""
        return self.seconds or settings().source_timeout_seconds


@dataclass(frozen=True, slots=True)
class _Prepared:
    """One source of a batch and the folder its spider hands its harvest over in."""

    ask: Ask
    folder: Path

    @property
    def is_closed(self) -> bool:
        try:
            return read_closing(self.folder) is not None
        except BadInput:
            return True  # named when it is read

    @property
    def has_started(self) -> bool:
        return (self.folder / STARTED).exists()


def collect(
    source: Source, *, cursor: Mapping[str, object], now: datetime, spool: Path, seconds: float | None = None
) -> Harvest:
    """Hear one source from where `cursor` stands; `spool` is a folder this run may fill, `seconds` its longest time.

    Never raises for what a source does: that is the harvest's state. The cursor returned covers exactly the entries returned.
    """
    return collect_batch([Ask(source, cursor, seconds)], now=now, spool=spool)[0]


def collect_batch(asked: Sequence[Ask], *, now: datetime, spool: Path) -> list[Harvest]:
    """Hear a batch of sources in one process, in the order asked; as `collect` in all else.

    When the process dies or hangs, the sources it was hearing are heard again, each alone, and named; those it had not
    come to are heard in a new process. What a source had handed over before is kept.
    """
    harvests: dict[str, Harvest] = {}
    waiting: list[_Prepared] = []
    hosts = hosts_of([ask.source for ask in asked])
    for ask in asked:
        if waits := _must_wait(ask.source, ask.cursor, now=now):
            harvests[ask.source.slug] = waits
        else:
            waiting.append(_prepare(ask, now=now, spool=spool, host=hosts[ask.source.slug]))
    while waiting:
        waiting = _hear(waiting, harvests, now=now, spool=spool)
    return [harvests[ask.source.slug] for ask in asked]


def _hear(waiting: Sequence[_Prepared], harvests: dict[str, Harvest], *, now: datetime, spool: Path) -> list[_Prepared]:
    """One process over the waiting sources; returns those that it did not come to."""
    started = datetime.now(UTC)
    home = Path(tempfile.mkdtemp(prefix="batch-", dir=spool))
    ending = _run(home, waiting)
    ended = [one for one in waiting if one.is_closed]
    cut = [one for one in waiting if not one.is_closed and one.has_started]
    rest = [one for one in waiting if not one.is_closed and not one.has_started]
    if len(waiting) == 1 or not (ended or cut):
        ended, cut, rest = list(waiting), [], []  # heard alone already, or nothing can be heard: named as they are
    for one in ended:
        harvests[one.ask.source.slug] = _logged(one, _read(one, home, ending), now=now, started=started)
    for one in cut:
        slug = one.ask.source.slug
        logger.warning("harvest.again source=%s the process ended with %s", slug, ending)
        alone = _prepare(one.ask, now=now, spool=spool, host="")
        _hear([alone], harvests, now=now, spool=spool)
        harvests[slug] = _with_kept(harvests[slug], one.folder)
    return rest


def _with_kept(harvest: Harvest, folder: Path) -> Harvest:
    """The harvest with what an earlier attempt of the same run had handed over."""
    try:
        earlier = read_entries(folder)
    except BadInput:
        return harvest
    urls = {entry.url for entry in harvest.entries}
    return replace(harvest, entries=(*(e for e in earlier if e.url not in urls), *harvest.entries))


def _prepare(ask: Ask, *, now: datetime, spool: Path, host: str) -> _Prepared:
    spool.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{ask.source.slug}-", dir=spool))
    job = job_of(ask.source, ask.cursor, now=now, folder=folder)
    job = replace(job, host=host, limits=_limits(settings(), ask.longest))
    (folder / "job.json").write_text(job.as_json(), encoding="utf-8")
    return _Prepared(ask, folder)


def _run(home: Path, jobs: Sequence[_Prepared]) -> int | None:
    folders, longest = [one.folder for one in jobs], max(one.ask.longest for one in jobs)
    return run(home, folders, side_by_side=rhythm().side_by_side, longest=longest)


def _logged(one: _Prepared, harvest: Harvest, *, now: datetime, started: datetime) -> Harvest:
    took = _took(one.folder) or datetime.now(UTC) - started
    harvest = replace(harvest, started_at=now.astimezone(UTC), finished_at=now.astimezone(UTC) + took)
    logger.info(
        "harvest.done source=%s state=%s entries=%d requests=%d bytes=%d seconds=%.1f",
        one.ask.source.slug,
        harvest.state.value,
        len(harvest.entries),
        harvest.requests,
        harvest.bytes_received,
        took.total_seconds(),
    )
    return harvest


def _took(folder: Path) -> timedelta | None:
    """How long a source that ended itself was heard, without its waiting for its turn."""
    try:
        seconds = (folder / CLOSING).stat().st_mtime - (folder / STARTED).stat().st_mtime
    except FileNotFoundError:
        return None
    return timedelta(seconds=max(0.0, seconds))


def _must_wait(source: Source, cursor: Mapping[str, object], *, now: datetime) -> Harvest | None:
    """A site that refused us, or asked not to be asked before a time, is not asked before it."""
    left = Cursor.from_json(cursor)
    if left.blocked_until <= now.timestamp():
        return None
    shown = datetime.fromtimestamp(left.blocked_until, BEIJING).strftime("%m月%d日 %H:%M")
    why = f"{left.refused_why}；" if left.refused_why else ""
    state = HarvestState(left.refused_as or HarvestState.BLOCKED)
    return _harvest(source, state, f"{why}{shown}（北京时间）之前不再访问", now=now, cursor=cursor)


def _harvest(
    source: Source, state: HarvestState, detail: str, *, now: datetime, cursor: Mapping[str, object]
) -> Harvest:
    at = now.astimezone(UTC)
    text = message(state, detail)
    return Harvest(source=source.slug, state=state, message=text, cursor=cursor, started_at=at, finished_at=at)


def user_agent(contact: str) -> str:
    """Who we say we are: our name and where to reach the people who run us."""
    return f"Chaoxin/{VERSION} (+{contact or 'https://example.invalid/set-CHAOXIN_CONTACT'})"


def job_of(source: Source, cursor: Mapping[str, object], *, now: datetime, folder: Path) -> Job:
    """What a spider is told of one source; `folder` is its spool."""
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
        drop=chosen.drop_folder.resolve(),
        archive=archive_path(chosen.path("raw").resolve(), source.slug, now=now) if chosen.raw_days else None,
        hosts=chosen.path("hosts").resolve(),
    )


def _limits(chosen: Settings, longest: float) -> Limits:
    return Limits(
        # What is under way when the time is up may still be answered, so closing takes up to one request.
        run_seconds=max(longest / 2, longest - chosen.request_timeout_seconds - 5),
        request_seconds=chosen.request_timeout_seconds,
        delay_seconds=chosen.host_delay_seconds,
        response_bytes=chosen.response_limit_bytes,
        author_key_days=chosen.author_key_days,
        host_requests=chosen.host_budget_requests,
        host_bytes=chosen.host_budget_bytes,
    )


def _read(one: _Prepared, home: Path, ending: int | None) -> Harvest:
    """What the process handed over; without a closing record the old cursor stands and the entries are kept."""
    epoch, source, cursor = datetime.fromtimestamp(0, UTC), one.ask.source, one.ask.cursor
    try:
        entries, closing = read_entries(one.folder), read_closing(one.folder)
    except BadInput as error:
        return _harvest(source, HarvestState.FAILED, f"交接文件不完整：{error}", now=epoch, cursor=cursor)
    if closing is None:
        closing = _without_closing(home, ending, cursor, kept=len(entries))
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
        listed=closing.listed,
        sightings=closing.sightings,
        vanished=closing.vanished,
        unread=closing.unread,
        unreadable=closing.unreadable,
    )


def _without_closing(home: Path, ending: int | None, cursor: Mapping[str, object], *, kept: int) -> Closing:
    if ending is None:
        state, detail = HarvestState.TIMED_OUT, f"运行超过最长时间，已强行结束；已收到 {kept} 条"
    else:
        state, detail = HarvestState.FAILED, f"退出代码 {ending}，{_last_line(home)}；已收到 {kept} 条"
    return Closing(state=state, message=message(state, detail), cursor=cursor, requests=0, bytes_received=0, skipped=0)


def _last_line(home: Path) -> str:
    lines = (home / "child.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return mask(lines[-1][:200]) if lines else "没有留下日志"
