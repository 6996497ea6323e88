"""Trains what a text thinks of the measure or office it speaks of, from our own rows."""

from __future__ import annotations

from nlp import stance
from nlp.training.corpus import Given, one_label


def train(given: Given) -> None:
    """One label a text."""
    one_label(stance.RECIPE, given.own, [row["stance"] for row in given.own.rows], given)
