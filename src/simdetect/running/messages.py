"""What travels between this process and its workers, and what of it is believed.

To a worker goes one `Call` after another, pickled: it runs what it is told. From a worker come a `Greeting` when it is
ready, a `Part` before each part of a call in parts, and the answer: a result, or a `Failure`. A process that sends them
may have been taken over by what it parsed, so `load` makes values of them and runs nothing.
"""

from __future__ import annotations

import io
import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from enum import Enum
from typing import Any, Final

__all__ = ["LATE", "TIMEOUT", "Call", "Failure", "Greeting", "Part", "believable", "failure_of", "load"]

# What arrays are pickled with, in numpy 1 and 2.
_ARRAY_PARTS: Final = frozenset(
    (module, name)
    for package in ("numpy._core", "numpy.core")
    for module, name in (
        (f"{package}.multiarray", "_reconstruct"),
        (f"{package}.multiarray", "scalar"),
        (f"{package}.numeric", "_frombuffer"),
    )
) | {("numpy", "ndarray"), ("numpy", "dtype")}


# --- to a worker ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Call:
    """What a worker shall run. limit_seconds: wall clock, of the whole task or of each of its parts."""

    function: Callable[[Any], Any]
    task: Any
    limit_seconds: float


# --- from a worker -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a process says when it is ready. isolation: the measures of `isolation` that hold in it."""

    isolation: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What a process says when it begins a part of its task: its first item and the one behind its last."""

    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task gave no result. reason: "timeout", "crash", "memory", "error" or "deadline"; detail: one line.

    part: of a task in parts that was late with one, which one that was: its first item and the one behind its last.
    """

    reason: str
    detail: str
    part: tuple[int, int] | None = None


TIMEOUT: Final = Failure("timeout", "stopped at its time limit")
LATE: Final = Failure("deadline", "the time for the whole scan was over")


def failure_of(error: BaseException) -> Failure:
    """What an exception in a task, or in sending it or its answer, makes of it."""
    if isinstance(error, MemoryError):
        return Failure("memory", "needed more memory than the limit")
    return Failure("error", f"{type(error).__name__}: {error}".splitlines()[0])


# --- what is believed ----------------------------------------------------------------------------------------------


def load(message: bytes) -> Any:
    """The value in a message of a worker. Raises UnpicklingError for anything that is not a plain value."""
    return _Unpickler(io.BytesIO(message)).load()


class _Unpickler(pickle.Unpickler):
    """Makes values and calls no functions, as a pickle otherwise may."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _ARRAY_PARTS or (module.startswith("simdetect.") and _is_value(module, name)):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"a worker sent {module}.{name}")


def _is_value(module: str, name: str) -> bool:
    """Whether a name in one of our modules, which is loaded already, is that of a record or an enumeration."""
    found = getattr(sys.modules.get(module), name, None)
    return isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum))


def believable(part: Part, n_items: int) -> tuple[int, int] | None:
    """The part that a process says it is at, None when there is no such part of a task of n_items."""
    is_one = isinstance(part.first, int) and isinstance(part.end, int) and 0 <= part.first < part.end <= n_items
    return (part.first, part.end) if is_one else None
