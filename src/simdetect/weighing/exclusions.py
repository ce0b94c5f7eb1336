"""Why a region does not count: its file is vendored or generated, it was handed out, or it is common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from simdetect.matching.comparison import Comparison
from simdetect.model import F64, I64, U8, Bool, ExclusionReason, FileRole, Layout, MatchTable, RegionBits, TokenBits
from simdetect.weighing.limits import FLOOR_BITS

__all__ = [
    "CARRIED",
    "COMMON_CODE",
    "PACKAGES",
    "PUBLIC_CODE",
    "REASONS",
    "REASON_OF_ROLE",
    "HandedTokens",
    "between",
    "covered",
    "exclusions",
    "inside",
    "mostly_handed",
    "reason_codes",
    "structure_of",
    "touched",
]

REASONS = tuple(ExclusionReason)
REASON_OF_ROLE = {
    FileRole.VENDORED: 1 + REASONS.index(ExclusionReason.VENDORED),
    FileRole.GENERATED: 1 + REASONS.index(ExclusionReason.GENERATED),
    FileRole.PAGE: 1 + REASONS.index(ExclusionReason.OBSERVABLE),
}
PUBLIC_CODE = 1 + REASONS.index(ExclusionReason.PUBLIC)
COMMON_CODE = 1 + REASONS.index(ExclusionReason.COMMON)
CARRIED = "text that many projects carry"
PACKAGES = "names that public packages export"  # what is said to have them
# Short runs of equal structure occur between any two programs; only clear agreement with given code takes bits away.
_CLEAR_BITS = 40.0
# What may be left of a region that is mostly given before it counts after all: recalled code beside a given table.
_REMARKABLE_BITS = 60.0
_BETWEEN = 10  # `{"name", KIND_NAME, FLAG},` and less


@dataclass(frozen=True, slots=True, eq=False)
class HandedTokens:
    """Tokens of the candidate layout that were handed out. code, text: (n,) int64, 0 or 1 + the handout that has them
    as code or as text. is_same: (n,) bool, tokens of given code whose text agrees too. between: (n,) bool, tokens
    between literals of given text. quoted: (n,) bool, tokens that agree with code in a document that nobody named: they
    keep their structure."""

    code: I64
    is_same: Bool
    text: I64
    between: Bool
    quoted: Bool

    @property
    def source(self) -> I64:
        """(n,) int64, 0 or 1 + the handout of each token."""
        return np.where(self.code > 0, self.code, self.text)

    def left(self, bits: TokenBits) -> TokenBits:
        """Bits of tokens without what was handed out."""
        structure = np.where((self.code > 0) | self.between, 0.0, bits.structure)
        return replace(bits, structure=structure, name=np.where(self.is_same | (self.text > 0), 0.0, bits.name))


def reason_codes(reasons: Iterable[ExclusionReason]) -> U8:
    """Codes as of `exclusions`, 0 for what is not excluded before those of the given reasons: (1 + n,) uint8."""
    return np.array([0, *(1 + REASONS.index(reason) for reason in reasons)], np.uint8)


def exclusions(
    table: MatchTable,
    bits: RegionBits,
    original_role: Sequence[FileRole],
    handed: U8 | None = None,
    known: U8 | None = None,
) -> U8:
    """Why each region does not count: (r,) uint8, 0 or 1 + an index into `REASONS`.

    A region is common when its bits stay below the floor: idiom has none, and names that many use have few.
    original_role: role of each original file; that of the candidate's files is its own claim and excludes nothing.
    handed: (r,) uint8, codes of regions that were handed out; what the original's role excludes stays that. known:
    (r,) uint8, see `known_spans`.
    """
    by_file = np.array([REASON_OF_ROLE.get(role, 0) for role in original_role] or [0], np.uint8)
    reason = by_file[table.original_file]
    if known is not None:
        reason = np.where(reason == 0, known, reason)
    if handed is not None:
        reason = np.where(reason == 0, handed, reason)
    reason[(reason == 0) & (bits.total < FLOOR_BITS)] = COMMON_CODE
    return reason


def covered(table: MatchTable, handed: Comparison, bits: RegionBits, source: I64) -> tuple[I64, Bool]:
    """Which tokens agree with given code.

    table, bits: regions of handed, which compares the candidate with that code. source: (files,) int64, handout of each
    file of code.
    Returns (n,) int64 over the candidate layout, 0 or 1 + the handout; (n,) bool, tokens whose text agrees too.
    """
    candidate, code = handed.candidate.layout, handed.original.layout
    found, is_same = np.zeros(len(candidate.exact), np.int64), np.zeros(len(candidate.exact), np.bool_)
    clear = table.is_verbatim | (bits.total >= _CLEAR_BITS)
    for run in np.flatnonzero(clear[table.run_row]).tolist():
        row, length = table.run_row[run], int(table.run_length[run])
        own = int(candidate.offset[table.candidate_file[row]]) + int(table.run_candidate[run])
        there = int(code.offset[table.original_file[row]]) + int(table.run_original[run])
        free = found[own : own + length] == 0
        found[own : own + length][free] = 1 + source[table.original_file[row]]
        is_same[own : own + length] |= candidate.exact[own : own + length] == code.exact[there : there + length]
    return found, is_same


def inside(table: MatchTable, candidate: Layout) -> Bool:
    """Which tokens of the candidate layout lie in a region: (n,) bool."""
    step = np.zeros(len(candidate.exact) + 1, np.int64)
    start = candidate.offset[table.candidate_file]
    np.add.at(step, start + table.candidate_start, 1)
    np.add.at(step, start + table.candidate_end, -1)
    found: Bool = np.cumsum(step)[:-1] > 0
    return found


def touched(table: MatchTable, candidate: Layout, source: I64) -> I64:
    """Rows of the regions that hold a token that was handed out. source: (n,) int64, not 0 for such tokens."""
    before = np.concatenate([[0], np.cumsum(source > 0)])
    start = candidate.offset[table.candidate_file]
    return np.flatnonzero(before[start + table.candidate_end] > before[start + table.candidate_start])


def between(handed: Bool) -> Bool:
    """Tokens from one handed literal to the next, where they lie close together. handed: (n,) bool."""
    at = np.flatnonzero(handed)
    close = np.flatnonzero(np.diff(at) <= _BETWEEN)
    step = np.zeros(len(handed) + 1, np.int64)
    np.add.at(step, at[close], 1)
    np.add.at(step, at[close + 1] + 1, -1)
    found: Bool = np.cumsum(step)[:-1] > 0
    return found


def mostly_handed(table: MatchTable, candidate: Layout, source: I64, full: F64, left: F64) -> I64:
    """Which regions do not count because they were mostly handed out: (r,) int64, 0 or 1 + the handout to blame.

    source: (n,) int64, 0 or 1 + the handout of each token.
    full, left: (r,) float64, bits with everything and without what was handed out.
    """
    is_little = (left < FLOOR_BITS) | ((left < full / 4) & (left < _REMARKABLE_BITS))
    handed = np.flatnonzero((full >= FLOOR_BITS) & is_little)
    start = candidate.offset[table.candidate_file[handed]]
    blamed = np.zeros(len(table), np.int64)
    for row, low, high in zip(
        handed.tolist(), start + table.candidate_start[handed], start + table.candidate_end[handed], strict=True
    ):
        blamed[row] = _most_frequent(source[low:high])
    return blamed


def structure_of(table: MatchTable, candidate: Layout, structure: F64) -> F64:
    """What the tokens between start and end of each region have together: (r,) float64. structure: (n,) float64."""
    before = np.concatenate([[0.0], np.cumsum(structure)])
    start = candidate.offset[table.candidate_file]
    found: F64 = before[start + table.candidate_end] - before[start + table.candidate_start]
    return found


def _most_frequent(source: npt.NDArray[np.int64]) -> int:
    known = source[source > 0]
    return int(np.bincount(known).argmax()) if len(known) else 0
