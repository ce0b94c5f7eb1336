"""Which regions count for a candidate file when all originals compete for its tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simdetect.matching.comparison import Comparison
from simdetect.model import F64, I64, U8, Bool, Layout, MatchTable
from simdetect.weighing.exclusions import REASON_OF_ROLE
from simdetect.weighing.limits import FLOOR_BITS

__all__ = ["Selection", "gains", "select", "union"]

_UNREAD = list(REASON_OF_ROLE.values())
_FIRST_CLAIMS = 4096  # rows that claim tokens before the rest is tested for what is left


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


def gains(selection: Selection, added: F64) -> F64:
    """What each region adds to its file beyond the floor: (r,) float64, 0 for those that do not count. added: (r,)
    float64, bits that it adds to the heavier ones of the file."""
    gain = np.zeros(len(added))
    gain[selection.counted] = np.maximum(0.0, added[selection.counted] - FLOOR_BITS)
    return gain


def union(group: I64, start: npt.NDArray[Any], end: npt.NDArray[Any], n_groups: int) -> I64:
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


def select(table: MatchTable, weight: F64, excluded: U8, comparison: Comparison) -> Selection:
    """Let all originals compete: heaviest first, a region counts when at least half of its tokens are still free.

    weight: (r,) float64. excluded: (r,) uint8, not 0 for regions that are shown but do not count; they come last.
    """
    candidate, original = comparison.candidate.layout, comparison.original.layout
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
    original_file = table.original_file[counted].astype(np.int64)
    return Selection(
        rows=rows,
        counted=counted,
        verbatim=_per_file(candidate, layer == 1),
        renamed=_per_file(candidate, layer == 2),
        structural=_per_file(candidate, layer == 5),
        unread=_per_file(candidate, layer == 3),
        longest=longest,
        original_matched=union(
            original_file, table.original_start[counted], table.original_end[counted], original.n_files
        ),
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


def _per_file(layout: Layout, chosen: Bool) -> I64:
    total = np.concatenate([[0], np.cumsum(chosen)]).astype(np.int64)
    return total[layout.offset[1:]] - total[layout.offset[:-1]]
