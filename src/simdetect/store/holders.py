"""Which files have a token or a word: a list of files for each number, in frames of many numbers.

A frame of `<name>.count` has the length of each list, the same one of `<name>.file` the lists end to end: the first
file of each as the step from that of the list before, the others as steps within the list. Numbers are given out in the
order in which their texts first occur where they are equally frequent, so most steps are 0 or 1.

Of a text in more files of one tree than MOST_FILES only the first MOST_FILES + 1 are listed: a scan takes no more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

import numpy as np

from simdetect.errors import StoreError
from simdetect.model import I64, MOST_FILES, U32
from simdetect.model.arrays import ranges, sorted_distinct

__all__ = ["NUMBERS_PER_FRAME", "join_lists", "lists", "split_lists"]

NUMBERS_PER_FRAME: Final = 1 << 18


class Add(Protocol):
    """Takes one frame of a section."""

    def __call__(self, section: str, values: U32) -> None: ...


def lists(numbers: Sequence[U32], tree_of_file: Sequence[int]) -> tuple[U32, U32]:
    """What each file has -> which files have each number, by number and file.

    numbers: of each file, distinct and ascending. Returns (p,) uint32 numbers and (p,) uint32 files.
    """
    counts = [len(own) for own in numbers]
    number = np.concatenate([np.zeros(0, np.uint32), *numbers])
    file = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
    order = np.argsort(number, kind="stable")
    number, file = number[order], file[order]
    tree = np.array([*tree_of_file, 0])[file]
    new = np.ones(len(number), np.bool_)
    new[1:] = (number[1:] != number[:-1]) | (tree[1:] != tree[:-1])
    first = np.flatnonzero(new)
    rank = np.arange(len(number)) - np.repeat(first, np.diff(np.append(first, len(number))))
    kept = rank <= MOST_FILES
    return number[kept], file[kept]


def split_lists(name: str, number: U32, file: U32, n: int, add: Add) -> None:
    """Give the frames of all lists to add. number, file: as from `lists`. n: how many numbers there are."""
    cuts = np.searchsorted(number, np.arange(0, n + NUMBERS_PER_FRAME, NUMBERS_PER_FRAME))
    for frame, first in enumerate(range(0, n, NUMBERS_PER_FRAME)):
        part = slice(cuts[frame], cuts[frame + 1])
        own = number[part] - np.uint32(first)
        add(f"{name}.count", np.bincount(own, minlength=min(n - first, NUMBERS_PER_FRAME)).astype(np.uint32))
        add(f"{name}.file", _steps(own, file[part]))


def _steps(number: U32, file: U32) -> U32:
    steps = np.diff(file, prepend=np.uint32(0))
    heads = _heads(number)
    steps[heads] = np.diff(file[heads], prepend=np.uint32(0))
    return steps


def _heads(number: U32) -> I64:
    new = np.ones(len(number), np.bool_)
    new[1:] = number[1:] != number[:-1]
    return np.flatnonzero(new)


def join_lists(
    wanted: I64, n_files: int, read: Callable[[int], tuple[U32, U32]], damaged: Callable[[str], StoreError]
) -> tuple[I64, I64]:
    """Which files have each of some numbers.

    wanted: (w,) int64, ascending. read: the counts and the steps of a frame. Returns (h,) int64 indices into wanted and
    (h,) int64 files. Raises what damaged makes.
    """
    rows, files = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for frame in sorted_distinct(wanted // NUMBERS_PER_FRAME).tolist():
        low, high = np.searchsorted(wanted, [frame * NUMBERS_PER_FRAME, (frame + 1) * NUMBERS_PER_FRAME])
        count, steps = read(frame)
        start = np.concatenate([np.zeros(1, np.int64), np.cumsum(count, dtype=np.int64)])
        own = wanted[low:high] - frame * NUMBERS_PER_FRAME
        if start[-1] != len(steps) or (len(own) and int(own[-1]) >= len(count)):
            raise damaged("lists of files of other lengths")
        file = _files(start, steps)
        if len(file) and int(file.max()) >= n_files:
            raise damaged("a list of files that are not there")
        n = start[own + 1] - start[own]
        rows.append(np.repeat(np.arange(low, high), n))
        files.append(file[ranges(start[own], n)].astype(np.int64))
    return np.concatenate(rows), np.concatenate(files)


def _files(start: I64, steps: U32) -> U32:
    """The reverse of `_steps`. start: (n + 1,) where the list of each number begins."""
    heads = start[:-1][start[1:] > start[:-1]]
    first = np.cumsum(steps[heads], dtype=np.uint32)
    within = steps.copy()
    within[heads] = 0
    run = np.cumsum(within, dtype=np.uint32)
    n = np.diff(np.append(heads, len(steps)))
    files: U32 = run + np.repeat(first - run[heads], n)
    return files
