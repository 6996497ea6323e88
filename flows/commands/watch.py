"""`chaoxin watch`: hear the official sources once, now."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import click

from flows.serve import sample_sites_are_up
from store.boot import migrate
from store.clock import clock
from store.settings import settings


@click.command()
def watch() -> None:
    """Hear the official warning sources once and draft an update for each new warning."""
    migrate()
    with _sites():
        from flows.watch import watch as watch_once

        relayed = watch_once(clock())
    click.echo(f"新增官方预警 {len(relayed.bulletins)} 条，新拟稿 {len(relayed.drafts)} 份。")
    for refused in relayed.refused:
        click.echo(f"未能读懂：{refused.source} {refused.url}：{refused.reason}", err=True)


def _sites() -> AbstractContextManager[object]:
    """The sample sites, unless `serve` has them up already."""
    if not settings().sample or sample_sites_are_up():
        return nullcontext()
    from flows.samplesite.server import SampleSites

    return SampleSites(settings().sample_port, now=clock)
