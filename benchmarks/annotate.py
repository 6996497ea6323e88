"""Times `chaoxin annotate` on short posts beside the pipeline most people would write, in one run; see benchmarks/README.md.

Rates are rows per second of processor time, reading and writing JSON included: on a machine shared with others the clock
says more about them. The clock's rates stand beside. Exit status 1 when a limit does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SAMPLE = ROOT / "data" / "sample" / "microblog.jsonl"
ONE_CORE, TWO_CORES = 5000, 9000  # posts a second, at least
TIMES_OBVIOUS = 10  # as many rows a second as the obvious pipeline, at least
START_SECONDS, MEMORY_MB = 3.0, 1024  # at most
BY_PROCESSOR = (  # the obvious pipeline as it is, but for the clock it reads
    "import runpy, sys, time; time.perf_counter = time.process_time; "
    "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
)


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds of one run over all rows: of the clock, and of the processor in this process and its workers."""

    clock: float
    processor: float


def posts(count: int) -> list[dict[str, str]]:
    """Short posts made of the sample day's own sentences, each a different mixture; mean 91 characters."""
    rows = [json.loads(line)["text"] for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    pieces = [piece for text in rows for piece in text.replace("！", "。").split("。") if len(piece) > 5]
    choose = random.Random(20160620)
    return [{"id": str(i), "text": "。".join(choose.sample(pieces, 3))} for i in range(count)]


@contextmanager
def pinned(cores: int) -> Iterator[bool]:
    """Keeps this process and its children on so many cores; False where the machine has fewer or cannot."""
    usable = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(usable) < cores:
        yield False
        return
    os.sched_setaffinity(0, usable[:cores])
    yield True
    os.sched_setaffinity(0, usable)


def spent() -> float:
    """Processor seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def peak_mb() -> float:
    """Peak memory of the largest process so far."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


class Ours:
    """The annotator, loaded; `started` is what loading took."""

    def __init__(self) -> None:
        clock, processor = time.perf_counter(), spent()
        from flows.commands.annotate import annotate_file
        from nlp.annotate import Annotator

        self._annotator, self._annotate_file = Annotator.load(), annotate_file
        self.started = Run(time.perf_counter() - clock, spent() - processor)

    def run(self, source: Path, *, workers: int = 1) -> Run:
        """Annotate the file once."""
        clock, processor = time.perf_counter(), spent()
        self._annotate_file(source, source.with_suffix(".out"), self._annotator, tokens=False, workers=workers)
        return Run(time.perf_counter() - clock, spent() - processor)


def obvious_rate(options: argparse.Namespace, source: Path) -> float | None:
    """Rows per processor second of the obvious pipeline on the same rows; None, with the reason printed, when it cannot run."""
    for path in (options.obvious, options.train):
        if not path.exists():
            print(f"skipped: the obvious pipeline ({path.name} is not there; name it by --obvious and --train)")
            return None
    needs = [options.python, "-c", "import datasketch, jieba, sklearn"]
    if subprocess.run(needs, check=False, capture_output=True).returncode:
        print("skipped: the obvious pipeline (datasketch is not installed for the interpreter of --python)")
        return None
    arguments = [options.python, "-c", BY_PROCESSOR, *map(str, (options.obvious, options.train, source))]
    done = subprocess.run([*arguments, str(source.with_suffix(".obvious"))], capture_output=True, text=True, check=True)
    found = re.search(r"(\d+) rows/s", done.stdout)
    return float(found.group(1)) if found else None


def rates(runs: list[Run], rows: int, *, cores: int = 1) -> list[float]:
    """Rows a second of each run, lowest first, had the cores been ours alone."""
    return sorted(rows * cores / run.processor for run in runs)


def shown(name: str, runs: list[Run], rows: int, *, cores: int = 1) -> float:
    """Print the rates of some runs; returns the median."""
    low, *_, high = found = rates(runs, rows, cores=cores)
    middle = statistics.median(found)
    clock = statistics.median(rows / run.clock for run in runs)
    print(f"{name}: median {middle:,.0f} posts/s ({low:,.0f} to {high:,.0f}); by the clock {clock:,.0f}")
    return middle


def held(name: str, value: float, limit: float, *, at_most: bool = False) -> bool:
    """Whether a limit holds; a broken one is printed."""
    good = value <= limit if at_most else value >= limit
    if not good:
        print(f"BROKEN: {name} {value:,.1f}, {'at most' if at_most else 'at least'} {limit:,}")
    return good


def measured(options: argparse.Namespace, source: Path) -> list[bool]:
    """Run everything; one truth a limit."""
    with pinned(1):
        ours = Ours()
        print(f"start-up: {ours.started.processor:.2f} s of the processor, {ours.started.clock:.2f} s of the clock")
        early = [ours.run(source) for _ in range(options.repeats)]
        obvious = None if options.alone else obvious_rate(options, source)
        runs = early + [ours.run(source) for _ in range(options.repeats if obvious else 0)]
        one = shown("one core", runs, options.rows)
    limits = [
        held("start-up, seconds", ours.started.processor, START_SECONDS, at_most=True),
        held("posts a second on one core", one, ONE_CORE),
    ]
    best = one
    with pinned(2) as two_cores:
        if two_cores:
            runs = [ours.run(source, workers=2) for _ in range(options.repeats)]
            best = shown("two cores", runs, options.rows, cores=2)
            limits.append(held("posts a second on two cores", best, TWO_CORES))
        else:
            print("skipped: two cores (this process may use one)")
    if obvious:
        print(
            f"obvious pipeline: {obvious:,.0f} posts/s; ours on one core is {one / obvious:.1f} times as fast,", end=" "
        )
        print(f"as `chaoxin annotate` runs here {best / obvious:.1f} times")
        limits.append(held("times the obvious pipeline", best / obvious, TIMES_OBVIOUS))
    print(f"peak memory of the largest process: {peak_mb():,.0f} MB")
    return [*limits, held("memory, MB", peak_mb(), MEMORY_MB, at_most=True)]


def main() -> int:
    """Read the options, write the rows, measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000, help="posts to annotate")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each kind")
    parser.add_argument("--alone", action="store_true", help="leave the obvious pipeline out: it takes a minute")
    parser.add_argument("--obvious", type=Path, default=SHARED / "obvious_pipeline.py", help="the obvious pipeline")
    parser.add_argument("--train", type=Path, default=SHARED / "data" / "rumour_weibo21_trainval.jsonl.gz")
    parser.add_argument("--python", default=os.environ.get("CHAOXIN_OBVIOUS_PYTHON", sys.executable))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.jsonl"
        rows = (json.dumps(row, ensure_ascii=False) + "\n" for row in posts(options.rows))
        source.write_text("".join(rows), encoding="utf-8")
        print(f"{options.rows:,} posts, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
        return int(not all(measured(options, source)))


if __name__ == "__main__":
    sys.exit(main())
