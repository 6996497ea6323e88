"""`chaoxin annotate IN.jsonl OUT.jsonl`: what each short text says, by lexicon and model."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click

from flows.commands.files import open_lines, write_rows
from flows.desk_models import models_in_use
from nlp.annotate import Annotator
from nlp.rows import annotation_row, read_rows

BATCH = 1000  # texts judged at once: the models work on matrices


@click.command()
@click.argument("source", metavar="IN.jsonl", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT.jsonl", type=click.Path(path_type=Path))
@click.option("--tokens", is_flag=True, help="Add the words of each text.")
def annotate(source: Path, target: Path, *, tokens: bool) -> None:
    """Judge rows {id, title?, text, published_at?, source?} of IN.jsonl and write their annotations to OUT.jsonl."""
    annotator = Annotator.load(folder=models_in_use())
    start = time.perf_counter()
    count = annotate_file(source, target, annotator, tokens=tokens)
    seconds = time.perf_counter() - start
    click.echo(f"{count} rows in {seconds:.1f} s ({count / max(seconds, 1e-9):.0f} rows/s) -> {target}", err=True)


def annotate_file(source: Path, target: Path, annotator: Annotator, *, tokens: bool) -> int:
    """Annotate one file into another; returns the number of rows."""
    return write_rows(target, _annotated(source, annotator, tokens=tokens))


def _annotated(source: Path, annotator: Annotator, *, tokens: bool) -> Iterator[dict[str, object]]:
    texts = read_rows(open_lines(source), name=str(source))
    while batch := list(islice(texts, BATCH)):
        for text, annotation in zip(batch, annotator.annotate(batch), strict=True):
            yield annotation_row(text.id, annotation, tokens=tokens)
