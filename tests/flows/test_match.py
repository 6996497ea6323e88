"""`chaoxin match` as a real process: ranked known answers, the same bytes twice, one clear message for what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ANSWERS = (
    {"id": "salt", "debunk": "海盐没有被污染，食盐供应充足，没有必要囤盐。", "date": "2023-08-25"},
    {"id": 7, "claim": "东疆海水倒灌，汽车被淹", "text": "视频拍摄于2018年的宁波，与天津无关。", "verdict": "假"},
    {"id": "title", "claim": "海盐被污染了？"},
)
CLAIMS = (
    {"id": "a", "text": "听说海盐被污染了，快囤盐", "published_at": "2023-09-01T08:00:00+08:00"},
    {"id": 2, "claim": "天津东疆海水倒灌，汽车都被淹了"},
    {"id": "c", "text": "https://t.cn/abc"},
)


def written(path: Path, rows: object) -> Path:
    assert isinstance(rows, tuple)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def chaoxin(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    environment |= {"CHAOXIN_STATE": str(tmp_path / "state"), "PYTHONHASHSEED": "random"}
    command = [sys.executable, "-m", "flows.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_each_text_gets_its_answers_best_first_and_the_same_bytes_twice(tmp_path: Path) -> None:
    source, known = written(tmp_path / "in.jsonl", CLAIMS), written(tmp_path / "kb.jsonl", ANSWERS)
    outs = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    for out in outs:
        done = chaoxin(tmp_path, "match", str(source), str(out), "--against", str(known))
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    rows = [json.loads(line) for line in outs[0].read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["a", 2, "c"]
    assert [row["matches"][0]["id"] for row in rows[:2]] == ["salt", 7]
    assert rows[2]["matches"] == []
    for row in rows:
        scores = [match["score"] for match in row["matches"]]
        assert scores == sorted(scores, reverse=True)
        assert all(0.0 <= score <= 1.0 for score in scores)
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("claims", "answers", "named"),
    [
        (CLAIMS, ({"id": 1, "text": "x"}, {"id": 2}), "kb.jsonl line 2: none of claim"),
        (CLAIMS, (), "kb.jsonl: holds no known answer"),
        (({"id": 1},), ANSWERS, "in.jsonl line 1: 'text' is missing"),
    ],
)
def test_bad_rows_end_with_2_and_one_line_and_leave_the_old_output(
    claims: object, answers: object, named: str, tmp_path: Path
) -> None:
    source, known = written(tmp_path / "in.jsonl", claims), written(tmp_path / "kb.jsonl", answers)
    out = tmp_path / "out.jsonl"
    out.write_text("old\n", encoding="utf-8")
    done = chaoxin(tmp_path, "match", str(source), str(out), "--against", str(known))
    assert done.returncode == 2
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert out.read_text(encoding="utf-8") == "old\n"


def test_without_known_answers_the_command_says_what_is_missing(tmp_path: Path) -> None:
    done = chaoxin(tmp_path, "match", "in.jsonl", "out.jsonl")
    assert done.returncode == 2
    assert "--against" in done.stderr
