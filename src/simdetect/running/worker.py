"""One worker seen from here: a process at a time, with a pipe of its own and one task at a time.

So a death is always the death of a known task, after its earlier results were read. (Pools whose workers share a pipe
blame other tasks when several crash at once.) loky starts processes without running the caller's main module again, so
that a library user needs no `if __name__ == "__main__"` guard. Starting one takes about 0.2 s.
"""

from __future__ import annotations

import contextlib
import math
import os
import queue
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from multiprocessing import current_process
from typing import TYPE_CHECKING, Any, Final

from simdetect.errors import WorkerError
from simdetect.running.messages import LATE, TIMEOUT, Call, Failure, Greeting, Part, believable, failure_of, load
from simdetect.running.process import ORPHAN_GRACE_S, serve

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

__all__ = ["Order", "Orders", "Worker", "preparation"]

_START_WAIT_S: Final = 120.0  # a process takes 0.2 s to start; much longer on a machine that is out of memory
_EXIT_CHECK_S: Final = 0.005
_PARTS_OF_ALL: Final = 4  # parts of a task that are about all of its items, and the answer


class Order:
    """A call on its way to a process. deadline: on the clock of `time.monotonic`; None for no deadline."""

    def __init__(self, call: Call, deadline: float | None = None) -> None:
        self.call = call
        self.n_items = len(call.task) if hasattr(call.task, "__len__") else 0
        self.outcome: Future[Any] = Future()
        self._deadline = deadline

    def seconds_left(self) -> float:
        """How long it may run if it starts now; 0 or less when it is too late."""
        return min(self.call.limit_seconds, self._before_deadline())

    def is_late(self) -> bool:
        """Whether the time for all tasks is over."""
        return self._before_deadline() <= 0

    def _before_deadline(self) -> float:
        return math.inf if self._deadline is None else self._deadline - time.monotonic()


Orders = queue.SimpleQueue[Order | None]  # None: one worker shall stop


def preparation(function: Callable[..., Any]) -> Call:
    """A call that does nothing but have a process import what a function needs."""
    return Call(_nothing, function, _START_WAIT_S)


def _nothing(_: object) -> None:
    """A task that is done as soon as its argument is there."""


class Worker:
    """The thread that takes orders and feeds them to its process, with another process after one has died."""

    def __init__(self, waiting: Orders, memory_bytes: int, note: Callable[[tuple[str, ...]], None]) -> None:
        """waiting: shared with other workers. note: told of the isolation of each process that starts."""
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

    # --- one order -------------------------------------------------------------------------------------------------

    def _done(self, order: Order) -> Any:
        """The result of an order, or a `Failure`. Raises WorkerError when no process can be started."""
        if order.is_late():
            return LATE
        if self._process is None or not self._process.is_alive():
            self._bury()
            self._start(order.call.function)
        problem = self._send(order.call)
        return self._answer(order) if problem is None else problem

    def _send(self, call: Call) -> Failure | None:
        """Give the process a call. Returns why that is not possible."""
        assert self._pipe is not None
        try:
            self._pipe.send(call)
        except OSError:
            return self._death()
        except Exception as error:  # what pickling raises is up to the task
            return failure_of(error)
        return None

    def _answer(self, order: Order) -> Any:
        """Wait for what comes of an order, as long as it and each of its parts may take."""
        assert self._pipe is not None
        part = None
        try:
            for _ in range(order.n_items + _PARTS_OF_ALL):
                if not self._pipe.poll(max(order.seconds_left(), 0)):
                    break
                answer = self._receive(order.seconds_left())
                if not isinstance(answer, Part):
                    return answer
                part = believable(answer, order.n_items)
        except (EOFError, OSError):
            return self._death()
        except Exception as error:
            self._bury()  # the answer may have been read in part
            return failure_of(error)
        self._bury()
        return LATE if order.is_late() else replace(TIMEOUT, part=part)

    def _receive(self, seconds: float) -> Any:
        """What the process sends, whole within so many seconds and no larger than what it may hold, or else the process
        is killed. Raises EOFError or OSError when that, or something before it, ended the process."""
        process, pipe = self._process, self._pipe
        assert process is not None and pipe is not None
        stalled = threading.Timer(max(seconds, 0) + ORPHAN_GRACE_S, _kill, [process])
        stalled.start()
        try:
            return load(pipe.recv_bytes(self._memory_bytes))
        finally:
            stalled.cancel()

    # --- life and death of the process -----------------------------------------------------------------------------

    def _start(self, function: Callable[[Any], Any]) -> None:
        """Start a process and let it import what function needs, which is not on the time of the first task."""
        process, pipe = _started(self._memory_bytes)
        with self._lock:
            self._process, self._pipe = process, pipe
            if self._stopped:
                _kill(process)
        try:
            greeting = self._receive(_START_WAIT_S) if pipe.poll(_START_WAIT_S) else None
        except (EOFError, OSError):
            greeting = None
        if not isinstance(greeting, Greeting):
            self._bury()
            raise WorkerError("worker processes cannot run: a new process ended or did not answer")
        self._note(greeting.isolation)
        with contextlib.suppress(Exception):  # whatever is wrong with function, its first task will say so
            pipe.send(preparation(function))
            if pipe.poll(_START_WAIT_S):
                self._receive(_START_WAIT_S)

    def _death(self) -> Failure:
        process = self._process
        assert process is not None
        end = time.monotonic() + ORPHAN_GRACE_S
        while (code := process.exitcode) is None and time.monotonic() < end:  # its pipe is closed; its code follows
            time.sleep(_EXIT_CHECK_S)
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


def _started(memory_bytes: int) -> tuple[BaseProcess, Connection]:
    """A new process and the end of its pipe that is ours. Raises WorkerError."""
    from loky.backend import get_context  # loads asyncio: a scan that parses nothing does without

    context = get_context("loky")
    # Workers of a cluster are daemonic: multiprocessing would not let them start processes. Ours end by themselves
    # when their parent does.
    current_process()._config["daemon"] = False  # type: ignore[attr-defined]
    try:
        here, there = context.Pipe()
        process = context.Process(target=serve, args=(there, memory_bytes), daemon=True)
        process.start()
        there.close()
    except Exception as error:
        raise WorkerError(f"worker processes cannot run: {error}") from error
    return process, here


def _kill(process: BaseProcess) -> None:
    """At once: a task may ignore anything politer, or hold the interpreter lock in a stuck parse."""
    if hasattr(signal, "SIGKILL") and process.pid is not None and process.is_alive():
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    else:
        process.terminate()
