"""`chaoxin watch`: hear the official sources once, now."""

from __future__ import annotations

import click

from flows.samplesite.beside import sample_sites
from store.boot import migrate
from store.clock import clock


@click.command()
def watch() -> None:
    """Hear the official warning sources once and draft an update for each new warning."""
    migrate()
    with sample_sites():
        from flows.watch import watch as watch_once

        relayed = watch_once(clock())
    click.echo(f"新增官方预警 {len(relayed.bulletins)} 条，新拟稿 {len(relayed.drafts)} 份。")
    for refused in relayed.refused:
        click.echo(f"未能读懂：{refused.source} {refused.url}：{refused.reason}", err=True)
