"""`chaoxin sources`: what is heard, whether it can be heard now, and where more can be found."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from flows.commands.retry import retry
from flows.commands.sources_add import add
from flows.commands.sources_opml import export_opml, import_opml
from flows.samplesite.beside import sample_sites
from spiders.sources import Source, load_source
from store.boot import migrate
from store.clock import clock
from store.errors import BadInput
from store.settings import settings

if TYPE_CHECKING:
    from responders.source_edits import InForce


@click.group()
def sources() -> None:
    """The source files in force."""


sources.add_command(retry)
sources.add_command(add)
sources.add_command(import_opml)
sources.add_command(export_opml)


@sources.command("list")
def list_() -> None:
    """Read every source file strictly and print one line each, with what was changed on the desk."""
    table = Table("来源", "名称", "种类", "启用", "核对过", "频次", "网址", "工作台改动")
    for known in _known().values():
        source = known.source
        table.add_row(
            source.slug,
            source.title,
            source.kind.value,
            "是" if source.on else "否",
            "是" if source.verified else "否",
            str(source.cadence),
            source.url,
            "；".join(known.changes),
        )
    Console().print(table)


@sources.command()
@click.argument("slugs", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON row a source instead of a table.")
def check(slugs: tuple[str, ...], *, as_json: bool) -> None:
    """Hear the named sources (all that are on, without names) once, store nothing, and print how each ended.

    A name may also be the path of a .yml file. The exit code is 1 when one of them was not heard.
    """
    chosen = [_chosen(name) for name in slugs] or [known.source for known in _known().values() if known.source.on]
    from flows.trial import try_all

    with sample_sites():
        trials = try_all(chosen, now=clock())
    if as_json:
        for trial in trials:
            click.echo(json.dumps(trial.as_row(), ensure_ascii=False))
    else:
        table = Table("来源", "听到", "状态", "条目", "最新时间", "请求", "字节", "秒", "说明")
        for trial in trials:
            row = trial.as_row()
            newest = f"{trial.newest:%Y-%m-%d %H:%M} UTC" if trial.newest else "—"
            cost = (str(row["requests"]), str(row["bytes"]), str(row["seconds"]))
            heard = "是" if trial.is_heard else "否"
            table.add_row(trial.source.slug, heard, trial.state.value, str(trial.entries), newest, *cost, trial.message)
        Console(width=None if sys.stdout.isatty() else 160).print(table)
    if not all(trial.is_heard for trial in trials):
        sys.exit(1)


@sources.command()
@click.argument("slug")
def revert(slug: str) -> None:
    """Take back what was changed of a source on the desk, so that its file alone holds."""
    migrate()
    from responders.edit_source import revert_source

    revert_source(slug, None, now=clock())
    click.echo(f"{slug}: 已恢复为来源文件。")


def _known() -> dict[str, InForce]:
    migrate()
    from responders.source_edits import in_force

    return in_force()


def _chosen(name: str) -> Source:
    if name.endswith((".yml", ".yaml")):
        return load_source(Path(name), ports_from=settings().sample_port)
    found = _known()
    written = settings().sources / f"{name}.yml"
    if name not in found and written.exists():  # the sample day is served, the file is the bureau's own
        return load_source(written)
    if name not in found:
        raise BadInput(f"{name}: no such source in {settings().sources_folder}; known are {', '.join(found)}")
    return found[name].source
