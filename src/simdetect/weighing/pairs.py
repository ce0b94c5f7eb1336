"""Regions of code or of comments added up by pair of files, and by candidate file: what a probability rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simdetect.model import F64, I64, MatchTable
from simdetect.model.arrays import heads
from simdetect.weighing.limits import AGREEMENT_BITS, FLOOR_BITS
from simdetect.weighing.selection import Selection, union

__all__ = ["FileFeatures", "Pairs", "RegionWeights", "agreement", "region_features", "score_pairs"]


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
class RegionWeights:
    """Bits of each region, (r,) float64: alone; gain: what it adds to its file beyond the floor; function: of its
    heaviest whole function."""

    alone: F64
    gain: F64
    function: F64


def region_features(table: MatchTable, selection: Selection, weights: RegionWeights, agreement: F64) -> FileFeatures:
    """What the probability of a file rests on, from its counted regions. agreement: (files,) float64."""
    n, rows = len(selection.longest), selection.counted
    file = table.candidate_file[rows].astype(np.int64)
    strongest, whole = np.zeros(n), np.zeros(n)
    np.maximum.at(strongest, file, weights.alone[rows])
    np.maximum.at(whole, file, weights.function[rows])
    return FileFeatures(strongest, np.bincount(file, weights.gain[rows], n).astype(np.float64), whole, agreement)


def agreement(pairs: Pairs, n_candidate: I64, n_original: I64) -> F64:
    """How far the files of each pair agree from end to end: (p,) float64, 0..1.

    The share of the tokens in regions that count, of that file of the two which has less of them; in proportion less
    where these are worth less than AGREEMENT_BITS. n_candidate, n_original: (files,) int64, tokens of the files.
    Independent programs share pieces of files; hardly ever is a file nearly all of another.
    """
    of_candidate = pairs.matched / np.maximum(1, n_candidate[pairs.candidate_file])
    of_original = pairs.original_matched / np.maximum(1, n_original[pairs.original_file])
    found: F64 = np.minimum(of_candidate, of_original) * np.minimum(1.0, pairs.weight / AGREEMENT_BITS)
    return found


def score_pairs(table: MatchTable, weight: F64, added: F64, function: F64) -> Pairs:
    """Add the regions up by pair of files. The table's rows are sorted by (candidate file, original file).

    weight: (r,) float64 bits of each region by itself; added: what it adds to the heavier ones of its pair; function:
    bits of its heaviest whole function. All are 0 where it is excluded.
    """
    file_c, file_o = table.candidate_file.astype(np.int64), table.original_file.astype(np.int64)
    new = heads(file_c, file_o)
    first = np.flatnonzero(new)
    if not len(first):
        none, no_bits = np.zeros(0, np.int64), np.zeros(0)
        return Pairs(none, none, no_bits, no_bits, no_bits, no_bits, none, none, none)
    pair = np.cumsum(new) - 1
    counted = weight > 0
    matched = union(pair[counted], table.candidate_start[counted], table.candidate_end[counted], len(first))
    original_matched = union(pair[counted], table.original_start[counted], table.original_end[counted], len(first))
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
        matched=matched[order],
        original_matched=original_matched[order],
        longest=np.maximum.reduceat(np.where(counted, table.n_equal, 0).astype(np.int64), first)[order],
    )
