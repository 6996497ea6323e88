"""Our own labels of public titles: kept as hash and label, joined with the titles where the set is at hand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nlp.quality.sets import rows
from store.errors import BadInput
from store.settings import DATA

GOLD = DATA / "gold" / "relevance.tsv"
LEARNING = DATA / "gold" / "relevance_learning.tsv"
TITLES = "hotsearch_2020_2023"
DIGITS = 16  # of a title's SHA-256 in hex


@dataclass(frozen=True, slots=True)
class LabelledTitle:
    """A title, whether a marine press office wants it, and the first day it was seen (ISO)."""

    title: str
    relevant: bool
    first: str


def labels(path: Path) -> dict[str, bool]:
    """Label by hash; raises BadInput naming file and line when one is neither `hash<TAB>0` nor `hash<TAB>1`."""
    found: dict[str, bool] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        key, _, label = line.partition("\t")
        if len(key) != DIGITS or label not in ("0", "1"):
            raise BadInput(f"{path.name} line {number}: expected 16 hex digits, a tab and 0 or 1, found {line!r}")
        found[key] = label == "1"
    return found


def labelled_titles(path: Path, folder: Path) -> list[LabelledTitle]:
    """The titles of a label file, in the order of the set; BadInput when the set is missing. A title seen twice counts once."""
    return list(_joined(labels(path), folder))


def _joined(wanted: dict[str, bool], folder: Path) -> Iterator[LabelledTitle]:
    left = dict(wanted)
    for row in rows(folder, TITLES):
        key = hashlib.sha256(row["title"].encode()).hexdigest()[:DIGITS]
        if key in left:
            yield LabelledTitle(row["title"], left.pop(key), row["first"])
