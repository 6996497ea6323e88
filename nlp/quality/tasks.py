"""The table of what `chaoxin evaluate` measures: each task by name, its module, and the files its figures are read from."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from nlp.quality.figures import Figure
from nlp.quality.sets import SetAbsent
from store.settings import ROOT

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """A module with `figures(folder)`, and its files: a name of the evaluation folder, or a path of ours with a slash."""

    module: str
    files: tuple[str, ...]


OWN = ("data/corpus/marine.jsonl", "data/corpus/other.jsonl")
TASKS: dict[str, Task] = {
    "claim_risk": Task("nlp.quality.claim_risk", ("rumour_weibo21_trainval.jsonl.gz",)),
    "domains": Task("nlp.quality.domains", ("rumour_weibo21_trainval.jsonl.gz",)),
    "known_answers": Task(
        "nlp.quality.known_answers",
        (
            "debunk_kb_jiaozhen_debunks.jsonl.gz",
            "debunk_kb_dxy_debunks.jsonl.gz",
            "debunk_kb_piyao_titles.jsonl.gz",
            "rumour_weibo21_trainval.jsonl.gz",
        ),
    ),
    "emotion": Task("nlp.quality.emotion", ("sent_smp_virus_train_eval.jsonl.gz", "sent_smp_usual_5000.jsonl.gz")),
    "department": Task(
        "nlp.quality.department",
        (
            "boards_fj2_labelled_even.jsonl.gz",
            "boards_fj1_label_tree.jsonl.gz",
            "boards_fj2_test_unlabelled.jsonl.gz",
            "boards_fj3_messages.jsonl.gz",
        ),
    ),
    "stance": Task("nlp.quality.stance", ("stance_nlpcc2016_train.jsonl.gz", "stance_cstanceA_val.jsonl.gz")),
    "clusters": Task("nlp.quality.clusters", ("clusters_hashtag_A.jsonl.gz", "boards_fj3_messages.jsonl.gz")),
    "relevance": Task(
        "nlp.quality.relevance",
        ("hotsearch_2020_2023.jsonl.gz", "data/gold/relevance.tsv", "data/gold/relevance_learning.tsv"),
    ),
    "critics": Task("nlp.quality.critics", ("tests/fixtures/claims/critical_posts.jsonl",)),
    "category": Task("nlp.quality.category", OWN),
    "own_corpus": Task("nlp.quality.own_corpus", OWN),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What measuring one task gave: its figures, or why there are none."""

    task: str
    figures: tuple[Figure, ...]
    skipped: str = ""  # why, naming what is absent; "" when it was measured


def path_of(file: str, folder: Path) -> Path:
    """Where a task's file lies."""
    return ROOT / file if "/" in file else folder / file


def digest(file: str, folder: Path) -> str | None:
    """SHA-256 hex of a task's file; None when it is absent."""
    path = path_of(file, folder)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def measure(name: str, folder: Path) -> Outcome:
    """Measure one task; a set that is absent skips it by name, any other failure is raised."""
    absent = [file for file in TASKS[name].files if not path_of(file, folder).exists()]
    if absent:
        return Outcome(name, (), f"absent: {', '.join(absent)}")
    try:
        found: Sequence[Figure] = importlib.import_module(TASKS[name].module).figures(folder)
    except SetAbsent as error:
        return Outcome(name, (), str(error))
    return Outcome(name, tuple(found), "" if found else "its module gave no figure")


def measure_all(names: Sequence[str], folder: Path, *, processes: int) -> Iterator[Outcome]:
    """Measure these tasks, several at once in processes of their own; outcomes come in the order of `names`."""
    if processes == 1 or len(names) <= 1:
        yield from (measure(name, folder) for name in names)
        return
    with ProcessPoolExecutor(min(processes, len(names)), mp_context=get_context("spawn")) as pool:
        waiting: list[Future[Outcome]] = [pool.submit(measure, name, folder) for name in names]
        yield from (future.result() for future in waiting)
