"""Where tasks run: processes with hard limits that a hostile file can stall or crash at the cost of that file alone.

Each process has a pipe of its own and one task at a time, so that a death is always the death of a known task, after
its earlier results were read. (Pools whose workers share a pipe blame other tasks when several crash at once.)
loky starts processes without running the caller's main module again, so that a library user needs no
`if __name__ == "__main__"` guard. Starting a process takes about 0.2 s: a `WorkerPool` keeps its processes, and
`shared_pool` keeps one pool for callers that have none.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import io
import logging
import math
import os
import pickle
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from dataclasses import dataclass, is_dataclass, replace
from enum import Enum
from multiprocessing import current_process
from multiprocessing.util import Finalize
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, overload

from simdetect.errors import WorkerError
from simdetect.running.isolation import end_with_creator, restrict

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

__all__ = [
    "Failure",
    "WorkerPool",
    "cluster_executor",
    "end_with_parent",
    "error_of",
    "first_done",
    "keep_freed_memory",
    "shared_pool",
]

Task = TypeVar("Task")
Result = TypeVar("Result")
Parts = Generator[tuple[int, int], None, Result]

_PARENT_CHECK_S = 1.0
_SCHEDULER_WAIT_S = 10
_RECONNECT_CHECK_S = 0.1
_LOST_CHECK_S = 2.0
_ORPHAN_GRACE_S = 5.0  # the parent kills a task at its limit; this long after it, the task is an orphan
_START_WAIT_S = 120.0  # a process takes 0.2 s to start; much longer on a machine that is out of memory
_PARTS_OF_ALL = 4  # parts of a task that are about all of its items, and the answer
_READY = "ready"
_TRIMS, _TRIMS_OF_DASK = "MALLOC_TRIM_THRESHOLD_", "65536"
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # of malloc.h; the sizes are what glibc itself comes to at most
# What arrays are pickled with, in numpy 1 and 2.
_ARRAY_PARTS = frozenset(
    (module, name)
    for package in ("numpy._core", "numpy.core")
    for module, name in (
        (f"{package}.multiarray", "_reconstruct"),
        (f"{package}.multiarray", "scalar"),
        (f"{package}.numeric", "_frombuffer"),
    )
) | {("numpy", "ndarray"), ("numpy", "dtype")}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task gave no result. reason: "timeout", "crash", "memory", "error" or "deadline"; detail: one line.

    part: of a task in parts that was late with one, which one that was: its first item and the one behind its last.
    """

    reason: str
    detail: str
    part: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """What a process says when it begins a part of its task."""

    first: int
    end: int


_TIMEOUT = Failure("timeout", "stopped at its time limit")
_LATE = Failure("deadline", "the time for the whole scan was over")


class WorkerPool:
    """Worker processes that start with the first task and live until `close`. Safe to use from several threads."""

    def __init__(self, jobs: int, memory_bytes: int) -> None:
        self._jobs = jobs
        self._memory_bytes = memory_bytes
        self._workers: list[_Worker] = []
        self._waiting: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
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
        orders = [_Order((function, *pair), pair[1], deadline) for pair in zip(tasks, limits, strict=True)]
        self._give(orders)
        return _outcomes(orders)

    def prepare(self, function: Callable[..., Any]) -> None:
        """Begin to start one more process, if all are not yet started, for a function that `map` will soon be asked
        for."""
        if sum(worker.is_started for worker in self._workers) < self._jobs:
            self._give([_Order((_nothing, function, _START_WAIT_S), _START_WAIT_S, None)])

    def _give(self, orders: Sequence[_Order]) -> None:
        with self._lock:
            if not self._workers:
                self._workers = [_Worker(self._waiting, self._memory_bytes, self._note) for _ in range(self._jobs)]
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


class _Order:
    """A task on its way to a process. call: (function, task, limit in seconds), as `_run` takes them."""

    def __init__(
        self, call: tuple[Callable[[Any], Any], Any, float], limit_seconds: float, deadline: float | None
    ) -> None:
        self.call = call
        self.n_items = len(call[1]) if hasattr(call[1], "__len__") else 0
        self.outcome: Future[Any] = Future()
        self._limit_seconds = limit_seconds
        self._deadline = deadline

    def seconds_left(self) -> float:
        """How long it may run if it starts now; 0 or less when it is too late."""
        return min(self._limit_seconds, self._before_deadline())

    def is_late(self) -> bool:
        """Whether the time for all tasks is over."""
        return self._before_deadline() <= 0

    def _before_deadline(self) -> float:
        return math.inf if self._deadline is None else self._deadline - time.monotonic()


def _outcomes(orders: Sequence[_Order]) -> Iterator[Any]:
    """The outcome of each order as soon as it is there. Those that nobody waits for any more are not begun."""
    try:
        for order in orders:
            yield order.outcome.result()
    except CancelledError:
        raise WorkerError("the worker processes were stopped") from None
    finally:
        for order in orders:
            order.outcome.cancel()


class _Worker:
    """One process at a time and the thread that feeds it, with another process after one has died."""

    def __init__(
        self,
        waiting: queue.SimpleQueue[_Order | None],
        memory_bytes: int,
        note: Callable[[tuple[str, ...]], None],
    ) -> None:
        self._waiting = waiting
        self._memory_bytes = memory_bytes
        self._note = note
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._stopped = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def is_started(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    def stop(self) -> None:
        """Kill the process, whatever it does, and wait until it and the thread are gone."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                _kill(self._process)
        self._thread.join()

    def _serve(self) -> None:
        while (order := self._waiting.get()) is not None:
            if order.outcome.set_running_or_notify_cancel():
                try:
                    order.outcome.set_result(self._done(order))
                except Exception as error:
                    order.outcome.set_exception(error)
        self._bury()

    def _done(self, order: _Order) -> Any:
        if order.is_late():
            return _LATE
        if self._process is None or not self._process.is_alive():
            self._bury()
            self._start(order.call[0])
        pipe = self._pipe
        assert pipe is not None
        try:
            pipe.send(order.call)
        except OSError:
            return self._death()
        except Exception as error:  # what pickling raises is up to the task
            return _failure(error)
        part = None
        try:
            for _ in range(order.n_items + _PARTS_OF_ALL):
                if not pipe.poll(max(order.seconds_left(), 0)):
                    break
                answer = self._receive(order.seconds_left())
                if not isinstance(answer, _Part):
                    return answer
                part = _believable(answer, order.n_items)
        except (EOFError, OSError):
            return self._death()
        except Exception as error:
            self._bury()  # the answer may have been read in part
            return _failure(error)
        self._bury()
        return _LATE if order.is_late() else replace(_TIMEOUT, part=part)

    def _start(self, function: Callable[[Any], Any]) -> None:
        """Start a process and let it import what function needs, which is not on the time of the first task."""
        from loky.backend import get_context  # loads asyncio: a scan that parses nothing does without

        context = get_context("loky")
        # Workers of a cluster are daemonic: multiprocessing would not let them start processes. Ours end by themselves
        # when their parent does.
        current_process()._config["daemon"] = False  # type: ignore[attr-defined]
        try:
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, self._memory_bytes), daemon=True)
            process.start()
            theirs.close()
        except Exception as error:
            raise WorkerError(f"worker processes cannot run: {error}") from error
        with self._lock:
            self._process, self._pipe = process, ours
            if self._stopped:
                _kill(process)
        try:
            greeting = self._receive(_START_WAIT_S) if ours.poll(_START_WAIT_S) else None
        except (EOFError, OSError):
            greeting = None
        if greeting is None or greeting[0] != _READY:
            self._bury()
            raise WorkerError("worker processes cannot run: a new process ended or did not answer")
        self._note(greeting[1])
        with contextlib.suppress(Exception):  # whatever is wrong with function, its first task will say so
            ours.send((_nothing, function, _START_WAIT_S))
            if ours.poll(_START_WAIT_S):
                self._receive(_START_WAIT_S)

    def _receive(self, seconds: float) -> Any:
        """What the process sends, whole within so many seconds and no larger than what it may hold, or else the process
        is killed. Raises EOFError or OSError when that, or something before it, ended the process."""
        process, pipe = self._process, self._pipe
        assert process is not None and pipe is not None
        stalled = threading.Timer(max(seconds, 0) + _ORPHAN_GRACE_S, _kill, [process])
        stalled.start()
        try:
            return _loads(pipe.recv_bytes(self._memory_bytes))
        finally:
            stalled.cancel()

    def _death(self) -> Failure:
        process = self._process
        assert process is not None
        end = time.monotonic() + _ORPHAN_GRACE_S
        while (code := process.exitcode) is None and time.monotonic() < end:  # its pipe is closed; its code follows
            time.sleep(0.005)
        self._bury()
        return Failure("crash", f"worker process died (exit code {code})")

    def _bury(self) -> None:
        with self._lock:
            process, pipe = self._process, self._pipe
            self._process = self._pipe = None
        if process is not None:
            _kill(process)
            process.join()
        if pipe is not None:
            pipe.close()


def _kill(process: BaseProcess) -> None:
    """At once: a task may ignore anything politer, or hold the interpreter lock in a stuck parse."""
    if hasattr(signal, "SIGKILL") and process.pid is not None and process.is_alive():
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    else:
        process.terminate()


class _Unpickler(pickle.Unpickler):
    """Takes values and no functions: the process that sends them may have been taken over by what it parsed."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _ARRAY_PARTS or (module.startswith("simdetect.") and _is_value(module, name)):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"a worker sent {module}.{name}")


def _is_value(module: str, name: str) -> bool:
    """Whether a name in one of our modules, which is loaded already, is that of a record or an enumeration."""
    found = getattr(sys.modules.get(module), name, None)
    return isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum))


def _loads(message: bytes) -> Any:
    return _Unpickler(io.BytesIO(message)).load()


def _believable(part: _Part, n_items: int) -> tuple[int, int] | None:
    """The part that a process says it is at, None when there is no such part."""
    is_one = isinstance(part.first, int) and isinstance(part.end, int) and 0 <= part.first < part.end <= n_items
    return (part.first, part.end) if is_one else None


def _failure(error: BaseException) -> Failure:
    if isinstance(error, MemoryError):
        return Failure("memory", "needed more memory than the limit")
    return Failure("error", f"{type(error).__name__}: {error}".splitlines()[0])


def _nothing(_: object) -> None:
    """A task that is done as soon as its argument is there."""


def _work(pipe: Connection, memory_bytes: int) -> None:
    """What a worker process does: answer one task after another until the other end of its pipe is gone."""
    pipe.send((_READY, _prepare_worker(memory_bytes)))
    with contextlib.suppress(EOFError, OSError):
        while True:
            message = pipe.recv_bytes()
            try:  # what goes wrong here, also an OSError, is the task's fault and not the pipe's
                function, task, limit_seconds = pickle.loads(message)
                answer = _run(function, task, limit_seconds, lambda first, end: pipe.send(_Part(first, end)))
            except Exception as error:
                answer = _failure(error)
            message = b""
            function = task = None
            try:
                pipe.send(answer)
            except OSError:
                raise
            except Exception as error:
                pipe.send(_failure(error))


def _prepare_worker(memory_bytes: int) -> tuple[str, ...]:
    """Leave interrupts to the parent, do without the cycle collector, and give up what a parser does not need.

    Returns the measures of `isolation` that hold.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.disable()
    keep_freed_memory()
    end_with_creator()
    return restrict(memory_bytes)


def _run(
    function: Callable[[Any], Any], task: object, limit_seconds: float, begin: Callable[[int, int], None]
) -> object:
    """One task in a worker. begin: told of each part. The alarm's default action ends a process that outlives its
    parent in a stuck parse, which holds the interpreter lock and so cannot notice by itself."""
    _alarm(limit_seconds + _ORPHAN_GRACE_S)
    try:
        found = function(task)
        if not isinstance(found, Generator):
            return found
        while True:
            try:
                first, end = next(found)
            except StopIteration as stop:
                return stop.value
            _alarm(limit_seconds + _ORPHAN_GRACE_S)
            begin(first, end)
    finally:
        _alarm(0)


def _alarm(seconds: float) -> None:
    """End this process in so many seconds; 0: not at all. Nothing where there are no timers."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


@contextlib.contextmanager
def cluster_executor(scheduler: str) -> Iterator[Executor]:
    """An executor on a Dask cluster. scheduler: its address, such as tcp://host:8786.

    Raises WorkerError when Dask is not installed or the scheduler does not answer.
    """
    try:
        from distributed import Client
    except ImportError:
        raise WorkerError("a scheduler needs Dask: pip install 'simdetect[cluster]'") from None
    try:
        client = Client(scheduler, timeout=_SCHEDULER_WAIT_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise WorkerError(f"no scheduler answers at {scheduler}: {type(error).__name__}") from None
    with _quiet("distributed", "tornado"), client, client.get_executor(pure=False) as executor:
        yield _InOrder(executor, client)


@contextlib.contextmanager
def _quiet(*packages: str) -> Iterator[None]:
    """Without what the loggers of packages say: whoever runs something on a cluster tells what was lost."""
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in packages]
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def first_done(running: Collection[Future[Any]], executor: Executor | None) -> Collection[Future[Any]]:
    """Wait for one of some tasks, and return those that are done; all of them when the executor's scheduler is lost:
    Dask then leaves some without an end."""
    while not (done := wait(running, _LOST_CHECK_S, FIRST_COMPLETED).done):
        if isinstance(executor, _InOrder) and executor.is_lost():
            return list(running)
    return done


def error_of(task: Future[Any]) -> BaseException | None:
    """What ended a task of `first_done`, None when it has a result."""
    return CancelledError() if task.cancelled() or not task.done() else task.exception()


class _InOrder(Executor):
    """Has Dask begin tasks in the order in which they are submitted: it takes those of 100 ms in any. What is submitted
    to a client whose scheduler is gone would wait for ever."""

    def __init__(self, executor: Executor, client: Any) -> None:
        self._executor = executor
        self._client = client

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As `Executor.submit`. Raises RuntimeError when the scheduler is lost."""
        while self._client.status == "connecting":  # until the client has another connection, or gives up after 10 s
            time.sleep(_RECONNECT_CHECK_S)
        if self.is_lost():
            raise RuntimeError("the scheduler is lost")
        return self._executor.submit(fn, *args, fifo_timeout="0 ms", **kwargs)

    def is_lost(self) -> bool:
        """Whether the client has given the scheduler up."""
        return self._client.status not in ("running", "connecting")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As `Executor.shutdown`."""
        self._executor.shutdown(wait, cancel_futures=cancel_futures)


def keep_freed_memory() -> None:
    """Let the allocator keep what is freed, as it does by itself, where the environment says otherwise.

    Dask's nanny sets MALLOC_TRIM_THRESHOLD_ for its workers, and that for what they start. glibc then gives every array
    of 128 KB and more back to the system at once and gets it again page by page: 5 million page faults instead of 0.3
    in a large scan, a fifth of its time.
    """
    if os.environ.get(_TRIMS) == _TRIMS_OF_DASK and hasattr(ctypes.CDLL(None), "mallopt"):
        for parameter, n_bytes in ((_M_TRIM_THRESHOLD, 64 << 20), (_M_MMAP_THRESHOLD, 32 << 20)):
            ctypes.CDLL(None).mallopt(parameter, n_bytes)


def end_with_parent(parent: int) -> None:
    """End this process soon after its parent, of that id, is gone: a killed parent cannot say that it ends."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_PARENT_CHECK_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


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
