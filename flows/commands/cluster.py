"""`chaoxin cluster IN.jsonl OUT.jsonl`: which texts speak of one matter, and which repeat another."""

from __future__ import annotations

from pathlib import Path

import click

from flows.commands.files import open_lines, write_rows
from nlp.cluster import cluster as cluster_texts
from nlp.cluster import cluster_row
from nlp.rows import read_rows


@click.command()
@click.argument("source", metavar="IN.jsonl", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT.jsonl", type=click.Path(path_type=Path))
def cluster(source: Path, target: Path) -> None:
    """Group rows {id, title?, text, published_at?, source?} of IN.jsonl into {id, topic, duplicate_of?} rows."""
    texts = list(read_rows(open_lines(source), name=str(source)))
    count = write_rows(target, map(cluster_row, cluster_texts(texts)))
    click.echo(f"{count} rows -> {target}", err=True)
