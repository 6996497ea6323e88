"""`chaoxin evaluate`: every figure of quality with its interval, beside its floor; `--gate` ends with 1 when one fell."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import groupby
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from nlp.quality.figures import Figure
from nlp.quality.floors import Floor, Verdict, agree, hold, read_floors, smaller_is_better
from nlp.quality.tasks import TASKS, Outcome, digest, measure_all
from store.errors import BadInput, Regression
from store.settings import ROOT, settings

SAMPLE_DAY = "sample_day"
NAMES = (*TASKS, SAMPLE_DAY)
FLOORS = ROOT / "tests" / "quality" / "floors.json"


@click.command()
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print a list of {task, metric, score, low, high, floor, reach, rows, split}.",
)
@click.option("--only", multiple=True, type=click.Choice(NAMES), help="Measure this task alone; may be given again.")
@click.option(
    "--gate", is_flag=True, help="End with 1 and name what fell under its floor in tests/quality/floors.json."
)
@click.option(
    "--agree", "agrees", is_flag=True, help="Write floors for figures that have none, or other data than agreed."
)
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1), help="Tasks measured at once.")
def evaluate(*, as_json: bool, only: Sequence[str], gate: bool, agrees: bool, processes: int) -> None:
    """Measure every task on the public sets, our own gold and the sample day; what is absent is skipped by name."""
    folder = settings().evaluation_data
    outcomes = [_told(outcome) for outcome in outcomes_of(only or NAMES, folder, processes=processes)]
    figures = [figure for outcome in outcomes for figure in outcome.figures]
    if as_json:
        click.echo(json.dumps([asdict(figure) for figure in figures], ensure_ascii=False, indent=1))
    else:
        show(figures)
    if agrees:
        _agree(outcomes, folder)
    if gate:
        _gate(outcomes, folder)


def outcomes_of(names: Sequence[str], folder: Path, *, processes: int) -> list[Outcome]:
    """Every task of these names measured; the sample day last."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # each process has a core of its own
    found = list(measure_all([name for name in names if name in TASKS], folder, processes=processes))
    return [*found, sample_day()] if SAMPLE_DAY in names else found


def _told(outcome: Outcome) -> Outcome:
    if outcome.skipped:
        click.echo(f"skipped {outcome.task}: {outcome.skipped}", err=True)
    return outcome


def sample_day() -> Outcome:
    """Every figure of the sample day, or that it has not been crawled into this state folder."""
    from store.boot import migrate

    migrate()
    from flows import sample_truth as day

    truths = day.truth(settings().sample_port)
    found = day.stored(truths)
    if not found:
        return Outcome(
            SAMPLE_DAY,
            (),
            "this state folder holds no document of the sample day; run `chaoxin nightly` (or `make run`) first",
        )
    relevance, hard = day.relevance(truths, found), day.hard_negatives_let_in(truths, found)
    figures = [
        _figure("documents that arrived", "share", len(found) / len(truths), 1.0, len(truths)),
        _figure("relevance", "F1", relevance.f1, 0.95, len(truths)),
        _figure("hard negatives let in (at most)", "share", hard.right / hard.true, 0.05, hard.true),
        _figure("near-duplicates", "pair F1", day.duplicates(truths, found).f1, 0.95, len(truths)),
        _figure("first category", "accuracy", day.categories(truths, found).precision, None, relevance.true),
    ]
    for line in day.story_lines(truths, found):
        name = f"story line {line.story} (topic rank {line.rank})"
        figures.append(_figure(name, "recall", line.recall, 0.9, line.documents))
        figures.append(_figure(name, "purity", line.purity, 0.9, line.documents))
    return Outcome(SAMPLE_DAY, tuple(figures))


def _figure(name: str, metric: str, score: float, floor: float | None, rows: int) -> Figure:
    return Figure(
        task=f"sample day: {name}",
        metric=metric,
        score=round(score, 4),
        floor=floor,
        rows=rows,
        split="whole sample day; never trained on",
    )


def show(figures: Sequence[Figure]) -> None:
    """Print the figures as people read them: a line each with its interval, floor and reach, then how each was split."""
    lines = Table("task", "metric", "score [low, high]", "floor", "reach", "rows")
    for figure in figures:
        between = "" if figure.low is None else f" [{figure.low:.3f}, {figure.high:.3f}]"
        limits = ["" if value is None else f"{value:.3f}" for value in (figure.floor, figure.reach)]
        lines.add_row(figure.task, figure.metric, f"{figure.score:.3f}{between}", *limits, f"{figure.rows:,}")
    Console(width=max(Console().width, 110)).print(lines)
    for split, tasks in groupby(figures, key=lambda figure: figure.split):
        click.echo(f"{'; '.join(dict.fromkeys(figure.task for figure in tasks))}:\n  {split}")


def verdict(outcomes: Sequence[Outcome], floors: Sequence[Floor], folder: Path) -> Verdict:
    """The figures held against the file; those of the sample day carry their floors themselves."""
    written = [figure for outcome in outcomes if outcome.task != SAMPLE_DAY for figure in outcome.figures]
    day = [figure for outcome in outcomes if outcome.task == SAMPLE_DAY for figure in outcome.figures]
    # Without the public sets a task may give fewer figures than agreed; with them it must give all.
    measured = {outcome.task for outcome in outcomes if not outcome.skipped} if folder.is_dir() else set()
    judged = hold(written, floors, lambda file: digest(file, folder), measured=measured)
    fallen = [
        f"{figure.task}, {figure.metric}: {figure.score:.4f}, may be {figure.floor}" for figure in day if _out(figure)
    ]
    return replace(judged, fallen=(*judged.fallen, *fallen))


def _out(figure: Figure) -> bool:
    if figure.floor is None:
        return False
    return figure.score > figure.floor if smaller_is_better(figure) else figure.score < figure.floor


def _gate(outcomes: Sequence[Outcome], folder: Path) -> None:
    judged = verdict(outcomes, _floors(), folder)
    for line in judged.changed:
        click.echo(f"data changed: {line}", err=True)
    if judged.fallen:
        raise Regression("the gate is closed:\n  " + "\n  ".join(judged.fallen))
    click.echo("the gate is open: no figure fell", err=True)


def _agree(outcomes: Sequence[Outcome], folder: Path) -> None:
    if not FLOORS.exists():
        raise BadInput(f"{FLOORS} is missing: floors are written in a checkout of the source")
    named = [(o.task, figure) for o in outcomes if o.task in TASKS for figure in o.figures]
    floors = agree(named, _floors(), lambda file: digest(file, folder))
    content = json.loads(FLOORS.read_text("utf-8"))
    content["figures"] = [{k: v for k, v in asdict(floor).items() if v is not None} for floor in floors]
    FLOORS.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _floors() -> list[Floor]:
    return read_floors(FLOORS)
