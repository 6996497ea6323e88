"""Figures of stance, on a made-up set: each target is learned by itself, a set that is absent is passed over."""

import gzip
import json
from pathlib import Path

from nlp.quality.stance import POSTS, STANCES, figures

SAYINGS = ("我支持，真是好事", "坚决反对，凭什么", "今天路过看了一眼")


def test_a_folder_without_the_sets_gives_no_figure(tmp_path: Path) -> None:
    assert figures(tmp_path) == []


def test_clear_words_are_judged_right_and_the_floor_is_of_the_same_run(tmp_path: Path) -> None:
    rows = [
        {"text": f"{saying}，第{number}次说{target}", "target": target, "stance": stance}
        for target in ("禁放鞭炮", "开放二胎")
        for number in range(10)
        for saying, stance in zip(SAYINGS, STANCES, strict=True)
    ]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / f"{POSTS}.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    ours, plain = figures(tmp_path)
    assert ours.score == plain.score == 1.0
    assert ours.floor == plain.score
    assert ours.reach == 1.02
    assert ours.rows == len(rows)
