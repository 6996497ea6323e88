"""Spreads the blocks of a file over processes and takes their results back in the file's order."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, TypeVar

from store.errors import ChaoxinError, ServiceDown

BLOCK_LINES = 1000  # judged at once: the models work on matrices
BLOCK_CHARACTERS = 1_000_000  # and no more, or a thousand long lines would fill the memory
AHEAD = 2  # blocks a worker: one at work, one waiting

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that follow each other in a file; `first` is the number of the first, counted from 1."""

    first: int
    lines: list[str]


def blocks(lines: Iterable[str]) -> Iterator[Block]:
    """The lines in blocks; the cut depends on nothing but the lines."""
    block, characters = Block(1, []), 0
    for number, line in enumerate(lines, 1):
        if len(block.lines) == BLOCK_LINES or characters > BLOCK_CHARACTERS:
            yield block
            block, characters = Block(number, []), 0
        block.lines.append(line)
        characters += len(line)
    if block.lines:
        yield block


def in_order(work: Callable[[Block], Result], given: Iterable[Block], workers: int) -> Iterator[Result]:
    """What `work` makes of each block, in order, by so many processes; only a few blocks are held at a time.

    The error raised is the first in the file's order, whichever process met one first. Raises ServiceDown when a process
    is killed.
    """
    if workers == 1:
        yield from map(work, given)
        return
    pool = ProcessPoolExecutor(workers, mp_context=_context(), initializer=_begin, initargs=(work,))
    try:
        yield from _results(pool, given, workers * AHEAD)
    except BrokenProcessPool as error:
        raise ServiceDown(
            "a worker process was killed, probably for want of memory; run again with --workers 1"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _results(pool: ProcessPoolExecutor, given: Iterable[Block], ahead: int) -> Iterator[Any]:
    waiting: deque[Future[Any]] = deque()
    broken: list[Exception] = []
    for block in _until_broken(given, broken):
        if len(waiting) == ahead:
            yield waiting.popleft().result()
        waiting.append(pool.submit(_done, block))
    while waiting:
        yield waiting.popleft().result()
    if broken:
        raise broken[0]


def _until_broken(given: Iterable[Block], broken: list[Exception]) -> Iterator[Block]:
    """The blocks up to an error of the file itself, which waits in `broken`: errors in the rows before it come first."""
    try:
        yield from given
    except (OSError, ChaoxinError) as error:
        broken.append(error)


def _context() -> multiprocessing.context.BaseContext:
    """A forked process finds the models loaded; where there is no fork they are sent to it."""
    return multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")


_work: Callable[[Block], object]


def _begin(work: Callable[[Block], object]) -> None:
    global _work  # noqa: PLW0603 - a worker has one task, given to it once
    _work = work


def _done(block: Block) -> object:
    return _work(block)
