"""The executor of a Dask cluster, and how to wait for tasks where a scheduler may be lost."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from typing import Any, Final

from simdetect.errors import WorkerError

__all__ = ["cluster_executor", "error_of", "first_done"]

_SCHEDULER_WAIT_S: Final = 10
_RECONNECT_CHECK_S: Final = 0.1
_LOST_CHECK_S: Final = 2.0


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
