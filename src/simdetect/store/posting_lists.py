"""Lists of where something is: of the places that have a hash, and of the files that have a token or a word.

Of hashes, a frame of one section has them ascending, as steps, the same frame of another one where each of them is.

Of numbers, a frame of `<name>.count` has the length of the list of each of many numbers, the same one of `<name>.file`
the lists end to end: the first file of each as the step from that of the list before, the others as steps within the
list. Numbers are given out in the order in which their texts first occur where they are equally frequent, so most
steps are 0 or 1. Of a text in more files of one tree than MOST_FILES only the first MOST_FILES + 1 are listed: a scan
takes no more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from simdetect.errors import StoreError
from simdetect.model import I64, MOST_FILES, U32
from simdetect.model.arrays import heads, ranges, ranks, sorted_distinct
from simdetect.store.container import Container, ContainerWriter

__all__ = ["NUMBERS_PER_FRAME", "POSTINGS_PER_FRAME", "add_files", "add_postings", "join_lists", "read_postings"]

POSTINGS_PER_FRAME: Final = 1 << 16
NUMBERS_PER_FRAME: Final = 1 << 18


# --- hashes --------------------------------------------------------------------------------------------------------


def add_postings(
    writer: ContainerWriter, names: tuple[str, str], hashes: U32, where: U32, per_frame: int = POSTINGS_PER_FRAME
) -> None:
    """Write where hashes are. names: of the two sections. hashes: (n,) uint32 ascending. where: (n,) uint32."""
    for first in range(0, len(hashes), per_frame):
        part = slice(first, first + per_frame)
        writer.add_array(names[0], np.diff(hashes[part], prepend=np.uint32(0)), is_shuffled=True)
        writer.add_array(names[1], where[part], is_shuffled=True)


def read_postings(container: Container, names: tuple[str, str], frame: int) -> tuple[U32, U32]:
    """The reverse of `add_postings`: one frame. Nothing is checked but that it can be read."""
    steps = container.array(names[0], frame, np.uint32, is_shuffled=True)
    return np.cumsum(steps, dtype=np.uint32), container.array(names[1], frame, np.uint32, is_shuffled=True)


# --- numbers -------------------------------------------------------------------------------------------------------


def add_files(writer: ContainerWriter, name: str, numbers: Sequence[U32], n: int, tree_of_file: Sequence[int]) -> None:
    """Write which files have which of n numbers. numbers: of each file, distinct and ascending."""
    _add_lists(writer, name, *_lists(numbers, tree_of_file), n)


def _lists(numbers: Sequence[U32], tree_of_file: Sequence[int]) -> tuple[U32, U32]:
    """What each file has -> which files have each number, by number and file.

    numbers: of each file, distinct and ascending. Returns (p,) uint32 numbers and (p,) uint32 files.
    """
    counts = [len(held) for held in numbers]
    number = np.concatenate([np.zeros(0, np.uint32), *numbers])
    file = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
    order = np.argsort(number, kind="stable")
    number, file = number[order], file[order]
    tree = np.array([*tree_of_file, 0])[file]
    kept = ranks(number, tree) <= MOST_FILES
    return number[kept], file[kept]


def _add_lists(writer: ContainerWriter, name: str, number: U32, file: U32, n: int) -> None:
    """Write the frames of all lists. number, file: as from `_lists`. n: how many numbers there are."""
    cuts = np.searchsorted(number, np.arange(0, n + NUMBERS_PER_FRAME, NUMBERS_PER_FRAME))
    for frame, first in enumerate(range(0, n, NUMBERS_PER_FRAME)):
        part = slice(cuts[frame], cuts[frame + 1])
        local = number[part] - np.uint32(first)
        count = np.bincount(local, minlength=min(n - first, NUMBERS_PER_FRAME)).astype(np.uint32)
        writer.add_array(f"{name}.count", count, is_shuffled=True)
        writer.add_array(f"{name}.file", _steps(local, file[part]), is_shuffled=True)


def _steps(number: U32, file: U32) -> U32:
    steps = np.diff(file, prepend=np.uint32(0))
    first = np.flatnonzero(heads(number))
    steps[first] = np.diff(file[first], prepend=np.uint32(0))
    return steps


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
        local = wanted[low:high] - frame * NUMBERS_PER_FRAME
        if start[-1] != len(steps) or (len(local) and int(local[-1]) >= len(count)):
            raise damaged("lists of files of other lengths")
        file = _files(start, steps)
        if len(file) and int(file.max()) >= n_files:
            raise damaged("a list of files that are not there")
        n = start[local + 1] - start[local]
        rows.append(np.repeat(np.arange(low, high), n))
        files.append(file[ranges(start[local], n)].astype(np.int64))
    return np.concatenate(rows), np.concatenate(files)


def _files(start: I64, steps: U32) -> U32:
    """The reverse of `_steps`. start: (n + 1,) where the list of each number begins."""
    begins = start[:-1][start[1:] > start[:-1]]
    first = np.cumsum(steps[begins], dtype=np.uint32)
    within = steps.copy()
    within[begins] = 0
    run = np.cumsum(within, dtype=np.uint32)
    n = np.diff(np.append(begins, len(steps)))
    files: U32 = run + np.repeat(first - run[begins], n)
    return files
