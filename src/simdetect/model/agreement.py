"""What matching finds: both sides laid end to end, seeds, regions, bits. Positions index a layout."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from simdetect.model.arrays import F64, I64, U32, U64, Bool, freeze, none_u32


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """Fingerprints of many files, sorted by (hash, file, position).

    hash: (F,) uint64. file: (F,) uint32 index into the list of files. position: (F,) uint32 token index.
    """

    hash: U64
    file: U32
    position: U32

    def __post_init__(self) -> None:
        freeze(self, hash=np.uint64, file=np.uint32, position=np.uint32)

    def __len__(self) -> int:
        return len(self.hash)


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The token streams of a list of files, end to end, so that matching works on whole trees at once.

    A *position* is an index into these arrays. exact, normal: (n,) uint64 symbols, a separator after each file.
    offset: (m + 1,) int64, where files start. fingerprint: (f,) uint64 and position: (f,) int64 in file order: of all
    files, or only those that the other side has too. postings: the same, sorted.
    """

    exact: U64
    normal: U64
    offset: I64
    fingerprint: U64
    position: I64
    postings: Postings

    def __post_init__(self) -> None:
        freeze(self, exact=np.uint64, normal=np.uint64)
        freeze(self, fingerprint=np.uint64, position=np.int64)
        freeze(self, offset=np.int64)

    @property
    def n_files(self) -> int:
        """Number of files."""
        return len(self.offset) - 1

    def lengths(self) -> I64:
        """Tokens of each file: (m,) int64."""
        return np.diff(self.offset) - 1

    def file_of(self, position: I64) -> I64:
        """The file each position lies in."""
        return np.searchsorted(self.offset, position, "right") - 1


@dataclass(frozen=True, slots=True, eq=False)
class Seeds:
    """Pairs of equal k-grams. candidate, original: (s,) int64 positions. n_common: hashes left out or thinned. n_cut:
    those of them that were only because all pairs together would have been too many."""

    candidate: I64
    original: I64
    n_common: int
    n_cut: int = 0

    def __post_init__(self) -> None:
        freeze(self, candidate=np.int64, original=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class MatchTable:
    """Matching regions between candidate and original files, one row each, in a deterministic order.

    candidate_file, original_file: (r,) uint32. candidate_start, candidate_end, original_start, original_end:
    (r,) uint32 token spans. n_equal: (r,) uint32 tokens inside the region whose normalised symbols agree on the
    region's diagonals. n_verbatim: (r,) uint32 those whose exact texts agree too. is_verbatim: (r,) bool.
    n_common_hashes: distinct fingerprints left out because they occur too often. n_cut_runs: stretches that may be
    longer than they are told to be, because no more work was spent on them.
    n_cut_hashes: of those left out, the ones that do not occur too often alone.
    run_row, run_candidate, run_original, run_length: (s,) uint32, the stretches of equal tokens that each region is
    made of: its row, first token on both sides, length. By row, then candidate token. is_structural: (r,) bool, rows
    that are functions aligned with gaps, see `matching.functions`; empty stands for none. n_gaps: (r,) uint32 stretches
    that differ between those that agree, of rows that are structural; empty stands for zeros.
    """

    candidate_file: U32
    original_file: U32
    candidate_start: U32
    candidate_end: U32
    original_start: U32
    original_end: U32
    n_equal: U32
    n_verbatim: U32
    is_verbatim: Bool
    run_row: U32
    run_candidate: U32
    run_original: U32
    run_length: U32
    n_common_hashes: int = 0
    n_cut_runs: int = 0
    n_cut_hashes: int = 0
    is_structural: Bool = field(default_factory=lambda: np.zeros(0, np.bool_))
    n_gaps: U32 = field(default_factory=none_u32)

    def __post_init__(self) -> None:
        u32 = np.uint32
        if not self.n_gaps.size:
            object.__setattr__(self, "n_gaps", np.zeros(self.candidate_file.size, np.uint32))
        if not self.is_structural.size:
            object.__setattr__(self, "is_structural", np.zeros(self.candidate_file.size, np.bool_))
        freeze(
            self,
            candidate_file=u32,
            original_file=u32,
            candidate_start=u32,
            candidate_end=u32,
            original_start=u32,
            original_end=u32,
            n_equal=u32,
            n_verbatim=u32,
            is_verbatim=np.bool_,
            is_structural=np.bool_,
            n_gaps=u32,
        )
        freeze(self, run_row=u32, run_candidate=u32, run_original=u32, run_length=u32)

    def __len__(self) -> int:
        return len(self.candidate_file)

    def places(self, more: MatchTable, chosen: I64) -> I64:
        """The order in which `with_rows` puts this table's rows and then the chosen ones: (r + c,) int64."""
        names = "original_start", "is_structural", "candidate_start", "original_file", "candidate_file"
        order: I64 = np.lexsort([np.concatenate([getattr(self, name), getattr(more, name)[chosen]]) for name in names])
        return order

    def with_rows(self, more: MatchTable, chosen: I64) -> MatchTable:
        """The rows of this table and the chosen ones of another, by candidate file, original file and start."""
        if not len(chosen):
            return self
        kept = np.flatnonzero(np.isin(more.run_row, chosen))
        number = np.zeros(len(more), np.uint32)
        number[chosen] = np.arange(len(chosen), dtype=np.uint32) + len(self)
        rows = {
            name: np.concatenate([getattr(self, name), getattr(more, name)[chosen]])
            for name in ("candidate_file", "original_file", "candidate_start", "candidate_end", "original_start",
                         "original_end", "n_equal", "n_verbatim", "is_verbatim", "is_structural", "n_gaps")
        }  # fmt: skip
        order = self.places(more, chosen)
        place = np.empty(len(order), np.uint32)
        place[order] = np.arange(len(order), dtype=np.uint32)
        run_row = place[np.concatenate([self.run_row, number[more.run_row[kept]]])]
        runs = {
            name: np.concatenate([getattr(self, name), getattr(more, name)[kept]])
            for name in ("run_candidate", "run_original", "run_length")
        }
        by_row = np.lexsort((runs["run_candidate"], run_row))
        return MatchTable(
            **{name: values[order] for name, values in rows.items()},
            run_row=run_row[by_row],
            **{name: values[by_row] for name, values in runs.items()},
            n_common_hashes=self.n_common_hashes,
            n_cut_runs=self.n_cut_runs,
            n_cut_hashes=self.n_cut_hashes,
        )


@dataclass(frozen=True, slots=True, eq=False)
class TokenBits:
    """Surprise of each token of a stream. structure, name: (t,) float64 bits; is_idiom: (t,) bool, inside a common
    k-gram."""

    structure: F64
    name: F64
    is_idiom: Bool


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """The aligned tokens of some regions, by region. row: (n,) int64 rows of the table. candidate, original: (n,) int64
    positions in the corpora. structure: (n,) float64, what each adds to the region's bits of
    structure, before the price of gaps."""

    row: I64
    candidate: I64
    original: I64
    structure: F64


@dataclass(frozen=True, slots=True, eq=False)
class RegionBits:
    """Bits of each region, (r,) float64 each. structure, name, literal: what they add. consistency: share of recurring
    names that map one to one, 1 where none recurs. idiom: share of tokens inside common idiom."""

    structure: F64
    name: F64
    literal: F64
    consistency: F64
    idiom: F64

    @property
    def total(self) -> F64:
        """Everything together."""
        total: F64 = self.structure + self.name + self.literal
        return total


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """Texts of files, each once a file. file: (n,) int64. symbol: (n,) uint64. at: (n,) int64, where it first stands:
    an index into the arrays it was made of."""

    file: I64
    symbol: U64
    at: I64

    def __len__(self) -> int:
        return len(self.file)

    def take(self, rows: I64 | Bool) -> Items:
        """The chosen items."""
        return Items(self.file[rows], self.symbol[rows], self.at[rows])


@dataclass(frozen=True, slots=True, eq=False)
class SharedRows:
    """Items that a candidate file and an original file share, one row each.

    candidate_file, original_file: (s,) int64. symbol: (s,) uint64. candidate_at: (s,) int64 as in `Items`.
    """

    candidate_file: I64
    original_file: I64
    symbol: U64
    candidate_at: I64

    def __len__(self) -> int:
        return len(self.symbol)

    def take(self, rows: I64 | Bool) -> SharedRows:
        """The chosen rows."""
        return SharedRows(
            self.candidate_file[rows],
            self.original_file[rows],
            self.symbol[rows],
            self.candidate_at[rows],
        )


@dataclass(frozen=True, slots=True)
class OrderRow:
    """The order of a sequence that two files share. bits: above the floor. kind: "units", or one of `LIST_KINDS`.
    members: what stands in the same order on both sides, units by their index, entries of lists by a token in them."""

    candidate_file: int
    original_file: int
    bits: float
    kind: str
    members: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """What a file has of texts that many projects carry. family: the name of each span's, "kind:name". start, end: (s,)
    uint32 spans of bytes, ascending, disjoint. What stands beside them is its own, whatever else is in the file."""

    family: tuple[str, ...]
    start: U32
    end: U32

    def at(self, byte: I64 | U32) -> I64:
        """Which span each byte lies in: (n,) int64, 0 or 1 + its index."""
        if not len(self.start):
            return np.zeros(len(byte), np.int64)
        span = np.searchsorted(self.start, byte, "right") - 1
        return np.where((span >= 0) & (byte < self.end[np.maximum(span, 0)]), span + 1, 0)
