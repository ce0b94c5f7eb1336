"""Progress bars for long scans, on standard error and only when a person is watching."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from simdetect.report.safe import clip

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["ScanProgress"]

PATIENCE_S = 1.0  # work that takes less needs no bar


class ScanProgress:
    """A callable `progress(stage, done, total)` that draws one bar for each stage, and a context that clears them.

    has_eta: whether bars say how long the rest will take.
    """

    def __init__(self, is_shown: bool, patience_s: float = PATIENCE_S, *, has_eta: bool = False) -> None:
        self._has_eta = has_eta
        self._is_shown = is_shown and sys.stderr.isatty()
        self._shows_from = time.monotonic() + patience_s
        self._bars: Progress | None = None
        self._task_by_stage: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note that `done` of `total` pieces of a stage are finished; a total of 0 is one not yet known."""
        if not self._is_shown or time.monotonic() < self._shows_from:
            return
        bars = self._started()
        task = self._task_by_stage.get(stage)
        if task is None:
            task = self._task_by_stage[stage] = bars.add_task(clip(stage, 30), total=None)
        bars.update(task, completed=done, total=total or None)

    def _started(self) -> Progress:
        if self._bars is None:
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeElapsedColumn,
                TimeRemainingColumn,
            )

            columns = [TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn()]
            times = [TimeElapsedColumn(), *([TimeRemainingColumn()] if self._has_eta else [])]
            console = Console(stderr=True, markup=False, emoji=False, highlight=False)
            self._bars = Progress(*columns, *times, console=console, transient=True)
            self._bars.start()
        return self._bars
