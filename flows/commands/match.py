"""`chaoxin match IN.jsonl OUT.jsonl --against KB.jsonl`: which known answers a text calls for, the best first."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click

from flows.commands.files import open_lines, write_rows
from nlp.answer_rows import match_row, read_answers, read_claims
from nlp.answers import KnownAnswers
from store.errors import BadInput

BATCH = 1000  # texts matched at once


@click.command()
@click.argument("source", metavar="IN.jsonl", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT.jsonl", type=click.Path(path_type=Path))
@click.option(
    "--against",
    metavar="KB.jsonl",
    required=True,
    type=click.Path(path_type=Path),
    help="Known answers {id, claim?, title?, text?, debunk?, verdict?, source?, url?, date?}; see docs/answers.md.",
)
def match(source: Path, target: Path, *, against: Path) -> None:
    """Match rows {id, text or claim, published_at?} of IN.jsonl with known answers into rows {id, matches}.

    Each match is {id, score, suggest, sure, why}; ten a row at most, the best first, scores 0..1.
    """
    start = time.perf_counter()
    known = KnownAnswers([row.answer() for row in read_answers(open_lines(against), name=str(against))])
    if not known.answers:
        raise BadInput(f"{against}: holds no known answer; write one JSON object a line, see docs/answers.md")
    count = write_rows(target, _matched(source, known))
    click.echo(
        f"{count} rows against {len(known.answers)} known answers in {time.perf_counter() - start:.1f} s -> {target}",
        err=True,
    )


def _matched(source: Path, known: KnownAnswers) -> Iterator[dict[str, object]]:
    rows = read_claims(open_lines(source), name=str(source))
    while batch := list(islice(rows, BATCH)):
        for (identity, _), found in zip(batch, known.find([heard for _, heard in batch]), strict=True):
            yield match_row(identity, found)
