"""Times `chaoxin annotate` on ten thousand short posts, pinned to one core, and prints rows a second, start-up and memory."""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

ROWS = 10_000
SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample" / "microblog.jsonl"


def posts(count: int) -> list[dict[str, str]]:
    """Short posts made of the sample day's own sentences, each a different mixture; mean about 60 characters."""
    rows = [json.loads(line)["text"] for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    pieces = [piece for text in rows for piece in text.replace("！", "。").split("。") if len(piece) > 5]
    choose = random.Random(20160620)
    return [{"id": str(i), "text": "。".join(choose.sample(pieces, 3))} for i in range(count)]


def main() -> int:
    """Run once in this process after pinning it to one core; threads of numerical libraries count as well."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
        source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in posts(ROWS)), encoding="utf-8")
        start = time.perf_counter()
        from flows.commands.annotate import annotate_file
        from nlp.annotate import Annotator

        annotator = Annotator.load()
        ready = time.perf_counter()
        count = annotate_file(source, target, annotator, tokens=False)
        done = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count} posts, one core: start-up {ready - start:.2f} s, {done - ready:.2f} s, ", end="")
    print(f"{count / (done - ready):.0f} posts/s, peak memory {memory:.0f} MB")
    return int(done - ready > 10 or memory > 1024)


if __name__ == "__main__":
    sys.exit(main())
