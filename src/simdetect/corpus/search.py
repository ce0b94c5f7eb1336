"""A corpus of many originals, and which of them a candidate comes from.

    CORPUS/corpus.json            what is in it                CORPUS/members/<key>.sdx    the index of one original
    CORPUS/hashes-<n>.sdx         which members have which sampled fingerprint, one file a range of hashes

Of all fingerprints those below a threshold are *sampled* (a FracMinHash sketch: Irber et al., bioRxiv 2022), the same
ones everywhere, so that shares of samples estimate shares of fingerprints. A search looks the candidate's samples up in
the files of their ranges, takes the members that have most of them, and matches against their indexes. Then a greedy
cover (as sourmash's gather) explains the candidate: the member with most tokens first, then what the next one adds.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np

from simdetect.errors import InputError, StoreError
from simdetect.layers.all import find_layers
from simdetect.model import F64, U32, U64, AnalysedTree, Bool, Side, nested
from simdetect.model.arrays import ranges, sorted_distinct
from simdetect.options import ScanOptions
from simdetect.running.cluster import error_of, first_done
from simdetect.running.process import keep_freed_memory
from simdetect.scanning.inputs import Location, read_input
from simdetect.scanning.kept import tree_key
from simdetect.scanning.scanner import Progress, Scanner
from simdetect.store import StoredIndex, open_index, open_shard, upper_hashes, write_shard, write_whole
from simdetect.tokens.digest import code_digest

__all__ = ["Cover", "Source", "index_corpus", "search"]

SCHEMA: Final = "simdetect.corpus/1"
_N_SHARDS: Final = 64
_SAMPLED: Final = 8  # one fingerprint of so many
_COMMON_MEMBERS: Final = 50  # a sample that more members have does not tell them apart
_SHORTLIST: Final = 20
_AHEAD: Final = 64  # tasks that wait for workers
_LEAST_TOKENS: Final = 50  # that a member must add to be named
_TELLING_BITS: Final = 190.0  # of a region: with one such a file reaches the threshold of most languages
_SEED: Final = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Source:
    """One original in a cover.

    n_tokens: candidate tokens that it explains and no earlier one does. n_shared: all that it explains. bits: of its
    heaviest region; best: where that stands, `candidate:line original:line`.
    """

    label: str
    n_tokens: int
    n_shared: int
    bits: float
    best: str


@dataclass(frozen=True, slots=True)
class Cover:
    """What a candidate is made of. n_tokens: its tokens; sources: greedy, most tokens first; n_searched: members."""

    label: str
    n_tokens: int
    sources: tuple[Source, ...]
    n_searched: int

    @property
    def n_unexplained(self) -> int:
        """Tokens that no source has."""
        return self.n_tokens - sum(source.n_tokens for source in self.sources)


# --- making --------------------------------------------------------------------------------------------------------


def index_corpus(
    folder: Path,
    originals: Sequence[Location],
    options: ScanOptions | None = None,
    *,
    with_text: bool = True,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[str, ...]:
    """Add originals to a corpus, which is made if it is not there. Returns those that could not be read, with why.

    An original that is in it already is not parsed again; so an indexing that was killed goes on where it was.
    executor: any whose workers see the same files, such as that of a Dask client; a worker holds one original, or the
    hashes of one range, at a time. Two indexings must not write one corpus at the same time.

    Raises StoreError when the corpus cannot be written, or was made with other settings.
    """
    options = options or ScanOptions()
    members = _read_members(folder, options) if (folder / "corpus.json").exists() else {}
    (folder / "members").mkdir(parents=True, exist_ok=True)
    problems = []
    tasks = [_Task(folder, str(original), with_text, options) for original in originals]
    with _workers(executor, options) as run:
        for number, (task, found) in enumerate(zip(tasks, run(_add, tasks), strict=True)):
            if isinstance(found, str):
                problems.append(f"{task.original}: {found}")
            else:
                members.update([found])
            if progress is not None:
                progress("indexing", number + 1, len(originals))
        keys = sorted(members)
        shards = [_Shard(folder, number, tuple(keys)) for number in range(_N_SHARDS)]
        for found in run(_write_shard, shards):
            if found is not None:
                raise StoreError(found)
    facts = {"schema": SCHEMA, "settings": options.reading(), "code": code_digest(), "sampled": _SAMPLED}
    text = json.dumps({**facts, "members": [[key, members[key]] for key in keys]}, indent=1) + "\n"
    write_whole(folder / "corpus.json", lambda file: file.write(text.encode()))
    for left in folder.rglob(".*.tmp"):  # of workers that were killed
        left.unlink(missing_ok=True)
    return tuple(problems)


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


Run = Callable[[Callable[[Any], Any], Sequence[Any]], Iterator[Any]]


@contextmanager
def _workers(executor: Executor | None, options: ScanOptions) -> Iterator[Run]:
    """What runs a function on many tasks and yields results in their order: this process, or those of an executor."""
    if executor is not None:
        yield partial(_run_on, executor)
        return
    with _scanner(options):  # its processes end when the corpus is made
        yield lambda function, tasks: map(function, tasks)
    _scanner.cache_clear()


def _run_on(executor: Executor, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Any]:
    """Results in the order of the tasks, a limited number ahead; a sentence where a worker was lost for good."""
    waiting, running = iter(tasks), deque[Future[Any]]()
    while True:
        try:
            running.extend(executor.submit(function, task) for task in islice(waiting, _AHEAD - len(running)))
        except (BrokenExecutor, RuntimeError) as error:
            raise StoreError("the workers were lost; started again, it goes on with what is left") from error
        if not running:
            return
        first_done([running[0]], executor)
        lost = error_of(running[0])
        yield running.popleft().result() if lost is None else f"its worker was lost ({type(lost).__name__})"


@cache
def _scanner(options: ScanOptions) -> Scanner:
    """A worker's own scanner."""
    keep_freed_memory()
    return Scanner(options)


def _add(task: _Task) -> tuple[str, str] | str:
    """Index one original. Returns its key and label, or why it cannot be read; what a worker runs."""
    scanner = _scanner(task.options)
    try:
        tree = read_input(task.original, Side.ORIGINAL, scanner.options)
        key = tree_key(tree, scanner.options)
        path = task.folder / "members" / f"{key}.sdx"
        if not path.exists():
            scanner.write_index(path, scanner.analyse(tree, keep=False), with_text=task.with_text)
    except StoreError:
        raise
    except InputError as error:
        return str(error)
    return key, tree.label


def _write_shard(shard: _Shard) -> str | None:
    """Write the sampled hashes of one range with their members; what a worker runs. Returns what is wrong."""
    low, high = _bounds()[shard.number : shard.number + 2].tolist()
    hashes, members = [np.zeros(0, np.uint32)], [np.zeros(0, np.uint32)]
    try:
        for number, key in enumerate(shard.keys):
            own = _sample(upper_hashes(shard.folder / "members" / f"{key}.sdx", low, high))
            hashes.append(own)
            members.append(np.full(len(own), number, np.uint32))
        hash_, member = np.concatenate(hashes), np.concatenate(members)
        order = np.lexsort((member, hash_))
        write_shard(_shard(shard.folder, shard.number), hash_[order], member[order], {"sampled": _SAMPLED})
    except StoreError as error:
        return str(error)
    return None


def _bounds() -> U64:
    """Where the ranges of the shards begin and the last ends. (shards + 1,) uint64."""
    return np.arange(_N_SHARDS + 1, dtype=np.uint64) << np.uint64(32 - 6)


def _shard(folder: Path, number: int) -> Path:
    return folder / f"hashes-{number:02d}.sdx"


def _sample(upper: U32) -> U32:
    """Of the upper halves of fingerprints, distinct and ascending, those that are sampled."""
    mixed = (upper.astype(np.uint64) * _SEED) >> np.uint64(32)
    return upper[(mixed & np.uint64(0xFFFFFFFF)) < np.uint64((1 << 32) // _SAMPLED)]


def _read_members(folder: Path, options: ScanOptions) -> dict[str, str]:
    """Key -> label of every member, in order. Raises StoreError."""
    path = folder / "corpus.json"
    try:
        facts = nested.loads(path.read_bytes())
        members = {str(key): str(label) for key, label in facts["members"]}
        is_known = facts["schema"] == SCHEMA and facts["sampled"] == _SAMPLED
        settings = facts["settings"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise StoreError(f"{folder} is not a corpus, or is damaged: {type(error).__name__} in corpus.json") from None
    if not is_known:
        raise StoreError(f"{folder} was made by another version of simdetect: make it anew")
    if settings != options.reading():
        raise StoreError(f"{folder} was made with other settings: make it anew, or use its settings")
    if not all(len(key) == 40 and key.isalnum() for key in members):
        raise StoreError(f"{folder} is damaged: a member's name in corpus.json")
    return members


# --- searching -----------------------------------------------------------------------------------------------------


def search(
    candidate: Location, corpus: Path, options: ScanOptions | None = None, progress: Progress | None = None
) -> Cover:
    """Which originals of a corpus a candidate comes from. Raises InputError; StoreError when the corpus is damaged."""
    options = options or ScanOptions()
    members = _read_members(corpus, options)
    with Scanner(options) as scanner:
        own = scanner.analyse(read_input(candidate, Side.CANDIDATE, options), progress)
    keys = list(members)
    near = _shortlist(own, corpus, len(keys))
    indexes = [open_index(corpus / "members" / f"{keys[number]}.sdx") for number in near]
    n_tokens = sum(file.n_tokens for file in own.files)
    sources = _cover(own, indexes, options) if indexes else ()
    return Cover(own.tree.label, n_tokens, sources, len(keys))


def _shortlist(own: AnalysedTree, corpus: Path, n_members: int) -> list[int]:
    """Members by how many of the candidate's samples they have, most first; rare ones count more."""
    hashes = [np.zeros(0, np.uint64), *(file.fingerprints.hash for file in own.files)]
    wanted = _sample(sorted_distinct((np.concatenate(hashes) >> np.uint64(32)).astype(np.uint32)))
    score = np.zeros(n_members)
    cuts = np.searchsorted(wanted, _bounds())
    for shard in range(_N_SHARDS):
        part = wanted[cuts[shard] : cuts[shard + 1]]
        if len(part):
            score += _votes(part, *open_shard(_shard(corpus, shard)), n_members)
    best = np.lexsort((np.arange(n_members), -score))[:_SHORTLIST]
    return [number for number in best.tolist() if score[number] > 0]


def _votes(wanted: U32, hashes: U32, member: U32, n_members: int) -> F64:
    """What each member gets from one shard: for each sample it has, one over the number of members that have it."""
    if len(member) and int(member.max()) >= n_members:
        raise StoreError("the corpus is damaged: fingerprints of a member that it does not list")
    low = np.searchsorted(hashes, wanted, "left")
    count = np.searchsorted(hashes, wanted, "right") - low
    told = (count > 0) & (count <= _COMMON_MEMBERS)
    low, count = low[told], count[told]
    at = ranges(low, count)
    return np.bincount(member[at], np.repeat(1.0 / count, count), n_members).astype(np.float64)


def _cover(own: AnalysedTree, indexes: Sequence[StoredIndex], options: ScanOptions) -> tuple[Source, ...]:
    """Explain the candidate by as few members as possible, greedily by tokens."""
    found = [_explained(own, index, options) for index in indexes]
    free = np.ones(sum(file.n_tokens for file in own.files), np.bool_)
    sources: list[Source] = []
    left = list(range(len(found)))
    while left:
        gains = [int(np.count_nonzero(found[number].tokens & free)) for number in left]
        best = int(np.argmax(gains))
        if gains[best] < _LEAST_TOKENS:
            break
        chosen = found[left.pop(best)]
        sources.append(Source(chosen.label, gains[best], int(chosen.tokens.sum()), chosen.bits, chosen.best))
        free &= ~chosen.tokens
    return tuple(sources)


@dataclass(frozen=True, slots=True, eq=False)
class _Explained:
    """tokens: (n,) bool over all candidate files, those in regions that count. bits, best: of the heaviest region."""

    label: str
    tokens: Bool
    bits: float
    best: str


def _explained(own: AnalysedTree, index: StoredIndex, options: ScanOptions) -> _Explained:
    trees = index.trees
    matches = find_layers(own, trees, options)
    table, total = matches.code.table, matches.code.alone.total
    start = np.cumsum([0, *(file.n_tokens for file in own.files)])
    tokens = np.zeros(int(start[-1]), np.bool_)
    rows = np.flatnonzero((matches.code.excluded == 0) & (total >= _TELLING_BITS))
    for row in rows.tolist():
        base = int(start[table.candidate_file[row]])
        tokens[base + int(table.candidate_start[row]) : base + int(table.candidate_end[row])] = True
    best = int(rows[np.argmax(total[rows])]) if len(rows) else None
    files = [file for tree in trees for file in tree.files]
    place = ""
    if best is not None:
        ours, theirs = own.files[int(table.candidate_file[best])], files[int(table.original_file[best])]
        line = ours.line(int(ours.tokens.start[table.candidate_start[best]]))
        other = theirs.line(int(theirs.tokens.start[table.original_start[best]]))
        place = f"{ours.path}:{line} {theirs.path}:{other}"
    label = ", ".join(Path(tree.tree.label).name or tree.tree.label for tree in trees)
    return _Explained(label, tokens, float(total[best]) if best is not None else 0.0, place)
