"""Holds figures against the file of floors: what fell, what is measured on other data than before, what nobody wrote down.

The file is JSON: `figures` is a list of {by, task, metric, floor or ceiling, rows, data}; `by` is a name of
nlp/quality/tasks.py, `data` gives the SHA-256 of each of its files.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.quality.figures import Figure
from nlp.quality.tasks import TASKS
from store.errors import BadInput

Digest = Callable[[str], str | None]
SMALLER_IS_BETTER = ("error", "at most", "let in")  # words of a task or metric that is better when smaller


def smaller_is_better(figure: Figure) -> bool:
    """Whether a figure is held from above; its task or metric says so in a word."""
    return any(word in f"{figure.task} {figure.metric}" for word in SMALLER_IS_BETTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What one figure must hold, and on which rows and files that was agreed."""

    by: str
    task: str
    metric: str
    floor: float | None = None
    ceiling: float | None = None  # of a figure that is better when smaller
    rows: int
    data: dict[str, str]  # file as in nlp/quality/tasks.py -> SHA-256 hex


@dataclass(frozen=True, slots=True)
class Verdict:
    """What holding figures against floors showed, a sentence each; only `fallen` closes the gate."""

    fallen: tuple[str, ...]
    changed: tuple[str, ...]  # measured on other data than was agreed: no regression, agree anew


def read_floors(path: Path) -> list[Floor]:
    """The floors of a file; raises BadInput naming file and entry."""
    try:
        entries: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["figures"]
        return [Floor(**entry) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path}: cannot be read as floors ({error}); see the head of nlp/quality/floors.py") from error


def hold(
    figures: Sequence[Figure], floors: Iterable[Floor], digest: Digest, *, measured: Collection[str] = ()
) -> Verdict:
    """Hold each figure against its floor; one without a floor closes the gate too: it must be written down first.

    So does a floor of a task in `measured` whose figure is not there any more.
    """
    known = {(floor.task, floor.metric): floor for floor in floors}
    there = {(figure.task, figure.metric) for figure in figures}
    gone = [floor for key, floor in known.items() if floor.by in measured and key not in there]
    fallen, changed = [f"{floor.task}, {floor.metric}: is no longer measured" for floor in gone], []
    for figure in figures:
        floor = known.get((figure.task, figure.metric))
        if floor is None:
            fallen.append(f"{figure.task}, {figure.metric}: has no floor yet; write it down with --agree")
        elif other := _other_data(figure, floor, digest):
            changed.append(f"{figure.task}, {figure.metric}: {other}; {figure.score:.4f} is not compared")
        elif sentence := _under(figure, floor):
            fallen.append(f"{figure.task}, {figure.metric}: {sentence}")
    return Verdict(tuple(fallen), tuple(changed))


def _other_data(figure: Figure, floor: Floor, digest: Digest) -> str:
    files = [file for file, agreed in floor.data.items() if digest(file) != agreed]
    if files:
        return f"the data changed ({', '.join(files)}), not the judgement"
    return f"{figure.rows} rows are judged, {floor.rows} were" if figure.rows != floor.rows else ""


def _under(figure: Figure, floor: Floor) -> str:
    if floor.floor is not None and figure.score < floor.floor:
        return f"fell to {figure.score:.4f}, the floor is {floor.floor:.4f}"
    if floor.ceiling is not None and figure.score > floor.ceiling:
        return f"rose to {figure.score:.4f}, the ceiling is {floor.ceiling:.4f}"
    return ""


def agree(figures: Iterable[tuple[str, Figure]], floors: Iterable[Floor], digest: Digest) -> list[Floor]:
    """The floors with these figures (task's name in the table, figure) written down where they have none or other data.

    The floor is the figure's own, or the worse end of its interval; a floor that stands on the same data is not touched, so
    that it is lowered by hand only.
    """
    known = {(floor.task, floor.metric): floor for floor in floors}
    for name, figure in figures:
        key = (figure.task, figure.metric)
        data = {file: found for file in TASKS[name].files if (found := digest(file)) is not None}
        standing = known.get(key)
        if standing is not None and (standing.data, standing.rows) == (data, figure.rows):
            continue
        known[key] = Floor(
            by=name, task=figure.task, metric=figure.metric, rows=figure.rows, data=data, **_level(figure)
        )
    return [known[key] for key in sorted(known)]


def _level(figure: Figure) -> dict[str, float]:
    """The limit written down for a figure: its own, or the worse end of its interval, or its score."""
    smaller = smaller_is_better(figure)
    end = figure.high if smaller else figure.low
    limit = figure.floor if figure.floor is not None else figure.score if end is None else end
    return {"ceiling" if smaller else "floor": limit}
