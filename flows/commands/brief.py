"""`chaoxin brief --date D --format html`: the daily brief on standard output or in a file."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from store.boot import migrate
from store.clock import clock
from store.errors import BadInput


@click.command()
@click.option("--date", "day", required=True, help="Day of the brief, YYYY-MM-DD, Beijing time.")
@click.option(
    "--format", "form", type=click.Choice(["html"]), default="html", show_default=True, help="Form of the brief."
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="File to write; without it the brief goes to standard output."
)
def brief(day: str, form: str, output: Path | None) -> None:
    """Write the brief of one day: coverage, hot topics, claims to check, warnings, deadlines."""
    html = _render(_day(day))
    if output is None:
        click.echo(html)
        return
    try:
        output.write_text(html, encoding="utf-8")
    except OSError as error:
        raise BadInput(
            f"{output}: cannot be written ({error.strerror}); give a path in a folder you may write to"
        ) from error
    click.echo(f"{form}: {output}", err=True)


def _day(value: str) -> date:
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar day, not a moment
    except ValueError as error:
        raise BadInput(f"--date {value!r}: is not a day; write it as 2026-01-23") from error


def _render(day: date) -> str:
    migrate()
    from dashboard.reports.brief import brief_html

    return brief_html(day, clock())
