"""Regions with weights -> numbers: exclusions, coverage, ranked originals, features of files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simdetect.model import F64, I64, U8, U64, Bool, Corpus, ExclusionReason, FileRole, MatchTable, RegionBits

__all__ = [
    "AGREEMENT_BITS",
    "FLOOR_BITS",
    "REASONS",
    "REASON_OF_ROLE",
    "FileFeatures",
    "Pairs",
    "Selection",
    "agreement",
    "containment_and_jaccard",
    "exclusions",
    "gains",
    "reason_codes",
    "region_features",
    "score_pairs",
    "select",
]


REASONS = tuple(ExclusionReason)
REASON_OF_ROLE = {
    FileRole.VENDORED: 1 + REASONS.index(ExclusionReason.VENDORED),
    FileRole.GENERATED: 1 + REASONS.index(ExclusionReason.GENERATED),
}
_UNREAD = list(REASON_OF_ROLE.values())
_FIRST_CLAIMS = 4096  # rows that claim tokens before the rest is tested for what is left
# Chance regions between independent programs have a median of some 15 bits; below this a region says nothing.
FLOOR_BITS = 20.0
# Bits from which two files that agree from end to end do so in full: fewer can be a list of imports.
AGREEMENT_BITS = 64.0


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Every pair of files that share a region, by candidate file, strongest original first.

    candidate_file, original_file: (p,) int64. weight: (p,) float64, bits of the pair's regions together; total: those
    above the floor, which probability rests on.
    strongest: (p,) float64, bits of its strongest region. function: of its heaviest whole function, see `whole`.
    matched, original_matched: (p,) int64, distinct tokens of either file in regions that count. longest: (p,) int64,
    tokens of the longest of these.
    """

    candidate_file: I64
    original_file: I64
    weight: F64
    total: F64
    strongest: F64
    function: F64
    matched: I64
    original_matched: I64
    longest: I64

    def __len__(self) -> int:
        return len(self.weight)


@dataclass(frozen=True, slots=True, eq=False)
class FileFeatures:
    """Of each candidate file, (files,) float64. strongest: bits of its strongest region. total: bits that its regions
    add to each other, each above the floor. function: bits of its heaviest whole function, see `whole`. agreement: with
    the original file that it agrees with most, see `agreement`."""

    strongest: F64
    total: F64
    function: F64
    agreement: F64


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Which regions count for a candidate file when all originals compete for its tokens.

    rows: (s,) int64 rows of the table, by candidate file, heaviest first; counted: (c,) those not excluded.
    verbatim, renamed, structural: (files,) int64 candidate tokens in counted regions of that layer, each counted once.
    unread: (files,) int64 candidate tokens that agree only with vendored or generated files of the original.
    longest: (files,) int64 tokens of the longest counted region. original_matched: (original files,) int64 tokens of
    the originals in counted regions.
    """

    rows: I64
    counted: I64
    verbatim: I64
    renamed: I64
    structural: I64
    unread: I64
    longest: I64
    original_matched: I64


def reason_codes(reasons: Iterable[ExclusionReason]) -> U8:
    """Codes as of `exclusions`, 0 for what is not excluded before those of the given reasons: (1 + n,) uint8."""
    return np.array([0, *(1 + REASONS.index(reason) for reason in reasons)], np.uint8)


def exclusions(table: MatchTable, bits: RegionBits, original_role: Sequence[FileRole], handed: U8 | None = None) -> U8:
    """Why each region does not count: (r,) uint8, 0 or 1 + an index into `REASONS`.

    A region is common when its bits stay below the floor: idiom has none, and names that many use have few.
    original_role: role of each original file; that of the candidate's files is its own claim and excludes nothing.
    handed: (r,) uint8, codes of regions that were handed out; what the original's role excludes stays that.
    """
    by_file = np.array([REASON_OF_ROLE.get(role, 0) for role in original_role] or [0], np.uint8)
    reason = by_file[table.original_file]
    if handed is not None:
        reason = np.where(reason == 0, handed, reason)
    reason[(reason == 0) & (bits.total < FLOOR_BITS)] = 1 + REASONS.index(ExclusionReason.COMMON)
    return reason


def gains(selection: Selection, added: F64) -> F64:
    """What each region adds to its file beyond the floor: (r,) float64, 0 for those that do not count. added: (r,)
    float64, bits that it adds to the heavier ones of the file."""
    gain = np.zeros(len(added))
    gain[selection.counted] = np.maximum(0.0, added[selection.counted] - FLOOR_BITS)
    return gain


def region_features(
    table: MatchTable, selection: Selection, alone: F64, gain: F64, function: F64, agreement: F64
) -> FileFeatures:
    """What the probability of a file rests on, from its counted regions.

    alone, function: (r,) float64, bits of each region alone, and of its heaviest whole function. agreement: (files,)
    float64.
    """
    n, rows = len(selection.longest), selection.counted
    file = table.candidate_file[rows].astype(np.int64)
    strongest, whole = np.zeros(n), np.zeros(n)
    np.maximum.at(strongest, file, alone[rows])
    np.maximum.at(whole, file, function[rows])
    return FileFeatures(strongest, np.bincount(file, gain[rows], n).astype(np.float64), whole, agreement)


def agreement(pairs: Pairs, n_own: I64, n_theirs: I64) -> F64:
    """How far the files of each pair agree from end to end: (p,) float64, 0..1.

    The share of the tokens in regions that count, of that file of the two which has less of them; in proportion less
    where these are worth less than AGREEMENT_BITS. n_own, n_theirs: (files,) int64, tokens of candidate and original
    files. Independent programs share pieces of files; hardly ever is a file nearly all of another.
    """
    own = pairs.matched / np.maximum(1, n_own[pairs.candidate_file])
    theirs = pairs.original_matched / np.maximum(1, n_theirs[pairs.original_file])
    found: F64 = np.minimum(own, theirs) * np.minimum(1.0, pairs.weight / AGREEMENT_BITS)
    return found


def score_pairs(table: MatchTable, weight: F64, added: F64, function: F64) -> Pairs:
    """Add the regions up by pair of files. The table's rows are sorted by (candidate file, original file).

    weight: (r,) float64 bits of each region by itself; added: what it adds to the heavier ones of its pair; function:
    bits of its heaviest whole function. All are 0 where it is excluded.
    """
    file_c, file_o = table.candidate_file.astype(np.int64), table.original_file.astype(np.int64)
    new = np.ones(len(table), np.bool_)
    new[1:] = (np.diff(file_c) != 0) | (np.diff(file_o) != 0)
    first = np.flatnonzero(new)
    if not len(first):
        none, no_bits = np.zeros(0, np.int64), np.zeros(0)
        return Pairs(none, none, no_bits, no_bits, no_bits, no_bits, none, none, none)
    pair = np.cumsum(new) - 1
    counted = weight > 0
    own = _union(pair[counted], table.candidate_start[counted], table.candidate_end[counted], len(first))
    theirs = _union(pair[counted], table.original_start[counted], table.original_end[counted], len(first))
    total = np.add.reduceat(added, first)
    strongest = np.maximum.reduceat(weight, first)
    order = np.lexsort((file_o[first], -strongest, -total, file_c[first]))
    return Pairs(
        candidate_file=file_c[first][order],
        original_file=file_o[first][order],
        weight=total[order],
        total=np.add.reduceat(np.maximum(0.0, added - FLOOR_BITS), first)[order],
        strongest=strongest[order],
        function=np.maximum.reduceat(function, first)[order],
        matched=own[order],
        original_matched=theirs[order],
        longest=np.maximum.reduceat(np.where(counted, table.n_equal, 0).astype(np.int64), first)[order],
    )


def _union(group: I64, start: npt.NDArray[Any], end: npt.NDArray[Any], n_groups: int) -> I64:
    """Number of tokens that the spans of each group cover together."""
    if not len(group):
        return np.zeros(n_groups, np.int64)
    order = np.lexsort((end, start, group))
    group, start, end = group[order], start[order].astype(np.int64), end[order].astype(np.int64)
    base = group * (int(end.max()) + 1)  # groups lie apart, so a running maximum restarts with each
    reached = np.maximum.accumulate(base + end)
    before = np.concatenate([[0], reached[:-1]])
    gain = np.maximum(0, base + end - np.maximum(base + start, before))
    return np.bincount(group, gain, n_groups).astype(np.int64)


def select(table: MatchTable, weight: F64, excluded: U8, candidate: Corpus, original: Corpus) -> Selection:
    """Let all originals compete: heaviest first, a region counts when at least half of its tokens are still free.

    weight: (r,) float64. excluded: (r,) uint8, not 0 for regions that are shown but do not count; they come last.
    """
    file_c = table.candidate_file.astype(np.int64)
    order = np.lexsort(
        (table.original_start, table.original_file, table.candidate_start, -weight, excluded != 0, file_c)
    )
    layer = np.zeros(len(candidate.normal), np.uint8)
    start = candidate.offset[file_c] + table.candidate_start
    end = candidate.offset[file_c] + table.candidate_end
    code = np.where(
        excluded != 0,
        np.where(np.isin(excluded, _UNREAD), 3, 4),
        np.where(table.is_verbatim, 1, np.where(table.is_structural, 5, 2)),
    ).astype(np.uint8)
    rows = _claims(layer, start, end, code, order)
    counted = rows[excluded[rows] == 0]
    longest = np.zeros(candidate.n_files, np.int64)
    np.maximum.at(longest, file_c[counted], table.n_equal[counted].astype(np.int64))
    theirs = table.original_file[counted].astype(np.int64)
    return Selection(
        rows=rows,
        counted=counted,
        verbatim=_per_file(candidate, layer == 1),
        renamed=_per_file(candidate, layer == 2),
        structural=_per_file(candidate, layer == 5),
        unread=_per_file(candidate, layer == 3),
        longest=longest,
        original_matched=_union(theirs, table.original_start[counted], table.original_end[counted], original.n_files),
    )


def _claims(layer: U8, start: I64, end: I64, code: U8, order: I64) -> I64:
    """Let rows claim tokens in the given order; returns those that did. layer: (n,) uint8, 0 where free, is written.

    Most rows come too late. What is taken stays taken, so ever more of them are tested at once and left out.
    """
    found: list[int] = []
    size = _FIRST_CLAIMS
    while len(order):
        part, order, size = order[:size], order[size:], 2 * size
        claims = zip(part.tolist(), start[part].tolist(), end[part].tolist(), code[part].tolist(), strict=True)
        found += [row for row, first, last, own in claims if _claim(layer, first, last, own)]
        if len(order):
            n_free = np.concatenate([[0], np.cumsum(layer == 0)])
            order = order[2 * (n_free[end[order]] - n_free[start[order]]) >= end[order] - start[order]]
    return np.array(found, np.int64)


def _claim(layer: U8, start: int, end: int, code: int) -> bool:
    free = layer[start:end] == 0
    if 2 * np.count_nonzero(free) < end - start:
        return False
    layer[start:end][free] = code
    return True


def _per_file(corpus: Corpus, chosen: Bool) -> I64:
    total = np.concatenate([[0], np.cumsum(chosen)]).astype(np.int64)
    return total[corpus.offset[1:]] - total[corpus.offset[:-1]]


def containment_and_jaccard(candidate: U64, original: U64) -> tuple[float, float]:
    """Share of the candidate's distinct fingerprints that the original has, and Jaccard of the two sets.

    candidate, original: (f,) uint64, sorted and distinct. Broder, SEQUENCES 1997.
    """
    if not len(candidate) or not len(original):
        return 0.0, 0.0
    at = np.minimum(np.searchsorted(original, candidate), len(original) - 1)
    shared = int(np.count_nonzero(original[at] == candidate))
    return shared / len(candidate), shared / (len(candidate) + len(original) - shared)
