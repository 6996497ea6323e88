"""Progress on screen: a bar a stage on a terminal, a line a stage elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Item = TypeVar("Item")
Result = TypeVar("Result")


class Steps:
    """The bars of one run."""

    def __init__(self, progress: Progress, console: Console) -> None:
        self._progress = progress
        self._console = console

    def each(self, title: str, items: Iterable[Item], act: Callable[[Item], Result]) -> list[Result]:
        """Do `act` to every item in order, moving the bar of this stage."""
        waiting = list(items)
        bar = self._progress.add_task(title, total=len(waiting))
        results = []
        for item in waiting:
            results.append(act(item))
            self._progress.advance(bar)
        self._done(title, len(waiting))
        return results

    def once(self, title: str, act: Callable[[], Result]) -> Result:
        """Do one thing that has no parts to count."""
        return self.each(title, [None], lambda _: act())[0]

    def _done(self, title: str, count: int) -> None:
        if not self._console.is_terminal:
            self._console.print(f"{title}：完成（{count}）", highlight=False)


@contextmanager
def shown(console: Console) -> Iterator[Steps]:
    """Bars while the block runs; on a pipe only one line a stage."""
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    with progress:
        yield Steps(progress, console)
