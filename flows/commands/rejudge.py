"""`chaoxin rejudge`: what older models or word lists judged is judged anew now instead of night by night."""

from __future__ import annotations

import click

from store.boot import migrate
from store.clock import clock


@click.command()
@click.option("--most", type=click.IntRange(1), help="Judge so many at most; the most pressing come first.")
@click.option("--count", "only_count", is_flag=True, help="Only say how many wait; judge nothing.")
def rejudge(*, most: int | None, only_count: bool) -> None:
    """Judge anew every stored document that other models or word lists judged than those in use."""
    migrate()
    from flows import rejudge as again  # reads the tables, which Django must know first

    if only_count:
        click.echo(f"{again.waiting()} 篇文档待重新判断。")
        return
    now = clock()
    batches = again.batches(most, now=now)
    changed = sum(again.rejudge(ids, now=now) for ids in batches)
    judged, left = sum(map(len, batches)), again.finish(now=now)
    click.echo(f"重新判断 {judged} 篇，其中 {changed} 篇结果有变；还有 {left} 篇待重新判断。")
    if judged:
        click.echo("话题和待核实信息在下次夜间运行时随之更新。")
