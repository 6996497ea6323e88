"""Times `chaoxin cluster` on hot-search titles, each size in a process of its own on one core, and fits how cost grows.

Usage: python -m benchmarks.cluster FOLDER [SIZE ...]; FOLDER holds hotsearch_2020_2023.jsonl.gz (docs/quality.md says how
to obtain it). Prints a Markdown table; fails when the largest size is over its limits.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.quality.sets import rows

SIZES = (25_000, 50_000, 100_000, 200_000, 275_421)
MOST_SECONDS, MOST_MEGABYTES, MOST_EXPONENT = 120.0, 1536.0, 1.1
TITLES = "hotsearch_2020_2023"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command: rows, wall seconds from start of the process to its end, peak memory in megabytes."""

    rows: int
    seconds: float
    cpu_seconds: float
    megabytes: float


def exponent(runs: Sequence[Run]) -> float:
    """Slope of ln(CPU seconds) over ln(rows), least squares."""
    across = [math.log(run.rows) for run in runs]
    up = [math.log(run.cpu_seconds) for run in runs]
    middle, height = sum(across) / len(across), sum(up) / len(up)
    slope = sum((x - middle) * (y - height) for x, y in zip(across, up, strict=True))
    return slope / sum((x - middle) ** 2 for x in across)


def timed(source: Path, target: Path, count: int) -> Run:
    """The command on a file, as anyone runs it."""
    command = [sys.executable, "-m", "flows.cli", "cluster", str(source), str(target)]
    begun = time.perf_counter()
    child = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"chaoxin cluster failed on {count} rows: run it by hand to see why")
    seconds = time.perf_counter() - begun
    return Run(count, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> int:
    """Prints a line a size, then the exponent."""
    folder, *sizes = sys.argv[1:]
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # children inherit the one core
    titles = rows(Path(folder), TITLES)
    print("| titles | seconds | CPU seconds | titles a second | peak memory, MB |\n|--:|--:|--:|--:|--:|")
    runs = []
    with tempfile.TemporaryDirectory() as work:
        source, target = Path(work) / "in.jsonl", Path(work) / "out.jsonl"
        for size in [int(size) for size in sizes] or SIZES:
            chosen = titles[:size]
            source.write_text("".join(map(_line, range(len(chosen)), chosen)), encoding="utf-8")
            run = timed(source, target, len(chosen))
            runs.append(run)
            rate = run.rows / run.seconds
            print(
                f"| {run.rows:,} | {run.seconds:.1f} | {run.cpu_seconds:.1f} | {rate:,.0f} | {run.megabytes:.0f} |",
                flush=True,
            )
    growth = exponent(runs) if len(runs) > 1 else 1.0
    print(f"\ncost grows as n^{growth:.2f}")
    last = runs[-1]
    return int(last.seconds > MOST_SECONDS or last.megabytes > MOST_MEGABYTES or growth > MOST_EXPONENT)


def _line(number: int, row: dict[str, str]) -> str:
    return json.dumps({"id": number, "text": row["title"], "published_at": row["first"]}, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
