"""Where tasks run: processes with hard limits that a hostile file can stall or crash at the cost of that file alone.

A `WorkerPool` keeps its processes between calls, since starting one takes about 0.2 s, and `shared_pool` keeps one pool
for callers that have none. See `worker` for how a task is given to a process, and `process` for what that does with it.
"""

from __future__ import annotations

import atexit
import contextlib
import queue
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from multiprocessing.util import Finalize
from types import TracebackType
from typing import Any, TypeVar, overload

from simdetect.errors import WorkerError
from simdetect.running.messages import Call, Failure
from simdetect.running.worker import Order, Orders, Worker, preparation

__all__ = ["Failure", "WorkerPool", "shared_pool"]

Task = TypeVar("Task")
Result = TypeVar("Result")
Parts = Generator[tuple[int, int], None, Result]


class WorkerPool:
    """Worker processes that start with the first task and live until `close`. Safe to use from several threads."""

    def __init__(self, jobs: int, memory_bytes: int) -> None:
        self._jobs = jobs
        self._memory_bytes = memory_bytes
        self._workers: list[Worker] = []
        self._waiting: Orders = queue.SimpleQueue()
        self._lock = threading.Lock()
        self.isolation: tuple[str, ...] | None = None  # what held in the process that started last; None before any

    @overload
    def map(
        self,
        function: Callable[[Task], Parts[Result]],
        tasks: Sequence[Task],
        limit_seconds: float | Sequence[float],
        deadline: float | None = None,
    ) -> Iterator[Result | Failure]: ...

    @overload
    def map(
        self,
        function: Callable[[Task], Result],
        tasks: Sequence[Task],
        limit_seconds: float | Sequence[float],
        deadline: float | None = None,
    ) -> Iterator[Result | Failure]: ...

    def map(
        self,
        function: Callable[[Task], Any],
        tasks: Sequence[Task],
        limit_seconds: float | Sequence[float],
        deadline: float | None = None,
    ) -> Iterator[Any]:
        """Begin to run function on every task. Yields results in the order of the tasks, a `Failure` where one failed.

        function: importable by name; it and the tasks are pickled. A generator works in parts: before each it yields
        which items of its task it is about (first, behind last), and returns the result; the task has a length, and so
        many parts and a few more are believed. limit_seconds: wall clock, each task's own or each part's, from when it
        starts; one for all tasks, or one for each.
        deadline: on the clock of `time.monotonic`; what is not done by then is a failure "deadline".
        Raises WorkerError when processes cannot be started at all, or the pool is closed meanwhile.
        """
        limits = limit_seconds if isinstance(limit_seconds, Sequence) else [limit_seconds] * len(tasks)
        orders = [Order(Call(function, *pair), deadline) for pair in zip(tasks, limits, strict=True)]
        self._give(orders)
        return _outcomes(orders)

    def prepare(self, function: Callable[..., Any]) -> None:
        """Begin to start one more process, if all are not yet started, for a function that `map` will soon be asked
        for."""
        if sum(worker.is_started for worker in self._workers) < self._jobs:
            self._give([Order(preparation(function))])

    def _give(self, orders: Sequence[Order]) -> None:
        with self._lock:
            if not self._workers:
                self._workers = [Worker(self._waiting, self._memory_bytes, self._note) for _ in range(self._jobs)]
            for order in orders:
                self._waiting.put(order)

    def close(self) -> None:
        """Stop the processes. The pool can be used again; it then starts new ones."""
        with self._lock:
            workers, self._workers = self._workers, []
            waiting, self._waiting = self._waiting, queue.SimpleQueue()
        with contextlib.suppress(queue.Empty):
            while True:
                if order := waiting.get_nowait():
                    order.outcome.cancel()
        for _ in workers:
            waiting.put(None)
        for worker in workers:
            worker.stop()

    def _note(self, isolation: tuple[str, ...]) -> None:
        self.isolation = isolation

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _outcomes(orders: Sequence[Order]) -> Iterator[Any]:
    """The outcome of each order as soon as it is there. Those that nobody waits for any more are not begun."""
    try:
        for order in orders:
            yield order.outcome.result()
    except CancelledError:
        raise WorkerError("the worker processes were stopped") from None
    finally:
        for order in orders:
            order.outcome.cancel()


_shared: dict[tuple[int, int], WorkerPool] = {}
_shared_lock = threading.Lock()


def shared_pool(jobs: int, memory_bytes: int) -> WorkerPool:
    """The process-wide pool of that shape: repeated calls of `simdetect.scan` start no processes of their own."""
    with _shared_lock:
        if (jobs, memory_bytes) not in _shared:
            pool = _shared[jobs, memory_bytes] = WorkerPool(jobs, memory_bytes)
            # A process that is itself a worker waits for its own processes to end, and only then comes to `atexit`.
            Finalize(None, pool.close, exitpriority=100)
        return _shared[jobs, memory_bytes]


@atexit.register
def _close_shared() -> None:
    for pool in _shared.values():
        pool.close()
