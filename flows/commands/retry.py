"""`chaoxin sources retry`: what could not be read or stored is tried again with today's code."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from store.boot import migrate
from store.clock import clock


@click.command()
@click.argument("slug", required=False)
def retry(slug: str | None) -> None:
    """Read what is in quarantine again, of all sources or of SLUG, and print what became of each."""
    migrate()
    from flows.retry import retry as try_again  # reads the tables, which Django must know first

    found = try_again(slug, now=clock())
    if not found:
        click.echo("没有待重读的内容。")
        return
    table = Table("来源", "结果", "说明", "网址")
    for one in found:
        table.add_row(one.source, "已解决" if one.is_mended else "仍有问题", one.said, one.url)
    Console().print(table)
    click.echo(f"共 {len(found)} 项，解决 {sum(one.is_mended for one in found)} 项。")
