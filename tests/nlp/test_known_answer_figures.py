"""The figures of known answers: own answers only count, twins are told, and absent sets are skipped."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from nlp.quality.known_answers import DXY, JIAOZHEN, PIYAO, figures, tfidf_places

PAIRS = (
    ("喝茶能防风暴潮", "没有证据显示喝茶与风暴潮有任何关系，请关注预警。"),
    ("海盐被污染了", "监测表明海盐没有被污染，食盐供应充足。"),
    ("东疆沙滩封闭", "东疆沙滩管理方回应，沙滩正常开放，没有封闭。"),
    ("海虹全部有毒", "海虹抽检合格，没有检出贝类毒素。"),
)  # claims and answers


def folder(tmp_path: Path) -> Path:
    told = [{"claim": claim, "debunk": debunk} for claim, debunk in PAIRS]
    headlines = [{"claim": f"{claim}？"} for claim, _ in PAIRS]
    for name, rows in ((JIAOZHEN, told), (DXY, told[:2]), (PIYAO, headlines)):
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (tmp_path / f"{name}.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    return tmp_path


def test_every_figure_has_its_interval_and_the_ranking_stands_beside_the_floor_of_the_same_run(tmp_path: Path) -> None:
    found = figures(folder(tmp_path))
    ranking = {figure.metric: figure for figure in found[:3]}
    assert list(ranking) == ["recall@1", "recall@5", "MRR@10"]
    for figure in ranking.values():
        assert figure.low is not None
        assert figure.high is not None
        assert figure.floor is not None
        assert figure.low <= figure.score <= figure.high
        assert figure.reach == pytest.approx(min(1.0, figure.floor + 0.1))
    assert ranking["recall@5"].score == 1.0
    assert ranking["recall@1"].floor == 0.0  # headlines stand first for plain TF-IDF


def test_where_a_set_is_absent_there_is_no_figure(tmp_path: Path) -> None:
    (folder(tmp_path) / f"{DXY}.jsonl.gz").unlink()
    assert figures(tmp_path) == []


def test_equals_count_against_the_floor() -> None:
    assert tfidf_places(["海盐"], ["海盐", "海盐", "沙滩"]).tolist() == [2]
