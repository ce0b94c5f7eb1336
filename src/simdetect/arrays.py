"""What numpy has no word for."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from simdetect.model import I64

__all__ = ["ranges", "sorted_distinct"]

Scalar = TypeVar("Scalar", bound=np.generic)


def ranges(start: npt.NDArray[np.integer[Any]] | int, n: npt.NDArray[np.integer[Any]]) -> I64:
    """The numbers of several ranges, one after the other: start[i], start[i] + 1, ... start[i] + n[i] - 1.

    start: (r,) integers, or one for all. n: (r,) integers of at least 0. Returns (sum of n,) int64.
    """
    behind = np.cumsum(n, dtype=np.int64)
    found: I64 = np.repeat(start - (behind - n), n) + np.arange(int(behind[-1]) if len(behind) else 0)
    return found


def sorted_distinct(values: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
    """What `numpy.unique` returns of integers without options: each value once, ascending, as one row.

    Several times as fast on arrays of some thousand values, of which a scan asks a thousand times.
    """
    ordered = np.sort(values, axis=None)
    is_new = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    return ordered[is_new]
