"""Types of arrays, and what numpy has no word for."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
U16 = npt.NDArray[np.uint16]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]


def none_u32() -> U32:
    """No numbers: the default of a field that may have some."""
    return np.zeros(0, np.uint32)


def none_u64() -> U64:
    """As `none_u32`."""
    return np.zeros(0, np.uint64)


Scalar = TypeVar("Scalar", bound=np.generic)


def freeze(owner: object, **dtypes: type[np.generic]) -> int:
    """Check dtype and equal length of one-dimensional array fields, make them read-only, return the length."""
    lengths = set()
    for name, dtype in dtypes.items():
        array = getattr(owner, name)
        if not isinstance(array, np.ndarray) or array.dtype.type is not dtype or array.ndim != 1:
            raise TypeError(f"{type(owner).__name__}.{name} must be a one-dimensional array of {np.dtype(dtype)}")
        array.setflags(write=False)
        lengths.add(array.size)
    if len(lengths) > 1:
        raise ValueError(f"{type(owner).__name__}: arrays differ in length: {sorted(lengths)}")
    return lengths.pop()


def ranges(start: npt.NDArray[np.integer[Any]] | int, n: npt.NDArray[np.integer[Any]]) -> I64:
    """The numbers of several ranges, one after the other: start[i], start[i] + 1, ... start[i] + n[i] - 1.

    start: (r,) integers, or one for all. n: (r,) integers of at least 0. Returns (sum of n,) int64.
    """
    behind = np.cumsum(n, dtype=np.int64)
    found: I64 = np.repeat(start - (behind - n), n) + np.arange(int(behind[-1]) if len(behind) else 0)
    return found


def heads(*columns: npt.NDArray[Any]) -> Bool:
    """Whether each row begins a run of equal rows: (n,) bool, true for the first. columns: (n,) each, one or more."""
    found = np.ones(len(columns[0]), np.bool_)
    np.not_equal(columns[0][1:], columns[0][:-1], out=found[1:])
    for column in columns[1:]:
        found[1:] |= column[1:] != column[:-1]
    return found


def ranks(*columns: npt.NDArray[Any]) -> I64:
    """The place of each row in its run of equal rows, from 0: (n,) int64. columns: (n,) each, one or more."""
    place = np.arange(len(columns[0]))
    found: I64 = place - np.maximum.accumulate(np.where(heads(*columns), place, 0))
    return found


def sorted_distinct(values: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
    """What `numpy.unique` returns of integers without options: each value once, ascending, as one row.

    Several times as fast on arrays of some thousand values, of which a scan asks a thousand times.
    """
    ordered = np.sort(values, axis=None)
    return ordered[heads(ordered)]
