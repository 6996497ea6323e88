"""`chaoxin extract FILE.html --url URL`: one saved page to one entry."""

from __future__ import annotations

from pathlib import Path

import click

from flows.commands.files import read_bytes, show_json
from spiders.extract import extract as extract_page
from spiders.extract import page_row
from store.clock import clock
from store.errors import BadInput


@click.command()
@click.argument("file", metavar="FILE.html", type=click.Path(path_type=Path))
@click.option("--url", required=True, help="Address the page was saved from; relative links and times lean on it.")
def extract(file: Path, url: str) -> None:
    """Print title, text, time and source of a saved news page as one JSON object."""
    page = extract_page(read_bytes(file), url=url, now=clock())
    if not page.text:
        raise BadInput(
            f"{file}: no article found; hand in the saved HTML of an article page, not of a list or an image"
        )
    show_json(page_row(page))
