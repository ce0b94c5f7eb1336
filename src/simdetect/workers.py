"""Where tasks run: processes with hard limits that a hostile file can stall or crash at the cost of that file alone.

pebble kills a task at its time limit and replaces the process; loky starts processes without running the caller's
main module again, so that a library user needs no `if __name__ == "__main__"` guard. Starting a process takes about
0.2 s: a `WorkerPool` keeps its processes, and `shared_pool` keeps one pool for callers that have none.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from multiprocessing import current_process
from multiprocessing.util import Finalize
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from simdetect.errors import WorkerError

if TYPE_CHECKING:
    from pebble import ProcessPool

__all__ = ["Failure", "WorkerPool", "cluster_executor", "end_with_parent", "shared_pool"]

Task = TypeVar("Task")
Result = TypeVar("Result")

_PARENT_CHECK_S = 1.0
_SCHEDULER_WAIT_S = 10
_ORPHAN_GRACE_S = 5.0  # the parent kills a task at its limit; this long after it, the task is an orphan


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task gave no result. reason: "timeout", "crash", "memory" or "error"; detail: one line."""

    reason: str
    detail: str


class WorkerPool:
    """Worker processes that start with the first task and live until `close`. Safe to use from several threads."""

    def __init__(self, jobs: int, memory_bytes: int) -> None:
        self._jobs = jobs
        self._memory_bytes = memory_bytes
        self._pool: ProcessPool | None = None
        self._lock = threading.Lock()

    def map(
        self, function: Callable[[Task], Result], tasks: Sequence[Task], limit_seconds: float
    ) -> Iterator[Result | Failure]:
        """Run function on every task and yield results in the order of the tasks, a `Failure` where one failed.

        function: importable by name; it and the tasks are pickled. limit_seconds: wall clock, each task's own, from
        when it starts. Raises WorkerError when processes cannot be started at all.
        """
        pool = self._started()
        futures: list[Any] = []
        try:
            futures.extend(
                pool.schedule(_run, args=[function, task, limit_seconds], timeout=limit_seconds) for task in tasks
            )
            for future in futures:
                yield _outcome(future)
        except RuntimeError as error:
            self.close()
            raise WorkerError(f"worker processes cannot run: {error}") from error
        finally:
            for future in futures:
                future.cancel()

    def close(self) -> None:
        """Stop the processes. The pool can be used again; it then starts new ones."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()
            pool.join()

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _started(self) -> ProcessPool:
        from loky.backend import get_context  # these load asyncio: a scan that parses nothing does without
        from pebble import ProcessPool

        with self._lock:
            if self._pool is None or not self._pool.active:
                # Workers of a cluster are daemonic: multiprocessing would not let them start processes. Those of the
                # pool end by themselves when their parent does.
                current_process()._config["daemon"] = False  # type: ignore[attr-defined]
                self._pool = ProcessPool(
                    max_workers=self._jobs,
                    context=get_context("loky"),
                    initializer=_prepare_worker,
                    initargs=[self._memory_bytes],
                )
            return self._pool


def _outcome(future: Any) -> Any:
    from pebble import ProcessExpired

    try:
        return future.result()
    except FutureTimeoutError:
        return Failure("timeout", "stopped at its time limit")
    except ProcessExpired as expired:
        return Failure("crash", f"worker process died (exit code {expired.exitcode})")
    except MemoryError:
        return Failure("memory", "needed more memory than the limit")
    except Exception as error:
        return Failure("error", f"{type(error).__name__}: {error}".splitlines()[0])


def _prepare_worker(memory_bytes: int) -> None:
    """Limit memory, leave interrupts to the parent, and do without the cycle collector.

    pebble's handler of SIGTERM cannot run while a parse holds the interpreter lock: the pool would wait 3 s for it,
    and with it every other worker, before it kills. The default action ends the process at once.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()


def _run(function: Callable[[Task], Result], task: Task, limit_seconds: float) -> Result:
    """One task in a worker. The alarm's default action ends a process that outlives its parent in a stuck parse,
    which holds the interpreter lock and so cannot notice by itself."""
    has_alarm = hasattr(signal, "setitimer")
    if has_alarm:
        signal.setitimer(signal.ITIMER_REAL, limit_seconds + _ORPHAN_GRACE_S)
    try:
        return function(task)
    finally:
        if has_alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)


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
    with client, client.get_executor(pure=False) as executor:
        yield executor


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
