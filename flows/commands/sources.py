"""`chaoxin sources`: what is heard, and whether it can be heard now."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from flows.commands.retry import retry
from flows.samplesite.beside import sample_sites
from spiders.sources import Source, load_sources
from store.boot import migrate
from store.clock import clock
from store.errors import BadInput
from store.settings import settings
from store.stages import Harvest


@click.group()
def sources() -> None:
    """The source files in force."""


sources.add_command(retry)


@sources.command("list")
def list_() -> None:
    """Read every source file strictly and print one line each."""
    table = Table("来源", "名称", "种类", "启用", "核对过", "频次", "网址")
    for source in _all():
        table.add_row(
            source.slug,
            source.title,
            source.kind.value,
            "是" if source.on else "否",
            "是" if source.verified else "否",
            str(source.cadence),
            source.url,
        )
    Console().print(table)


@sources.command()
@click.argument("slugs", nargs=-1)
def check(slugs: tuple[str, ...]) -> None:
    """Hear the named sources (all that are on, without names) once, store nothing, and print how each ended."""
    migrate()
    from flows import collect as collecting  # reads the tables, which Django must know first

    chosen = _chosen(slugs)
    now = clock()
    spool = collecting.fresh_spool("check")
    table = Table("来源", "状态", "条目", "最新时间", "请求", "字节", "说明")
    with sample_sites():
        for source in chosen:
            table.add_row(*_row(collecting.collect(collecting.Job(source, {}), now=now, spool=spool)))
    Console().print(table)


def _all() -> list[Source]:
    return load_sources(settings().sources_folder, ports_from=settings().sample_port)


def _chosen(slugs: tuple[str, ...]) -> list[Source]:
    found = {source.slug: source for source in _all()}
    unknown = [slug for slug in slugs if slug not in found]
    if unknown:
        raise BadInput(f"{unknown[0]}: no such source in {settings().sources_folder}; known are {', '.join(found)}")
    return [found[slug] for slug in slugs] or [source for source in found.values() if source.on]


def _row(harvest: Harvest) -> tuple[str, ...]:
    newest = max((e.published_at for e in harvest.entries if e.published_at), default=None)
    return (
        harvest.source,
        harvest.state.value,
        str(len(harvest.entries)),
        f"{newest:%Y-%m-%d %H:%M} UTC" if newest else "—",
        str(harvest.requests),
        str(harvest.bytes_received),
        harvest.message,
    )
