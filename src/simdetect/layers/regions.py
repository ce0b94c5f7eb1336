"""Regions that agree, of code or of comments: what each counts for once everything that excludes is taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simdetect.layers.ranked import FilePairs
from simdetect.matching.comparison import Comparison
from simdetect.model import F64, I64, U8, Bool, FileRole, Layer, MatchTable, RegionBits
from simdetect.weighing.exclusions import (
    CARRIED,
    COMMON_CODE,
    PACKAGES,
    PUBLIC_CODE,
    HandedTokens,
    exclusions,
    mostly_handed,
    reason_codes,
    structure_of,
    touched,
)
from simdetect.weighing.handouts import Handout
from simdetect.weighing.known_spans import known_regions
from simdetect.weighing.limits import FLOOR_BITS
from simdetect.weighing.pairs import FileFeatures, Pairs, RegionWeights, agreement, region_features, score_pairs
from simdetect.weighing.selection import Selection, gains, select
from simdetect.weighing.surprise import Recurring, aligned_structure, choose, region_bits
from simdetect.weighing.whole import LEAST_TOKENS, function_bits

__all__ = ["Handed", "Regions", "Weighed", "are_tests", "file_pairs", "recurring", "weigh"]

_PART_TOKENS = 1 << 20  # aligned tokens whose functions are looked at together


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """Regions of one kind, of code or of comments, and what they count for.

    is_words: whether positions count words of comments. layers: (r,) what kind of agreement each region is. comparison:
    what positions refer to. alone: bits of each region by itself. excluded: (r,) uint8, see `exclusions`. gain: (r,)
    float64, see `gains`. function: (r,) float64, bits of its heaviest whole function. agreement: (pairs,) float64, see
    `pairs.agreement`. handed_by: of regions that were handed out, what has them. untested: features without the
    original's test files.
    """

    is_words: bool
    layers: Sequence[Layer]
    comparison: Comparison
    table: MatchTable
    alone: RegionBits
    excluded: U8
    pairs: Pairs
    selection: Selection
    gain: F64
    function: F64
    agreement: F64
    features: FileFeatures
    untested: FileFeatures
    handed_by: Mapping[int, str]


@dataclass(frozen=True, slots=True, eq=False)
class Handed:
    """What was handed out. tokens: of the candidate that it says or holds, None for none at all. handouts: which they
    are, as numbered there."""

    tokens: HandedTokens | None
    handouts: Sequence[Handout]


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """Regions before anything is excluded. layers: (r,) what kind of agreement each is. alone: bits of each by
    itself."""

    table: MatchTable
    layers: Sequence[Layer]
    alone: RegionBits


def recurring(table: MatchTable, comparison: Comparison) -> Recurring | None:
    """What makes weighing faster, where there is enough to weigh."""
    layout = comparison.candidate.layout
    return Recurring.of(layout) if 2 * int(table.run_length.sum()) > len(layout.normal) else None


def weigh(comparison: Comparison, regions: Weighed, handed: Handed, *, is_words: bool) -> Regions:
    """Bits of regions, alone, to exclusions, selection and features. is_words: of comments; in those of code, whole
    functions that agree are looked for."""
    table, alone = regions.table, regions.alone
    roles = [file.role for file in comparison.original.files]
    blamed = np.zeros(len(table), np.int64)
    if handed.tokens is not None:
        blamed, alone = _without_handed(comparison, handed.tokens, table, alone)
        comparison = comparison.weighed_by(handed.tokens.left(comparison.candidate.bits))
    reasons = reason_codes(handout.reason for handout in handed.handouts)
    known = known_regions(comparison, table) if is_words else np.zeros(len(table), np.uint8)
    excluded = exclusions(table, alone, roles, reasons[blamed], known)
    excluded, alone = _or_public(comparison, table, excluded, alone)
    selection = select(table, alone.total, excluded, comparison)
    of_file = table.candidate_file.astype(np.int64)
    added = region_bits(table, comparison, selection.counted, of_file)
    function = np.zeros(len(table)) if is_words else _function_bits(comparison, table, selection.counted, alone)
    weights = RegionWeights(alone.total, gains(selection, added.total), function)
    pairs, agreeing = _pairs(comparison, table, weights, excluded)
    n_files, tests = len(selection.longest), are_tests(roles)
    tested = np.where(tests[pairs.original_file], 0.0, agreeing)
    untested = replace(selection, counted=selection.counted[~tests[table.original_file[selection.counted]]])
    return Regions(
        is_words=is_words,
        layers=regions.layers,
        comparison=comparison,
        table=table,
        alone=alone,
        excluded=excluded,
        pairs=pairs,
        selection=selection,
        gain=weights.gain,
        function=function,
        agreement=agreeing,
        features=region_features(table, selection, weights, _best(pairs, agreeing, n_files)),
        untested=region_features(table, untested, weights, _best(pairs, tested, n_files)),
        handed_by=_handed_by(handed, blamed, excluded, known),
    )


def _handed_by(handed: Handed, blamed: I64, excluded: U8, known: U8) -> dict[int, str]:
    """What has the regions that do not count, where it is not the original's file."""
    return {
        **{row: handed.handouts[blamed[row] - 1].path for row in np.flatnonzero(blamed).tolist()},
        **dict.fromkeys(np.flatnonzero(excluded == PUBLIC_CODE).tolist(), PACKAGES),
        **dict.fromkeys(np.flatnonzero(known).tolist(), CARRIED),
    }


def file_pairs(regions: Regions, names: Mapping[str, F64]) -> FilePairs:
    """What regions say of pairs of files. names: (pairs,) float64 by feature."""
    return FilePairs(regions.pairs.candidate_file, regions.pairs.original_file, names)


def are_tests(roles: Sequence[FileRole]) -> Bool:
    """Which files are tests: (n,) bool, one of False where there is no file."""
    return np.array([role is FileRole.TEST for role in roles] or [False])


def _without_handed(
    comparison: Comparison, handed: HandedTokens, table: MatchTable, alone: RegionBits
) -> tuple[I64, RegionBits]:
    """The handout that each region is excluded for, 0 or 1 + its index, and the bits: those left where it counts."""
    candidate = comparison.candidate.layout
    rows = touched(table, candidate, handed.source)
    elsewhere = ~np.isin(np.arange(len(table)), rows)
    without = comparison.weighed_by(handed.left(comparison.candidate.bits))
    left = choose(elsewhere, alone, region_bits(table, without, rows))
    blamed = mostly_handed(table, candidate, handed.source, alone.total, left.total)
    quoted = structure_of(table, candidate, np.where(handed.quoted, comparison.candidate.bits.structure, 0.0))
    blamed[(left.total >= FLOOR_BITS) & (quoted >= FLOOR_BITS)] = 0
    return blamed, choose(blamed != 0, alone, left)


def _or_public(comparison: Comparison, table: MatchTable, excluded: U8, alone: RegionBits) -> tuple[U8, RegionBits]:
    """Which regions would count if packages did not export their names, as `exclusions`, and their bits with those."""
    candidate = comparison.candidate
    if not candidate.public.any():
        return excluded, alone
    most = alone.total + structure_of(table, candidate.layout, candidate.public)
    rows = np.flatnonzero((excluded == COMMON_CODE) & (most >= FLOOR_BITS))
    bits = replace(candidate.bits, name=candidate.bits.name + candidate.public)
    full = region_bits(table, comparison.weighed_by(bits), rows)
    is_public = full.total >= FLOOR_BITS
    return np.where(is_public, PUBLIC_CODE, excluded).astype(np.uint8), choose(is_public, full, alone)


def _pairs(comparison: Comparison, table: MatchTable, weights: RegionWeights, excluded: U8) -> tuple[Pairs, F64]:
    """The regions by pair of files, and how far the two files of each agree from end to end."""
    candidate, original = comparison.candidate.layout, comparison.original.layout
    counts = excluded == 0
    weight = np.where(counts, weights.alone, 0.0)
    of_pair = table.candidate_file.astype(np.int64) * original.n_files + table.original_file
    heaviest_first = np.lexsort((-weight, of_pair))
    heaviest_first = heaviest_first[counts[heaviest_first]]
    in_pair = region_bits(table, comparison, heaviest_first, of_pair)
    pairs = score_pairs(table, weight, np.where(counts, in_pair.total, 0.0), weights.function)
    return pairs, agreement(pairs, candidate.lengths(), original.lengths())


def _function_bits(comparison: Comparison, table: MatchTable, rows: I64, of: RegionBits) -> F64:
    """Bits of the heaviest whole function of these rows, never more than the structure of the region. of: bits of all
    regions."""
    rows = rows[table.n_equal[rows] >= LEAST_TOKENS]
    found = np.zeros(len(table))
    for part in np.split(rows, np.flatnonzero(np.diff(np.cumsum(table.n_equal[rows]) // _PART_TOKENS)) + 1):
        found += function_bits(aligned_structure(table, comparison, part), table, comparison)
    return np.minimum(found, of.structure)


def _best(pairs: Pairs, value: F64, n_files: int) -> F64:
    """The highest value among the pairs of each candidate file: (files,) float64, 0 without any."""
    found = np.zeros(n_files)
    np.maximum.at(found, pairs.candidate_file, value)
    return found
