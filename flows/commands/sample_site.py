"""`chaoxin sample-site`: the sample day as real sites on loopback, and new bulletins put onto them."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import click

from flows.samplesite.institution import dropped_folder
from flows.samplesite.server import SITES, SampleSites
from store.clock import clock
from store.errors import BadInput
from store.settings import settings


@click.group("sample-site", invoke_without_command=True)
@click.pass_context
def sample_site(ctx: click.Context) -> None:
    """Serve the sample sites until interrupted, or publish a bulletin on the sample institution's feed."""
    if ctx.invoked_subcommand:
        return
    port = settings().sample_port
    with SampleSites(port, now=clock):
        for offset, (name, _) in enumerate(SITES):
            click.echo(f"http://127.0.0.1:{port + offset}/  {name}")
        click.echo("按 Ctrl-C 停止。")
        while True:
            time.sleep(3600)


@sample_site.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def publish(files: tuple[Path, ...]) -> None:
    """Put bulletins (.txt pages, .xml CAP messages) on the sample institution's site; they show at once."""
    for file in files:
        if file.suffix not in (".txt", ".xml") or not file.is_file():
            raise BadInput(f"{file}: give an existing .txt (bulletin text) or .xml (CAP 1.2) file")
        shutil.copy(file, dropped_folder() / file.name)
        click.echo(f"已放到示例预报机构的站点：{file.name}")
