"""Many tasks, and who does them: this process, processes of this machine, or an executor such as a Dask cluster's.

One loop for all of them. Every task has an outcome, its result or a `Lost`; whoever gives tasks loses none by a worker.
A process that dies takes its executor with it, and nobody knows which task it died of. On this machine the tasks that
were running are therefore tried again, each alone: one that is alone when it happens is to blame. A cluster tries the
tasks of a lost worker again by itself; when its scheduler is lost, everything that is not done is.

Tasks and functions are pickled; functions are importable by name.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from simdetect.running.cluster import error_of, first_done
from simdetect.running.process import end_with_parent, keep_freed_memory

__all__ = ["Lost", "Workers"]

Task = TypeVar("Task")
Result = TypeVar("Result")
Told = Callable[[int, int], None]

_AHEAD_HERE: Final = 2  # tasks a process that wait for it, so that none is idle
_AHEAD_ELSEWHERE: Final = 64  # as many on an executor, whose workers nobody counts
_IDLE_S: Final = 600  # after which a process without a task ends
_LOST: Final = "its worker was lost"
_DIED: Final = "its worker process died; was there enough memory?"


@dataclass(frozen=True, slots=True)
class Lost:
    """Why a task has no result: its worker was lost, or something else went wrong around it.

    detail: one line. error: what its executor said. was_begun: False when it was not even taken, since all workers were
    lost before.
    """

    detail: str
    error: BaseException
    was_begun: bool = True


@dataclass(frozen=True, slots=True)
class Workers:
    """Who does tasks. n: processes on this machine; None: this process does them itself.

    executor: any whose workers see the same files, instead of both; n then only says how many tasks are given to it at
    a time.
    """

    n: int | None = None
    executor: Executor | None = None

    def run(
        self, function: Callable[[Task], Result], tasks: Sequence[Task], told: Told | None = None
    ) -> Iterator[tuple[int, Result | Lost]]:
        """Do tasks, begun in their order. Yields the number of each with its outcome, as they are done.

        told: called as told(done, total). An error that a function raises in this process is raised here; one in
        another is a `Lost`.
        """
        for n_done, outcome in enumerate(self._outcomes(partial(_settled, function), tasks), 1):
            if told is not None:
                told(n_done, len(tasks))
            yield outcome

    def map(
        self, function: Callable[[Task], Result], tasks: Sequence[Task], told: Told | None = None
    ) -> Iterator[Result | Lost]:
        """As `run`, but outcomes in the order of the tasks: those that are early are held, so let them be small."""
        held: dict[int, Result | Lost] = {}
        wanted = 0
        for number, outcome in self.run(function, tasks, told):
            held[number] = outcome
            while wanted in held:
                yield held.pop(wanted)
                wanted += 1

    def map_all(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """As `map`; what workers lose is done by this process."""
        for task, outcome in zip(tasks, self.map(function, tasks), strict=True):
            if isinstance(outcome, Lost):
                yield _settled(function, task)
            else:
                yield outcome

    def _outcomes(self, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        if self.executor is not None:
            run = _Run(self.executor, function, max(self.n or 1, 1) * _AHEAD_ELSEWHERE)
            return run.outcomes(dict(enumerate(tasks)))
        if self.n is None:
            return ((number, function(task)) for number, task in enumerate(tasks))
        return _on_processes(function, tasks, min(self.n, len(tasks)))


def _settled(function: Callable[[Task], Result], task: Task) -> Result:
    """A task in a process that is set up for it."""
    keep_freed_memory()
    return function(task)


def _on_processes(function: Callable[[Any], Any], tasks: Sequence[Any], n: int) -> Iterator[tuple[int, Any]]:
    """Outcomes of tasks on n processes of this machine, and then of those that a process may have died of."""
    left = dict(enumerate(tasks))
    suspects: list[int] = []
    while left:
        lost: list[tuple[int, Lost]] = []
        for number, outcome in _on_new_processes(function, dict(left), n):
            if isinstance(outcome, Lost):
                lost.append((number, outcome))
            else:
                del left[number]
                yield number, outcome
        # Where not even the first could be given to a process, it is a suspect too: every round has fewer tasks.
        for number in [number for number, outcome in lost if outcome.was_begun] or [number for number, _ in lost[:1]]:
            del left[number]
            suspects.append(number)
    for suspect in sorted(suspects):
        for number, outcome in _on_new_processes(function, {suspect: tasks[suspect]}, 1):
            yield number, Lost(_DIED, outcome.error) if isinstance(outcome, Lost) else outcome


def _on_new_processes(function: Callable[[Any], Any], todo: Mapping[int, Any], n: int) -> Iterator[tuple[int, Any]]:
    with local_executor(n) as executor:
        yield from _Run(executor, function, n * _AHEAD_HERE).outcomes(todo)


def local_executor(n: int) -> Executor:
    """Processes on this machine, which end with this one also when it is killed."""
    from loky import ProcessPoolExecutor

    made: Executor = ProcessPoolExecutor(n, timeout=_IDLE_S, initializer=end_with_parent, initargs=(os.getpid(),))
    return made


class _Run:
    """One run of tasks on an executor, a limited number of them at a time."""

    def __init__(self, executor: Executor, function: Callable[[Any], Any], n_ahead: int) -> None:
        self._executor = executor
        self._function = function
        self._n_ahead = n_ahead
        self._running: dict[Future[Any], int] = {}
        self._refusal: BaseException | None = None  # what the executor said when it took no more

    def outcomes(self, todo: Mapping[int, Any]) -> Iterator[tuple[int, Any]]:
        """What becomes of each task, by number, as it is done. Tasks that nobody waits for any more are not begun."""
        waiting = deque(todo.items())
        try:
            self._fill(waiting)
            while self._running:
                for future in first_done(self._running, self._executor):
                    yield self._running.pop(future), self._outcome(future)
                self._fill(waiting)
            for number, _ in waiting:
                assert self._refusal is not None
                yield number, Lost(_LOST, self._refusal, was_begun=False)
        finally:
            for future in self._running:
                future.cancel()

    def _fill(self, waiting: deque[tuple[int, Any]]) -> None:
        while self._refusal is None and waiting and len(self._running) < self._n_ahead:
            number, task = waiting[0]
            try:
                self._running[self._executor.submit(self._function, task)] = number
            except (BrokenExecutor, RuntimeError) as error:
                self._refusal = error
            else:
                waiting.popleft()

    def _outcome(self, future: Future[Any]) -> Any:
        error = error_of(future)
        if error is None:
            return future.result()
        if isinstance(error, BrokenExecutor):
            self._refusal = error
        return Lost(_LOST, error)
