"""Train: the corpus, the public sets and the desk's labels become models, held against those in use before they are taken.

new folder -> train without the gold -> compare on gold and figures -> refuse, or card -> put in use whole
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from flows.desk_models import alone, models_in_use, ship
from nlp.models import MODELS, take_over
from nlp.quality import card as cards
from nlp.quality.card import Card
from nlp.quality.figures import Figure
from nlp.quality.own_corpus import Judged, gold, judge
from nlp.quality.regressions import Change, on_figures, on_gold
from nlp.quality.tasks import TASKS, measure_all
from nlp.train import CORPUS, MODEL_NAMES, train
from nlp.training.corpus import Corpus, Row, rows
from nlp.training.lesson import SPEAKS_OF, Lesson
from store.errors import ModelRefused, Regression

Say = Callable[[str], None]
LABELS = ("relevant", "categories", "part", "voice", "stance", "claim")  # fields of a row that people gave
OF_THE_GOLD = "own_corpus"  # the task that the comparison on the gold itself stands in for


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be trained from: the desk's rows, the folder of the public sets, the day, and a reason for a regression."""

    desk: Sequence[Row]
    evaluation: Path
    today: date
    allow: str = ""
    corpus: Path = CORPUS
    processes: int = 2


@dataclass(slots=True)
class _Run:
    """What a run gathers for its card."""

    order: Order
    say: Say
    texts: Corpus
    lines: list[str] = field(default_factory=list)

    def note(self, line: str) -> None:
        """Tell a line of the training and keep it for the card."""
        self.lines.append(line)
        self.say(line)


def retrain(order: Order, *, say: Say) -> tuple[str, Card]:
    """Train, compare and put in use; returns version and card.

    Raises Regression naming what fell from what to what, the models in use left as they were, unless the order allows it.
    """
    run = _Run(order, say, gold(order.corpus))
    with alone() as made:
        lesson = Lesson(desk=_without_the_gold_s_texts(order.desk, run.texts), gold=False)
        train(order.corpus, order.evaluation, made, say=run.note, lesson=lesson)
        old, old_card = _before(say)
        taken = _take_over_the_rest(old, made)
        changes = on_gold(_old_judged(run, old, old_card), judge(made, run.texts))
        figures = _figures(run)
        changes += on_figures(old_card.figures if old_card else (), figures)
        fallen = [change.sentence() for change in changes if change.fell]
        for change in changes:
            say(change.sentence())
        if fallen and not order.allow:
            raise Regression(
                "the new models are not taken, those in use stay:\n  "
                + "\n  ".join(fallen)
                + '\ntake them all the same with --allow-regression "reason"'
            )
        card = _card(run, lesson, taken, tuple(changes), tuple(figures))
        cards.write(card, made)
        return ship(made), card


def _before(say: Say) -> tuple[Path, Card | None]:
    """The models in use with their card; the shipped ones where those in use are refused, which is said."""
    try:
        folder = models_in_use()
        return folder, cards.read(folder)
    except ModelRefused as error:
        say(f"not compared with the models in use: {error}")
        return MODELS, None


def _take_over_the_rest(old: Path, made: Path) -> tuple[str, ...]:
    """Models that could not be trained here are taken over as they are; returns their names."""
    rest = tuple(name for name in MODEL_NAMES if not (made / f"{name}.skops").exists())
    for name in rest:
        take_over(name, old, made)
    return rest


def _old_judged(run: _Run, old: Path, old_card: Card | None) -> dict[str, Judged]:
    """What the old models say of the gold.

    One that learned from the gold would be flattered by it: a model of the same method, trained without the gold and without
    the desk's labels, stands in for it.
    """
    honest: Collection[str] = ()
    if old_card is not None and old_card.gold == cards.gold_digest(run.texts):
        honest = old_card.without_gold
    judged: dict[str, Judged] = {}
    try:
        judged = {name: said for name, said in judge(old, run.texts).items() if name in honest}
    except ModelRefused as error:
        run.say(f"not compared with the models in use: {error}")
    flattered = tuple(name for name in SPEAKS_OF if name not in judged)
    if flattered:
        run.say(f"the models in use know the gold: {', '.join(flattered)} trained without it stand in for them")
        with tempfile.TemporaryDirectory() as folder:
            lesson = Lesson(gold=False, models=flattered)
            train(run.order.corpus, run.order.evaluation, Path(folder), say=lambda _: None, lesson=lesson)
            judged |= judge(Path(folder), run.texts)
    return judged


def _figures(run: _Run) -> list[Figure]:
    """Every figure of the table but that of the gold, which is compared text by text."""
    names = [name for name in TASKS if name != OF_THE_GOLD]
    if not names:
        return []
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    figures: list[Figure] = []
    for outcome in measure_all(names, run.order.evaluation, processes=run.order.processes):
        if outcome.skipped:
            run.say(f"skipped {outcome.task}: {outcome.skipped}")
        figures.extend(outcome.figures)
    return figures


def _without_the_gold_s_texts(desk: Sequence[Row], texts: Corpus) -> list[Row]:
    known = {row["text"] for row in texts.rows}
    return [row for row in desk if row["text"] not in known]


def _card(
    run: _Run, lesson: Lesson, taken: tuple[str, ...], changes: tuple[Change, ...], figures: tuple[Figure, ...]
) -> Card:
    order = run.order
    counts = {f"{name}.jsonl": len(rows(order.corpus / f"{name}.jsonl")) for name in ("marine", "other")}
    return Card(
        made_on=order.today.isoformat(),
        learned_from={**counts, "frozen gold, left out of both": len(run.texts.rows)},
        desk_documents=len(lesson.desk),
        desk_labels=sum(field in row for row in lesson.desk for field in LABELS),
        gold=cards.gold_digest(run.texts),
        without_gold=tuple(name for name in SPEAKS_OF if name not in taken),
        taken_over=taken,
        figures=figures,
        changes=changes,
        allowed=order.allow if any(change.fell for change in changes) else "",
        said=tuple(run.lines),
        libraries=cards.libraries(),
    )
