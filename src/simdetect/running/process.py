"""What a worker process does: answer one call after another, with limits that hold whatever a task does."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Final

from simdetect.running.isolation import end_with_creator, restrict
from simdetect.running.messages import Call, Greeting, Part, failure_of

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["ORPHAN_GRACE_S", "end_with_parent", "keep_freed_memory", "serve"]

ORPHAN_GRACE_S: Final = 5.0  # the parent kills a task at its limit; this long after it, the task is an orphan
_PARENT_CHECK_S: Final = 1.0
_TRIMS: Final = "MALLOC_TRIM_THRESHOLD_"
_TRIMS_OF_DASK: Final = "65536"
# Of malloc.h; the sizes are what glibc itself comes to at most.
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_TRIM_BYTES: Final = 64 << 20
_MMAP_BYTES: Final = 32 << 20


def serve(pipe: Connection, memory_bytes: int) -> None:
    """Answer what comes through a pipe until its other end is gone. memory_bytes: of address space."""
    pipe.send(Greeting(_prepare(memory_bytes)))
    with contextlib.suppress(EOFError, OSError):
        while True:
            _send(pipe, _answer(pipe, pipe.recv_bytes()))


def _prepare(memory_bytes: int) -> tuple[str, ...]:
    """Leave interrupts to the parent, do without the cycle collector, and give up what a parser does not need.

    Returns the measures of `isolation` that hold.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.disable()
    keep_freed_memory()
    end_with_creator()
    return restrict(memory_bytes)


def _answer(pipe: Connection, message: bytes) -> object:
    """What comes of a call. What goes wrong here, also an OSError, is the task's fault and not the pipe's."""
    try:
        call: Call = pickle.loads(message)
        return _run(call, lambda first, end: pipe.send(Part(first, end)))
    except Exception as error:
        return failure_of(error)


def _send(pipe: Connection, answer: object) -> None:
    """Raises OSError when the other end is gone."""
    try:
        pipe.send(answer)
    except OSError:
        raise
    except Exception as error:  # what pickling raises is up to the answer
        pipe.send(failure_of(error))


def _run(call: Call, begin: Callable[[int, int], None]) -> object:
    """The result of a call. begin: told of each part.

    The alarm's default action ends a process that outlives its parent in a stuck parse, which holds the interpreter
    lock and so cannot notice by itself.
    """
    _alarm(call.limit_seconds + ORPHAN_GRACE_S)
    try:
        found = call.function(call.task)
        if not isinstance(found, Generator):
            return found
        while True:
            try:
                first, end = next(found)
            except StopIteration as stop:
                return stop.value
            _alarm(call.limit_seconds + ORPHAN_GRACE_S)
            begin(first, end)
    finally:
        _alarm(0)


def _alarm(seconds: float) -> None:
    """End this process in so many seconds; 0: not at all. Nothing where there are no timers."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def keep_freed_memory() -> None:
    """Let the allocator keep what is freed, as it does by itself, where the environment says otherwise.

    Dask's nanny sets MALLOC_TRIM_THRESHOLD_ for its workers, and that for what they start. glibc then gives every array
    of 128 KB and more back to the system at once and gets it again page by page: 5 million page faults instead of 0.3
    in a large scan, a fifth of its time.
    """
    if os.environ.get(_TRIMS) == _TRIMS_OF_DASK and hasattr(ctypes.CDLL(None), "mallopt"):
        for parameter, n_bytes in ((_M_TRIM_THRESHOLD, _TRIM_BYTES), (_M_MMAP_THRESHOLD, _MMAP_BYTES)):
            ctypes.CDLL(None).mallopt(parameter, n_bytes)


def end_with_parent(parent: int) -> None:
    """End this process soon after its parent, of that id, is gone: a killed parent cannot say that it ends."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_PARENT_CHECK_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
