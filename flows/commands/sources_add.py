"""`chaoxin sources add URL`: what a site offers, tried once and written as a source file to review."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.samplesite.beside import sample_sites
from spiders.finding.asking import Probe
from spiders.finding.choose import choose, remarks
from spiders.finding.platforms import Proposal
from spiders.finding.writing import Review, file_text, slug_of, values_of
from spiders.keys import address
from spiders.sources import read_source
from store.clock import clock
from store.errors import BadInput, BadSource
from store.settings import settings
from store.stages import HarvestState, SourceKind

if TYPE_CHECKING:
    from flows.trial import Trial

MOST_TRIED = 3  # ways tried one after another until one is heard
MOST_NAMED = 4  # further ways named in the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the person at the keyboard says besides the address."""

    slug: str
    title: str
    out: Path | None
    more: Mapping[str, object]  # allow_private, permission
    kind: SourceKind | None = None  # None: to be found


@click.command()
@click.argument("url")
@click.option("--slug", default="", help="Name of the file; found from the host without it.")
@click.option("--title", default="", help="Name on the desk; found on the page without it.")
@click.option("--out", type=click.Path(path_type=Path), help="File to write; data/sources/<slug>.yml without it.")
@click.option(
    "--kind", type=click.Choice([kind.value for kind in SourceKind]), help="Only this kind, found or not: --kind board."
)
@click.option("--allow-private", is_flag=True, help="The address lies in our own network.")
@click.option(
    "--permission", default="", help="Who allowed what robots.txt forbids, and when; only then it is not asked."
)
def add(url: str, *, kind: str | None, allow_private: bool, permission: str, **named: Any) -> None:
    """Find out how URL can be heard, try it once, and write a source file that is off until somebody has reviewed it."""
    more: dict[str, object] = {"allow_private": True} if allow_private else {}
    more |= {"permission": permission.strip()} if permission.strip() else {}
    wish = Wish(**named, more=more, kind=SourceKind(kind) if kind else None)
    try:
        found = address(url if "://" in url else f"https://{url}")
    except ValueError as error:
        raise BadInput(str(error)) from error
    with sample_sites():
        _add(found, wish, now=clock())


def _add(url: str, wish: Wish, *, now: datetime) -> None:
    from spiders.finding.scout import Manners, scout

    manners = Manners(allow_private="allow_private" in wish.more, permission=str(wish.more.get("permission", "")))
    with tempfile.TemporaryDirectory(dir=settings().path("spool", "scout").parent) as spool:
        probes = scout(url, manners, now=now, spool=Path(spool))
    kinds = [wish.kind] if wish.kind else list(SourceKind)
    proposals = choose(url, probes, kinds=[kind.value for kind in kinds], now=now)
    if not proposals:
        raise BadInput(_nothing(url, probes))
    chosen, trial = _tried(proposals, wish, now=now)
    path = _path(chosen, wish)
    values = values_of(chosen, title=wish.title, more=wish.more, listed=trial.entries if trial else 0)
    others = [one for one in proposals if one is not chosen][:MOST_NAMED]
    _write(path, file_text(values, chosen, Review(now=now, tried=_told(trial), others=others)))
    _report(path, chosen, trial)


def _nothing(url: str, probes: Sequence[Probe]) -> str:
    told = "\n  ".join(remarks(probes)) or "没有收到任何回答"
    if any(probe.is_forbidden for probe in probes):
        return (
            f"{url}: its robots.txt forbids us to look; with the site's leave, say who gave it and when: --permission"
            f"\n  {told}"
        )
    return (
        f"{url}: nothing found that can be heard; give the address of a list page, a board or a feed, or say what it is: "
        f"--kind board, --kind messages or --kind news\n  {told}"
    )


def _tried(proposals: Sequence[Proposal], wish: Wish, *, now: datetime) -> tuple[Proposal, Trial | None]:
    """The first way that is heard, else the best one; a way that needs selectors cannot be tried."""
    from flows.trial import try_short

    if proposals[0].needs:
        return proposals[0], None
    first: tuple[Proposal, Trial | None] = (proposals[0], None)
    for one in [one for one in proposals if not one.needs][:MOST_TRIED]:
        click.echo(f"试听 {one.kind} {one.url} …", err=True)
        try:
            source = read_source("trial", values_of(one, title=wish.title, more=wish.more), where=one.url)
        except BadSource:
            continue  # a kind that needs more than an address
        trial = try_short(source, now=now)
        if trial.is_heard and trial.entries:
            return one, trial
        first = (first[0], trial) if one is first[0] else first
    return first


def _path(one: Proposal, wish: Wish) -> Path:
    slug = wish.slug or (wish.out.stem if wish.out else slug_of(one.url, one.kind))
    path = wish.out or settings().sources / f"{slug}.yml"
    if path.exists():
        raise BadInput(f"{path}: is there already and stays as it is; choose another name with --slug or --out")
    return path


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise BadInput(
            f"{path}: cannot be written ({error.strerror}); give a file in a folder of yours with --out"
        ) from error


def _told(trial: Trial | None) -> str:
    if trial is None:
        return ""
    newest = f"，最新一条 {trial.newest:%Y-%m-%d %H:%M} UTC" if trial.newest else ""
    cost = f"请求 {trial.requests} 次，{trial.bytes_received} 字节，{trial.seconds:.0f} 秒"
    if trial.state is HarvestState.TIMED_OUT and trial.entries:
        return f"限时已到，收到 {trial.entries} 条{newest}；{cost}。"
    return f"收到 {trial.entries} 条{newest}；{cost}。{trial.message}"


def _report(path: Path, one: Proposal, trial: Trial | None) -> None:
    click.echo(f"已写入 {path}（种类 {one.kind}：{one.why}）")
    if one.needs:
        click.echo(
            f"还须写明这些位置（CSS 选择器）：{'、'.join(one.needs)}；写好后运行 chaoxin sources check {path}（写法见 docs/add-a-source.md 的 board 一节）"
        )
        return
    click.echo(f"试听：{_told(trial) or '没有试听'}")
    for title in trial.titles if trial else ():
        click.echo(f"  · {title}")
    if trial is None or not trial.entries:
        click.echo("没有听到内容，请按上面的说明核对后再启用。", err=True)
        sys.exit(1)
    click.echo("请打开文件逐项核对，再把 verified 和 on 改为 true。")
