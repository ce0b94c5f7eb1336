"""Making a corpus: an index of each original, then the sampled fingerprints of all of them by range.

An original that is in it already is not parsed again, so an indexing that was killed goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from simdetect.corpus.folder import (
    N_SHARDS,
    SAMPLED,
    bounds,
    has_members,
    member_path,
    members_folder,
    read_members,
    sample,
    shard_path,
    write_members,
)
from simdetect.errors import InputError, StoreError
from simdetect.model import Side
from simdetect.options import ScanOptions
from simdetect.running import Lost, Workers
from simdetect.scanning.inputs import Location, read_input
from simdetect.scanning.kept import tree_key
from simdetect.scanning.scanner import Progress, Scanner
from simdetect.store import sweep_folder, upper_hashes, write_shard

__all__ = ["NewMembers", "index_corpus"]

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class NewMembers:
    """Originals to add to a corpus.

    folder: of the corpus, made if it is not there. with_text: keep their sources too, as an index does.
    """

    folder: Path
    originals: Sequence[Location]
    with_text: bool = True


def index_corpus(
    what: NewMembers,
    *,
    executor: Executor | None = None,
    options: ScanOptions | None = None,
    progress: Progress | None = None,
) -> tuple[str, ...]:
    """Add originals to a corpus. Returns those that could not be read, with why.

    Args:
        executor: any whose workers see the same files, such as that of a Dask client; a worker holds one original, or
            the hashes of one range, at a time. Two indexings must not write one corpus at the same time.
        options: settings; those of the corpus, if it is there.
        progress: called as progress("indexing", done, total).

    Raises:
        StoreError: the corpus cannot be written, or was made with other settings, or all workers were lost.
    """
    options = options or ScanOptions()
    folder = what.folder
    members = read_members(folder, options) if has_members(folder) else {}
    members_folder(folder).mkdir(parents=True, exist_ok=True)
    workers = Workers(executor=executor)
    with _scanner_here(executor, options):
        added, problems = _add_all(what, workers, options, progress)
        members = dict(sorted({**members, **added}.items()))
        _write_shards(folder, tuple(members), workers)
    write_members(folder, members, options)
    for written in (folder, members_folder(folder)):
        sweep_folder(written)
    return tuple(problems)


def _add_all(
    what: NewMembers, workers: Workers, options: ScanOptions, progress: Progress | None
) -> tuple[dict[str, str], list[str]]:
    """Index originals. Returns the labels of those that are in the corpus now by key, and what is wrong with others."""
    added: dict[str, str] = {}
    problems: list[str] = []
    tasks = [_Task(what.folder, str(original), what.with_text, options) for original in what.originals]

    def told(n_done: int, total: int) -> None:
        if progress is not None:
            progress("indexing", n_done, total)

    for task, outcome in zip(tasks, workers.map(_add, tasks, told), strict=True):
        found: tuple[str, str] | str = _told(outcome)
        if isinstance(found, str):
            problems.append(f"{task.original}: {found}")
        else:
            key, label = found
            added[key] = label
    return added, problems


def _write_shards(folder: Path, keys: tuple[str, ...], workers: Workers) -> None:
    """Write the samples of members of these keys, in order. Raises StoreError."""
    shards = [_Shard(folder, number, keys) for number in range(N_SHARDS)]
    for outcome in workers.map(_write_shard, shards):
        if (problem := _told(outcome)) is not None:
            raise StoreError(problem)


def _told(outcome: Result | Lost) -> Result | str:
    """A result, or a sentence where a worker was lost for good. Raises StoreError when all were."""
    if not isinstance(outcome, Lost):
        return outcome
    if not outcome.was_begun:
        raise StoreError("the workers were lost; started again, it goes on with what is left") from outcome.error
    return f"{outcome.detail} ({type(outcome.error).__name__})"


# --- what workers do -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Task:
    """One original, as a worker needs it."""

    folder: Path
    original: str
    with_text: bool
    options: ScanOptions


@dataclass(frozen=True, slots=True)
class _Shard:
    """One range of hashes, as a worker needs it. keys: of all members."""

    folder: Path
    number: int
    keys: tuple[str, ...]


@cache
def _scanner(options: ScanOptions) -> Scanner:
    """A worker's own scanner."""
    return Scanner(options)


@contextmanager
def _scanner_here(executor: Executor | None, options: ScanOptions) -> Iterator[None]:
    """Where this process does the work: a scanner whose processes end when the corpus is made."""
    if executor is not None:
        yield
        return
    try:
        with _scanner(options):
            yield
    finally:
        _scanner.cache_clear()


def _add(task: _Task) -> tuple[str, str] | str:
    """Index one original. Returns its key and label, or why it cannot be read. Raises StoreError."""
    scanner = _scanner(task.options)
    try:
        tree = read_input(task.original, Side.ORIGINAL, scanner.options)
        key = tree_key(tree, scanner.options)
        path = member_path(task.folder, key)
        if not path.exists():
            analysed = scanner.analyse(tree, keep=False, with_forms=True)
            scanner.write_index(path, analysed, with_text=task.with_text)
    except StoreError:
        raise
    except InputError as error:
        return str(error)
    return key, tree.label


def _write_shard(shard: _Shard) -> str | None:
    """Write the sampled hashes of one range with their members. Returns what is wrong."""
    low, high = bounds()[shard.number : shard.number + 2].tolist()
    hashes, members = [np.zeros(0, np.uint32)], [np.zeros(0, np.uint32)]
    try:
        for number, key in enumerate(shard.keys):
            sampled = sample(upper_hashes(member_path(shard.folder, key), low, high))
            hashes.append(sampled)
            members.append(np.full(len(sampled), number, np.uint32))
        hash_, member = np.concatenate(hashes), np.concatenate(members)
        order = np.lexsort((member, hash_))
        write_shard(shard_path(shard.folder, shard.number), hash_[order], member[order], {"sampled": SAMPLED})
    except StoreError as error:
        return str(error)
    return None
