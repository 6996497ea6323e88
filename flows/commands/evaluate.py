"""`chaoxin evaluate`: quality figures, each beside its floor."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table

from store.boot import migrate
from store.errors import BadInput
from store.settings import settings

Figure = dict[str, object]


@click.command()
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print a list of {task, metric, score, low, high, floor, reach, rows, split}.",
)
def evaluate(*, as_json: bool) -> None:
    """Hold the stored sample day against its truth file; run `chaoxin nightly` first."""
    migrate()
    figures = sample_day_figures()
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, indent=1))
    else:
        Console().print(_table(figures))


def sample_day_figures() -> list[Figure]:
    """Every figure of the sample day; BadInput when it has not been crawled into this state folder."""
    from flows import sample_truth as day

    truths = day.truth(settings().sample_port)
    found = day.stored(truths)
    if not found:
        raise BadInput(
            "this state folder holds no document of the sample day; run `chaoxin nightly` (or `make run`) first"
        )
    relevance, hard = day.relevance(truths, found), day.hard_negatives_let_in(truths, found)
    figures = [
        _figure("sample day: documents that arrived", "share", len(found) / len(truths), 1.0, len(truths)),
        _figure("sample day: relevance", "F1", relevance.f1, 0.95, len(truths)),
        _figure("sample day: hard negatives let in (at most)", "share", hard.right / hard.true, 0.05, hard.true),
        _figure("sample day: near-duplicates", "pair F1", day.duplicates(truths, found).f1, 0.95, len(truths)),
        _figure(
            "sample day: first category", "accuracy", day.categories(truths, found).precision, None, relevance.true
        ),
    ]
    for line in day.story_lines(truths, found):
        name = f"sample day: story line {line.story} (topic rank {line.rank})"
        figures.append(_figure(name, "recall", line.recall, 0.9, line.documents))
        figures.append(_figure(name, "purity", line.purity, 0.9, line.documents))
    return figures


def _figure(task: str, metric: str, score: float, floor: float | None, rows: int) -> Figure:
    return {
        "task": task,
        "metric": metric,
        "score": round(score, 4),
        "low": None,
        "high": None,
        "floor": floor,
        "reach": None,
        "rows": rows,
        "split": "whole sample day; never trained on",
    }


def _table(figures: Sequence[Figure]) -> Table:
    table = Table("task", "metric", "score", "floor", "rows")
    for figure in figures:
        score = figure["score"]
        assert isinstance(score, float)
        floor = figure["floor"]
        table.add_row(
            str(figure["task"]),
            str(figure["metric"]),
            f"{score:.3f}",
            "" if floor is None else f"{floor:.2f}",
            str(figure["rows"]),
        )
    return table
