"""Work spread over processes: in order, the same bytes, the first error, no half file."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.commands.annotate import annotate_file, fitting_workers
from flows.commands.workers import BLOCK_LINES, Block, blocks, in_order
from nlp.annotate import Annotator
from store.errors import BadInput, ServiceDown

HOSTILE = [
    "", "   ", "\x00潮", "[" * 5000, "(" * 2000 + ")" * 2000, "潮" * 50_000, "A" * 100_000, "#@//http://t.cn/", "\u200b\ufeff",
    "İΣς", "臺灣海峽風暴潮", "2026年13月45日99时", "😀🏻" * 200,
]  # fmt: skip


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator.load()


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def rows(count: int) -> list[str]:
    texts = ["塘沽沿海风暴潮橙色警报", "今晚的火锅真好吃", "听说北塘海鲜有毒,快转发!!", *HOSTILE]
    return [json.dumps({"id": number, "text": texts[number % len(texts)]}) for number in range(count)]


def test_one_worker_and_two_write_the_same_bytes_in_order(annotator: Annotator, tmp_path: Path) -> None:
    lines = rows(2500)
    lines[7:7] = ["", '{"id": "half", "text": "海\\ud83c"}', '{"id": "\\ud83c", "text": "海", "n": NaN}', "  "]
    source = write(tmp_path / "in.jsonl", lines)
    written = []
    for workers in (1, 2):
        target = tmp_path / f"out{workers}.jsonl"
        assert annotate_file(source, target, annotator, tokens=True, workers=workers) == 2502
        written.append(target.read_bytes())
    assert written[0] == written[1]
    ids = [json.loads(line)["id"] for line in written[0].decode().splitlines()]
    assert ids == [*range(7), "half", "\ud83c", *range(7, 2500)]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_first_bad_line_is_named_and_the_old_file_stays(annotator: Annotator, tmp_path: Path, workers: int) -> None:
    lines = [*rows(30), "not json", *rows(3000), "nor this", *rows(30)]
    source = write(tmp_path / "in.jsonl", lines)
    target = write(tmp_path / "out.jsonl", ["old"])
    with pytest.raises(BadInput, match=r"in\.jsonl line 31: no JSON"):
        annotate_file(source, target, annotator, tokens=False, workers=workers)
    assert target.read_text() == "old\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_a_late_bad_line_is_counted_from_the_start_of_the_file(annotator: Annotator, tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", [*rows(2 * BLOCK_LINES), "{"])
    with pytest.raises(BadInput, match=f"line {2 * BLOCK_LINES + 1}: no JSON"):
        annotate_file(source, tmp_path / "out.jsonl", annotator, tokens=False, workers=2)


def test_blocks_are_cut_by_lines_and_by_characters() -> None:
    found = list(blocks(["a"] * (2 * BLOCK_LINES + 1)))
    assert [(block.first, len(block.lines)) for block in found] == [(1, 1000), (1001, 1000), (2001, 1)]
    assert [block.first for block in blocks(["a" * 600_000] * 5)] == [1, 3, 5]
    assert list(blocks([])) == []


def first_line(block: Block) -> int:
    if block.lines == ["bad"]:
        raise BadInput(f"line {block.first}")
    if block.lines == ["kill"]:
        os.kill(os.getpid(), signal.SIGKILL)
    return block.first


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_come_in_the_order_of_the_blocks(workers: int) -> None:
    given = [Block(number, ["good"]) for number in range(20)]
    assert list(in_order(first_line, given, workers)) == list(range(20))


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_in_a_row_comes_before_a_later_error_of_the_file(workers: int) -> None:
    def given() -> Iterator[Block]:
        yield Block(1, ["good"])
        yield Block(2, ["bad"])
        raise BadInput("the file breaks off")

    results = in_order(first_line, given(), workers)
    assert next(results) == 1
    with pytest.raises(BadInput, match="line 2"):
        next(results)


def test_the_error_of_the_file_comes_after_the_rows_before_it() -> None:
    def given() -> Iterator[Block]:
        yield Block(1, ["good"])
        raise BadInput("the file breaks off")

    results = in_order(first_line, given(), 2)
    assert next(results) == 1
    with pytest.raises(BadInput, match="breaks off"):
        next(results)


def test_a_killed_worker_is_named_with_what_to_do() -> None:
    with pytest.raises(ServiceDown, match="--workers 1"):
        list(in_order(first_line, [Block(1, ["kill"])], 2))


def test_a_small_file_is_worth_one_worker(tmp_path: Path) -> None:
    assert fitting_workers(write(tmp_path / "in.jsonl", ["{}"])) == 1
    assert fitting_workers(tmp_path / "missing.jsonl") == 1
    assert fitting_workers(write(tmp_path / "large.jsonl", ["潮" * 200_000])) >= 1
