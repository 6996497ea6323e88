"""The figure of departments is passed over where a set is absent."""

from pathlib import Path

from nlp.quality.department import figures


def test_a_folder_without_the_sets_gives_no_figure(tmp_path: Path) -> None:
    assert figures(tmp_path) == []
