"""Criticism, complaints, questions, satire and opinion stay out of the claims; what asserts a checkable alarm gets in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from nlp.quality.critics import CLAIM, figures, read_posts
from nlp.quality.figures import Figure
from store.errors import BadInput


@pytest.fixture(scope="module")
def measured() -> dict[str, Figure]:
    return {figure.task: figure for figure in figures(Path())}


def test_the_posts_are_many_and_of_every_kind() -> None:
    kinds = Counter(post.kind for post in read_posts())
    assert sum(count for kind, count in kinds.items() if kind != CLAIM) >= 300
    assert set(kinds) == {CLAIM, "criticism", "complaint", "question", "satire", "opinion"}


@pytest.mark.parametrize("trial", ["alone", "passed on", "passed on and doubted"])
def test_critics_are_kept_out_however_often_they_are_passed_on_or_doubted(
    trial: str, measured: dict[str, Figure]
) -> None:
    figure = measured[f"critical posts kept out of the claims, {trial}"]
    assert figure.score >= 0.95, figure


def test_most_claims_are_found_once_they_are_passed_on_and_doubted(measured: dict[str, Figure]) -> None:
    figure = measured["claims among critical posts found, passed on and doubted"]
    assert figure.score >= 0.80, figure
    assert figure.low is not None
    assert figure.low < figure.score


def test_broken_posts_are_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "critical_posts.jsonl"
    with pytest.raises(BadInput, match="restore it"):
        read_posts(path)
    path.write_text('{"id": "c1", "text": "x"}\n', "utf-8")
    with pytest.raises(BadInput, match="critical_posts"):
        read_posts(path)
