"""`chaoxin annotate IN.jsonl OUT.jsonl`: what each short text says, by lexicon and model."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from flows.commands.files import open_lines, write_blocks
from flows.commands.workers import Block, blocks, in_order
from flows.desk_models import models_in_use
from nlp.annotate import Annotator
from nlp.json_lines import row_line
from nlp.rows import annotation_row, read_rows

SMALL_BYTES = 500_000  # about two thousand posts: done before a second process could help


@click.command()
@click.argument("source", metavar="IN.jsonl", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT.jsonl", type=click.Path(path_type=Path))
@click.option("--tokens", is_flag=True, help="Add the words of each text.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="Processes at work; default: one a usable core, one alone for a small file. The bytes written are the same.",
)
def annotate(source: Path, target: Path, *, tokens: bool, workers: int | None) -> None:
    """Judge rows {id, title?, text, published_at?, source?} of IN.jsonl and write their annotations to OUT.jsonl."""
    annotator = Annotator.load(folder=models_in_use())
    start = time.perf_counter()
    count = annotate_file(source, target, annotator, tokens=tokens, workers=workers or fitting_workers(source))
    seconds = time.perf_counter() - start
    click.echo(f"{count} rows in {seconds:.1f} s ({count / max(seconds, 1e-9):.0f} rows/s) -> {target}", err=True)


def fitting_workers(source: Path) -> int:
    """One process for a small file, otherwise one for each core this process may use."""
    if not source.is_file() or source.stat().st_size < SMALL_BYTES:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def annotate_file(source: Path, target: Path, annotator: Annotator, *, tokens: bool, workers: int = 1) -> int:
    """Annotate one file into another; returns the number of rows. One worker or many write the same bytes.

    Raises BadInput naming the first line that cannot be read; the target is then as it was.
    """
    work = Judge(annotator, str(source), tokens)
    with uncollected():
        return write_blocks(target, in_order(work, blocks(open_lines(source)), workers))


@contextmanager
def uncollected() -> Iterator[None]:
    """Keeps the collector of reference cycles from walking the models again and again: annotating makes no cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Judge:
    """Turns a block of rows into their annotations; `name` is the file errors name."""

    annotator: Annotator
    name: str
    tokens: bool

    def __call__(self, block: Block) -> tuple[int, bytes]:
        """The number of rows and their lines, in order."""
        texts = list(read_rows(block.lines, name=self.name, first=block.first))
        found = zip(texts, self.annotator.annotate(texts), strict=True)
        return len(texts), b"".join(
            [row_line(annotation_row(text.id, annotation, tokens=self.tokens)) for text, annotation in found]
        )
