"""`chaoxin emergency declare / stand-down / status`: the switch from the command line."""

from __future__ import annotations

import click

from store.boot import migrate
from store.clock import clock


@click.group()
def emergency() -> None:
    """Declare an emergency, stand it down, or show how things stand."""
    migrate()


@emergency.command()
@click.option("--title", required=True, help="what it is called, e.g. 1月21日温带风暴潮")
@click.option("--reason", required=True, help="why it is declared; kept in the audit")
@click.option("--drill", is_flag=True, help="a drill: fixed for good, nothing of it reaches the portal")
@click.option(
    "--source", "sources", multiple=True, metavar="SLUG", help="a source to hear every minute or so; may be repeated"
)
def declare(title: str, reason: str, drill: bool, sources: tuple[str, ...]) -> None:
    """Move the watch and the chosen sources to minutes and start the 5 h and 24 h clocks."""
    from flows.emergency import Declaration
    from flows.emergency import declare as declare_now

    wish = Declaration(title=title, reason=reason, drill=drill, sources=sources)
    declared, cadence = declare_now(wish, now=clock())
    click.echo(f"已启动{'演练' if drill else '应急'}：{declared.title}")
    click.echo(cadence)


@emergency.command("stand-down")
def stand_down() -> None:
    """End the standing emergency and put every cadence back as it was."""
    from flows.emergency import stand_down as stand_down_now

    ended, cadence = stand_down_now(now=clock())
    click.echo(f"已解除：{ended.title}")
    click.echo(cadence)


@emergency.command()
def status() -> None:
    """Show whether an emergency stands, since when, and the cadences in force."""
    from flows.emergency import cadence_lines, standing
    from flows.night import BEIJING

    now = standing()
    if now is None:
        click.echo("现在没有处于应急状态。")
    else:
        since = f"{now.declared_at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
        click.echo(f"{'演练' if now.drill else '应急'}中：{now.title}（{since} 起）。理由：{now.reason}")
        click.echo(f"重点来源：{'、'.join(now.sources) or '未指定'}")
    for line in cadence_lines():
        click.echo(line)
