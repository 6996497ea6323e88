"""The card of a folder of models: what they learned from, how they were judged, when; as JSON for us, as text for people.

It holds numbers and names of data, never a text that was learned from.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version as library
from pathlib import Path
from typing import Any

from nlp.quality.figures import Figure
from nlp.quality.own_corpus import SPLIT
from nlp.quality.regressions import Change
from nlp.training.corpus import Corpus
from store.errors import ModelRefused

CARD, README = "card.json", "README.md"
LIBRARIES = ("scikit-learn", "numpy", "scipy", "skops", "rjieba", "jieba")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything that is told of a folder of models."""

    made_on: str  # ISO date, handed in by whoever trained
    learned_from: Mapping[str, int]  # data -> rows
    desk_documents: int
    desk_labels: int
    gold: str  # SHA-256 hex of the frozen gold
    without_gold: tuple[str, ...]  # models that never saw it
    taken_over: tuple[str, ...]  # models that were not trained now but taken over as they were
    figures: tuple[Figure, ...]
    changes: tuple[Change, ...]
    allowed: str  # why a regression was let through, "" when there was none
    said: tuple[str, ...]  # lines of the training itself
    libraries: Mapping[str, str]


def libraries() -> dict[str, str]:
    """Versions of what made the models."""
    return {platform.python_implementation(): platform.python_version(), **{name: library(name) for name in LIBRARIES}}


def gold_digest(gold: Corpus) -> str:
    """SHA-256 hex over the rows of the gold, labels included."""
    rows = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in gold.rows]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def write(card: Card, folder: Path) -> None:
    """Put the card beside the models, twice: card.json and README.md."""
    (folder / CARD).write_text(json.dumps(asdict(card), ensure_ascii=False, indent=1) + "\n", "utf-8")
    (folder / README).write_text(_text(card), "utf-8")


def read(folder: Path) -> Card | None:
    """The card of a folder; None where it has none. Raises ModelRefused when it is broken."""
    path = folder / CARD
    if not path.exists():
        return None
    try:
        held: dict[str, Any] = json.loads(path.read_text("utf-8"))
        held["figures"] = tuple(Figure(**figure) for figure in held["figures"])
        held["changes"] = tuple(Change(**change) for change in held["changes"])
        return Card(**held | {name: tuple(held[name]) for name in ("without_gold", "taken_over", "said")})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelRefused(f"the card {path} cannot be read ({error}): train anew with `chaoxin train`") from error


def _text(card: Card) -> str:
    lines = [
        f"# Models trained on {card.made_on}",
        "",
        "Linear weights over hashed n-grams and counts of lexicon words; no text can be read back from them.",
        "",
        "## Learned from",
        "",
        *(f"- {name}: {rows:,} rows" for name, rows in card.learned_from.items()),
        f"- the desk: {card.desk_labels:,} labels of {card.desk_documents:,} documents",
        *([f"- taken over as they were: {', '.join(card.taken_over)}"] if card.taken_over else []),
        "",
        "## Held against the models before",
        "",
        f"Frozen gold: {SPLIT}.",
        "",
        *(f"- {change.sentence()}" for change in card.changes),
        *([f"- let through on purpose: {card.allowed}"] if card.allowed else []),
        "",
        "## Figures",
        "",
        *(f"- {line}" for line in card.said),
        *(_line(figure) for figure in card.figures),
        "",
        "## Made with",
        "",
        ", ".join(f"{name} {number}" for name, number in card.libraries.items()),
    ]
    return "\n".join(lines) + "\n"


def _line(figure: Figure) -> str:
    between = "" if figure.low is None else f" [{figure.low:.4f}, {figure.high:.4f}]"
    return f"- {figure.task}, {figure.metric}: {figure.score:.4f}{between}, {figure.rows:,} rows; {figure.split}"
