"""Reads an answer that was set aside once more, with the spider of today and without asking any site."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from spiders.aside import read_kept
from spiders.child import SPIDERS
from spiders.run import job_of
from spiders.sources import Source
from spiders.spool import read_entries
from store.stages import Entry


@dataclass(frozen=True, slots=True)
class Again:
    """What the answer held this time; `trouble` is what is still wrong, Chinese, "" where it was read whole."""

    entries: tuple[Entry, ...]
    trouble: str
    pages: int  # further pages it leads to; the next run of the source asks for them


def read_again(source: Source, kept: Path, *, now: datetime) -> Again:
    """The answer of a file that a spider set aside, read by the same step as then."""
    try:
        answer = read_kept(kept)
    except OSError:
        return Again((), "原始回答已过保存期或未保留，无法重读", 0)
    except (ValueError, KeyError, TypeError) as error:
        return Again((), f"保留的原始回答已损坏（{type(error).__name__}），无法重读", 0)
    with tempfile.TemporaryDirectory(prefix="chaoxin-again-") as folder:
        listener = SPIDERS[source.kind](job=job_of(source, {}, now=now, folder=Path(folder)))
        listener.aside.raw = None  # it is kept already
        step = getattr(listener, answer.step, None)
        try:
            steps = step(answer.saved, **answer.given) if step else None
        except TypeError:
            steps = None
        if steps is None:
            return Again((), "来源的种类或读法已经改变，请等下次采集重新读取", 0)
        pages = sum(1 for _ in listener.drive(steps, answer, {"is_front": False, "kept": {}}))
        listener.finish()
        listener.out.flush()
        entries = read_entries(Path(folder))
    wrong = [unread.reason for unread in listener.aside.found.values()]
    wrong += [trouble.detail for trouble in listener.tally.inner_troubles + listener.tally.front_troubles]
    return Again(entries, wrong[0] if wrong else "", pages)
