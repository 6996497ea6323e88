"""`chaoxin bulletin FILE`: an official warning's text or CAP message to one Bulletin."""

from __future__ import annotations

from pathlib import Path

import click

from flows.commands.files import read_text, show_json
from nlp.bulletins import bulletin_row, parse


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def bulletin(file: Path) -> None:
    """Read an official warning (text or CAP 1.2) and print it as one JSON object; levels are copied, never computed."""
    show_json(bulletin_row(parse(read_text(file))))
