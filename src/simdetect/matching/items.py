"""Texts of files, each once a file, and which of them two sides share."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simdetect.model import I64, MOST_FILES, U64, Bool, Items, SharedRows, ranges
from simdetect.model.arrays import heads
from simdetect.tokens.symbols import keyed

__all__ = ["distinct", "join", "n_distinct_of"]


def distinct(file: I64, symbol: U64, at: I64) -> Items:
    """Each text once a file, where it first stands; sorted by (symbol, file). file, at: ascending together."""
    order = np.lexsort((at, file, symbol))
    file, symbol, at = file[order], symbol[order], at[order]
    new = heads(file, symbol)
    return Items(file[new], symbol[new], at[new])


def n_distinct_of(file: I64, symbol: U64, n_files: int) -> I64:
    """Number of distinct symbols of each file: (n_files,) int64."""
    _, first = np.unique(keyed(file, symbol), return_index=True)
    return np.bincount(file[first], minlength=n_files).astype(np.int64)


def join(candidate: Items, file: I64, symbol: U64, comparable: Callable[[I64, I64], Bool]) -> SharedRows:
    """Every pair of a candidate's item and an original file with its text, but for texts in too many files.

    candidate: sorted by symbol. file: (h,) int64 files of the original and symbol: (h,) uint64 what they have, each
    pair once, sorted by symbol and file. comparable: (candidate files, original files) -> whether they may be compared.
    """
    low = np.searchsorted(symbol, candidate.symbol, "left")
    n = np.searchsorted(symbol, candidate.symbol, "right") - low
    n[n > MOST_FILES] = 0
    item = np.repeat(np.arange(len(candidate)), n)
    holder = ranges(low, n)
    kept = comparable(candidate.file[item], file[holder])
    item, holder = item[kept], holder[kept]
    return SharedRows(candidate.file[item], file[holder], candidate.symbol[item], candidate.at[item])
