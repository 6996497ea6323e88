"""`chaoxin answers`: the answers already given that claims are matched with."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from flows.commands.files import open_lines
from store.boot import migrate
from store.clock import clock

SHOWN = 40  # characters of a claim in the list


@click.group()
def answers() -> None:
    """The answers already given that claims are matched with."""


@answers.command("import")
@click.argument("source", metavar="FILE.jsonl", type=click.Path(path_type=Path))
def import_(source: Path) -> None:
    """Store the known answers of a file, whole or not at all; docs/answers.md says what a row holds."""
    lines = list(open_lines(source))
    migrate()
    from flows.answers import import_answers  # reads the tables, which Django must know first

    done = import_answers(lines, name=str(source), now=clock())
    click.echo(f"新增 {done.added} 条，更新 {done.updated} 条，未变 {done.unchanged} 条。")


@answers.command("list")
def list_() -> None:
    """Print the known answers in force, one line each."""
    migrate()
    from responders.wording import local
    from store.answers import in_force

    table = Table("编号", "说法", "结论（原文）", "发布单位", "日期", "状态")
    for row in in_force().select_related("superseded_by"):
        told = row.claim or row.text
        table.add_row(
            str(row.pk),
            told if len(told) <= SHOWN else told[: SHOWN - 1] + "…",
            row.verdict or "—",
            row.issuer or row.source or "—",
            f"{local(row.valid_from):%Y-%m-%d}" if row.valid_from else "—",
            f"已被第 {row.superseded_by_id} 条取代" if row.superseded_by_id else "有效",
        )
    Console().print(table)
