"""Compares new models with old ones: text by text on the frozen gold, figure by figure on the public sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nlp.quality.figures import Figure, interval
from nlp.quality.floors import smaller_is_better
from nlp.quality.own_corpus import Judged

NOISE = 0.01  # by which a figure without an interval may differ


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One figure before and after; `fell` when it is worse by more than the noise of its interval."""

    task: str
    metric: str
    before: float
    after: float
    fell: bool

    def sentence(self) -> str:
        """What happened to the figure, in one line."""
        verb = "fell" if self.fell else "went"
        return f"{self.task}, {self.metric}: {verb} from {self.before:.4f} to {self.after:.4f}"


def on_gold(old: Mapping[str, Judged], new: Mapping[str, Judged]) -> list[Change]:
    """The models both sides have, each judged on the same texts.

    A model fell when the whole 95 % interval of the difference, bootstrapped over scenes, lies under zero: both are held
    against the same draws, so that even a small fall that is no accident is seen.
    """
    return [_paired(name, old[name], new[name]) for name in new if name in old]


def _paired(name: str, old: Judged, new: Judged) -> Change:
    _, high = interval(lambda rows: new.score(rows) - old.score(rows), new.groups)
    before, after = round(old.score(), 4), round(new.score(), 4)
    return Change(task=f"frozen gold: {name}", metric=new.metric, before=before, after=after, fell=high < 0)


def on_figures(old: Iterable[Figure], new: Sequence[Figure]) -> list[Change]:
    """The figures both sides have; one fell when it left the interval it had before on the worse side."""
    known = {(figure.task, figure.metric): figure for figure in old}
    return [
        _figure(known[figure.task, figure.metric], figure) for figure in new if (figure.task, figure.metric) in known
    ]


def _figure(old: Figure, new: Figure) -> Change:
    low = old.low if old.low is not None else old.score - NOISE
    high = old.high if old.high is not None else old.score + NOISE
    fell = new.score > high if smaller_is_better(new) else new.score < low
    return Change(task=new.task, metric=new.metric, before=old.score, after=new.score, fell=fell)
