"""The figures of both levels: whole corpus and first edition, each with its interval."""

import json
from pathlib import Path

import pytest

from nlp.quality import category
from nlp.train import CORPUS


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every tenth group of the marine rows."""
    rows = [json.loads(line) for line in (CORPUS / "marine.jsonl").read_text("utf-8").splitlines()]
    groups = sorted({row["group"] for row in rows})[::10]
    kept = [json.dumps(row, ensure_ascii=False) for row in rows if row["group"] in groups]
    (tmp_path / "marine.jsonl").write_text("\n".join(kept), "utf-8")
    monkeypatch.setattr(category, "CORPUS", tmp_path)
    return tmp_path


def test_both_levels_are_measured_on_all_rows_and_on_the_first_edition(small: Path) -> None:
    found = {figure.metric: figure for figure in category.figures(small)}
    assert len(found) == 8
    whole, early = found["first part is the main part"], found["first part is the main part (first edition)"]
    assert whole.rows > early.rows > 0
    for figure in found.values():
        assert figure.low is not None
        assert figure.high is not None
        assert 0.0 <= figure.low <= figure.score <= figure.high <= 1.0
        assert "scene" in figure.split
    assert found["first part is the main part, category given"].score >= whole.score
