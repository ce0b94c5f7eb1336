"""Which originals of a corpus a candidate comes from.

A search looks the candidate's samples up in the files of their ranges, takes the members that have most of them, and
matches against their indexes. Then a greedy cover (as sourmash's gather) explains the candidate: the member with most
tokens first, then what the next one adds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from simdetect.corpus.folder import N_SHARDS, bounds, member_path, read_members, sample, shard_path
from simdetect.errors import StoreError
from simdetect.layers.all import find_layers
from simdetect.model import F64, I64, U32, AnalysedFile, AnalysedTree, Bool, MatchTable, Side
from simdetect.model.arrays import ranges, sorted_distinct
from simdetect.options import ScanOptions
from simdetect.scanning.inputs import Location, read_input
from simdetect.scanning.scanner import Progress, Scanner
from simdetect.store import StoredIndex, open_index, open_shard

__all__ = ["Cover", "Source", "nearest", "search"]

_COMMON_MEMBERS: Final = 50  # a sample that more members have does not tell them apart
_SHORTLIST: Final = 20
_LEAST_TOKENS: Final = 50  # that a member must add to be named
_TELLING_BITS: Final = 190.0  # of a region: with one such a file reaches the threshold of most languages


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


def search(
    candidate: Location, corpus: Path, options: ScanOptions | None = None, progress: Progress | None = None
) -> Cover:
    """Which originals of a corpus a candidate comes from. Raises InputError; StoreError when the corpus is damaged."""
    options = options or ScanOptions()
    tree, indexes, n_members = _near(candidate, corpus, options, progress)
    n_tokens = sum(file.n_tokens for file in tree.files)
    sources = _cover(tree, indexes, options) if indexes else ()
    return Cover(tree.tree.label, n_tokens, sources, n_members)


def nearest(candidate: Location, corpus: Path, options: ScanOptions) -> list[StoredIndex]:
    """The members of a corpus that share most with a candidate. Raises InputError; StoreError when it is damaged."""
    return _near(candidate, corpus, options, None)[1]


def _near(
    candidate: Location, corpus: Path, options: ScanOptions, progress: Progress | None
) -> tuple[AnalysedTree, list[StoredIndex], int]:
    """The candidate, the members that share most with it, and how many there are."""
    keys = list(read_members(corpus, options))
    with Scanner(options) as scanner:
        tree = scanner.analyse(read_input(candidate, Side.CANDIDATE, options), progress)
    near = _shortlist(tree, corpus, len(keys))
    return tree, [open_index(member_path(corpus, keys[number])) for number in near], len(keys)


# --- which members to look at --------------------------------------------------------------------------------------


def _shortlist(candidate: AnalysedTree, corpus: Path, n_members: int) -> list[int]:
    """Members by how many of the candidate's samples they have, most first; rare ones count more."""
    hashes = [np.zeros(0, np.uint64), *(file.fingerprints.hash for file in candidate.files)]
    wanted = sample(sorted_distinct((np.concatenate(hashes) >> np.uint64(32)).astype(np.uint32)))
    score = np.zeros(n_members)
    cuts = np.searchsorted(wanted, bounds())
    for shard in range(N_SHARDS):
        part = wanted[cuts[shard] : cuts[shard + 1]]
        if len(part):
            score += _votes(part, *open_shard(shard_path(corpus, shard)), n_members)
    best = np.lexsort((np.arange(n_members), -score))[:_SHORTLIST]
    return [number for number in best.tolist() if score[number] > 0]


def _votes(wanted: U32, hashes: U32, member: U32, n_members: int) -> F64:
    """What each member gets from one shard: for each sample it has, one over the number of members that have it.

    wanted: (w,) ascending; hashes, member: (n,) pairs, by hash. Returns (n_members,).
    """
    if len(member) and int(member.max()) >= n_members:
        raise StoreError("the corpus is damaged: fingerprints of a member that it does not list")
    low = np.searchsorted(hashes, wanted, "left")
    count = np.searchsorted(hashes, wanted, "right") - low
    told = (count > 0) & (count <= _COMMON_MEMBERS)
    low, count = low[told], count[told]
    at = ranges(low, count)
    return np.bincount(member[at], np.repeat(1.0 / count, count), n_members).astype(np.float64)


# --- what they explain ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Explained:
    """What one member explains. tokens: (n,) bool over all candidate files, those in regions that count. bits, best: of
    the heaviest region."""

    label: str
    tokens: Bool
    bits: float
    best: str


def _cover(candidate: AnalysedTree, indexes: Sequence[StoredIndex], options: ScanOptions) -> tuple[Source, ...]:
    """Explain the candidate by as few members as possible, greedily by tokens."""
    found = [_explained(candidate, index, options) for index in indexes]
    free = np.ones(sum(file.n_tokens for file in candidate.files), np.bool_)
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


def _explained(candidate: AnalysedTree, index: StoredIndex, options: ScanOptions) -> _Explained:
    trees = index.trees
    code = find_layers(candidate, trees, options).code
    total = code.alone.total
    rows = np.flatnonzero((code.excluded == 0) & (total >= _TELLING_BITS))
    label = ", ".join(Path(tree.tree.label).name or tree.tree.label for tree in trees)
    tokens = _tokens_in(code.table, rows, candidate)
    if not len(rows):
        return _Explained(label, tokens, 0.0, "")
    best = int(rows[np.argmax(total[rows])])
    return _Explained(label, tokens, float(total[best]), _place(code.table, best, candidate, trees))


def _tokens_in(table: MatchTable, rows: I64, candidate: AnalysedTree) -> Bool:
    """Which tokens of all candidate files lie in some of these regions. (n,) bool."""
    start = np.cumsum([0, *(file.n_tokens for file in candidate.files)])
    tokens = np.zeros(int(start[-1]), np.bool_)
    for row in rows.tolist():
        base = int(start[table.candidate_file[row]])
        tokens[base + int(table.candidate_start[row]) : base + int(table.candidate_end[row])] = True
    return tokens


def _place(table: MatchTable, row: int, candidate: AnalysedTree, originals: Sequence[AnalysedTree]) -> str:
    """Where a region begins on both sides."""
    original_files = [file for tree in originals for file in tree.files]
    candidate_file = candidate.files[int(table.candidate_file[row])]
    original_file = original_files[int(table.original_file[row])]
    begins = _line_at(candidate_file, int(table.candidate_start[row]))
    return f"{begins} {_line_at(original_file, int(table.original_start[row]))}"


def _line_at(file: AnalysedFile, token: int) -> str:
    return f"{file.path}:{file.line(int(file.tokens.start[token]))}"
