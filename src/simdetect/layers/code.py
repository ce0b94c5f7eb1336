"""Agreement of code, token by token: verbatim, renamed, and structural where whole functions agree with gaps."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from simdetect.layers.regions import Handed, Regions, Weighed, file_pairs, recurring, weigh
from simdetect.layers.result import Context, LayerResult
from simdetect.matching.comparison import Comparison, Program
from simdetect.matching.functions import align_units, within
from simdetect.matching.layout import ORIGINAL_END, lay_out_code
from simdetect.matching.regions import Limits, find_regions
from simdetect.matching.seeds import find_seeds
from simdetect.model import F64, I64, U8, Bool, ExclusionReason, Layer, MatchTable, RegionBits, TokenRole
from simdetect.options import ScanOptions
from simdetect.weighing.exclusions import CARRIED, REASON_OF_ROLE, HandedTokens, between, covered, inside, reason_codes
from simdetect.weighing.handouts import Handout
from simdetect.weighing.known_spans import known_tokens
from simdetect.weighing.licences import licence_literals
from simdetect.weighing.limits import FLOOR_BITS
from simdetect.weighing.observable import observable
from simdetect.weighing.pairs import FileFeatures
from simdetect.weighing.said import said
from simdetect.weighing.standards import prescribed
from simdetect.weighing.surprise import interleave, region_bits

__all__ = ["Matched", "find", "layer_bits", "matched", "matched_tokens"]

# Literals that nobody needs to be given.
_STANDING = (
    Handout("tables of public standards, lists in order", ExclusionReason.COMMON, b"", ()),
    Handout("licence text in a literal", ExclusionReason.LICENSE, b"", ()),
    Handout("texts that the program can print", ExclusionReason.OBSERVABLE, b"", ()),
)
# By the reason of what is carried.
_CARRIED = (
    Handout(CARRIED, ExclusionReason.GENERATED, b"", ()),
    Handout(CARRIED, ExclusionReason.VENDORED, b"", ()),
)


def find(comparison: Comparison, context: Context) -> LayerResult:
    """Regions of equal normalised tokens, and functions aligned with gaps, between files of one language family."""
    if "code" not in context.memo:
        context.memo["code"] = matched(comparison, context.options, context.deadline)
        if time.monotonic() > context.deadline or not context.memo["code"].is_whole:
            context.memo.setdefault("unfinished", []).append("functions aligned with gaps")
    found_alone: Matched = context.memo["code"]
    table, alone = found_alone.table, found_alone.alone
    handed = _handed(comparison, table, context)
    found = weigh(comparison, Weighed(table, _layers(table), alone), handed, is_words=False)
    pairs = found.pairs
    of_pair = {"strongest": pairs.strongest, "total": pairs.total, "function": pairs.function}
    return LayerResult(
        found=found,
        pairs=file_pairs(found, {**of_pair, "agreement": found.agreement}),
        features=_features(found.features),
        untested=_features(found.untested),
        bits=layer_bits(found, found.gain),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """Regions and aligned functions, with the bits of each by itself. is_whole: whether all functions were aligned."""

    table: MatchTable
    alone: RegionBits
    is_whole: bool = True


def matched(comparison: Comparison, options: ScanOptions, deadline: float = math.inf) -> Matched:
    """All regions and aligned functions. deadline: when no more are aligned."""
    table = _regions(comparison, options)
    alone = region_bits(table, comparison, recurring=recurring(table, comparison))
    return _with_functions(comparison, table, alone, deadline)


def _features(of: FileFeatures) -> dict[str, F64]:
    return {"strongest": of.strongest, "total": of.total, "function": of.function, "agreement": of.agreement}


def _layers(table: MatchTable) -> list[Layer]:
    """What kind of agreement each region is."""
    kinds = np.where(table.is_structural, 2, np.where(table.is_verbatim, 0, 1))
    return [(Layer.VERBATIM, Layer.RENAMED, Layer.STRUCTURAL)[kind] for kind in kinds.tolist()]


def matched_tokens(found: Regions) -> dict[Layer, I64]:
    """Candidate tokens in counted regions by layer, each counted once: (files,) int64."""
    selection = found.selection
    return {
        Layer.VERBATIM: selection.verbatim,
        Layer.RENAMED: selection.renamed,
        Layer.STRUCTURAL: selection.structural,
    }


def layer_bits(found: Regions, value: F64) -> dict[Layer, F64]:
    """What counted regions add to their files, by layer. value: (r,) float64, of each region."""
    table, counted, n_files = found.table, found.selection.counted, len(found.features.total)
    file, gain = table.candidate_file[counted].astype(np.int64), value[counted]
    is_verbatim, is_structural = table.is_verbatim[counted], table.is_structural[counted]
    chosen = {
        Layer.VERBATIM: is_verbatim,
        Layer.RENAMED: ~(is_verbatim | is_structural),
        Layer.STRUCTURAL: is_structural,
    }
    return {layer: np.bincount(file[own], gain[own], n_files).astype(np.float64) for layer, own in chosen.items()}


def _regions(comparison: Comparison, options: ScanOptions) -> MatchTable:
    """Matching regions, between files of one family."""
    seeds = find_seeds(comparison, options.max_postings, options.k)
    return find_regions(comparison, seeds, Limits(options.k, options.min_region_tokens, options.max_gap_tokens))


# --- functions -----------------------------------------------------------------------------------------------------


def _with_functions(comparison: Comparison, table: MatchTable, alone: RegionBits, deadline: float) -> Matched:
    """The regions, and aligned functions that are worth more than the regions inside them are together. alone: bits of
    each region by itself, as what comes back."""
    aligned, is_whole = align_units(comparison, table, _settled(comparison, table, alone.total), deadline)
    if not len(aligned):
        return Matched(table, alone, is_whole)
    bits_of = region_bits(aligned, comparison)
    pieces = np.maximum(0.0, alone.total - FLOOR_BITS)
    chosen = np.flatnonzero(bits_of.total - FLOOR_BITS > within(aligned, table, pieces))
    bits = interleave(alone, bits_of, chosen, table.places(aligned, chosen))
    return Matched(table.with_rows(aligned, chosen), bits, is_whole)


def _settled(comparison: Comparison, table: MatchTable, total: F64) -> I64:
    """How far the regions reach that count and begin at or before each token of the candidate: (n,) int64 positions.

    Where one region holds a whole function, aligning that with yet other functions of the originals finds nothing that
    counts: it is worth less than the region, which has its tokens already.
    """
    layout = comparison.candidate.layout
    excluded = np.array([file.role in REASON_OF_ROLE for file in comparison.original.files] or [False])
    rows = np.flatnonzero((total >= FLOOR_BITS) & ~excluded[table.original_file])
    base = layout.offset[table.candidate_file[rows]]
    reach = np.zeros(len(layout.normal), np.int64)
    np.maximum.at(reach, base + table.candidate_start[rows], base + table.candidate_end[rows])
    return np.maximum.accumulate(reach)


# --- what was handed out -------------------------------------------------------------------------------------------


def _handed(comparison: Comparison, table: MatchTable, context: Context) -> Handed:
    """Which tokens of the candidate, inside regions, are in what was handed out, or need not be."""
    handouts = [*context.handouts, *_STANDING, *_CARRIED]
    standing = _standing(comparison.candidate, table, context)
    carried = known_tokens(comparison, table)
    if not context.handouts and not standing.any() and not carried.any():
        return Handed(None, handouts)
    code, is_same = _handed_code(comparison, context, is_named=True)
    candidate = comparison.candidate
    text = said(context.index, candidate, inside(table, candidate.layout))
    text = np.where((text == 0) & (standing > 0), len(context.handouts) + standing.astype(np.int64), text)
    literals = between(((text > 0) & (candidate.role == TokenRole.STRING)) | (standing > 0))
    by_unnamed, _ = _handed_code(comparison, context, is_named=False)
    code, is_same = np.where(carried > 0, _number_of(carried, len(handouts)), code), is_same | (carried > 0)
    quoted = (by_unnamed > 0) & (code == 0)  # what somebody named as handed out is, whoever else quotes it
    return Handed(HandedTokens(code, is_same, text, literals & ~quoted, quoted), handouts)


def _number_of(carried: U8, n: int) -> I64:
    """1 + the index, among n handouts, of that of _CARRIED which has the reason of each token: (n,) int64."""
    codes = reason_codes(handout.reason for handout in _CARRIED)
    found: I64 = np.arange(n - len(_CARRIED), n + 1)[(carried[:, np.newaxis] == codes).argmax(axis=1)]
    return found


def _handed_code(comparison: Comparison, context: Context, *, is_named: bool) -> tuple[I64, Bool]:
    """Which tokens of the candidate agree with code in handouts that somebody named, or in those that nobody did: as
    `exclusions.covered`."""
    chosen = [(i, handout) for i, handout in enumerate(context.handouts) if handout.is_named is is_named]
    files = [file for _, handout in chosen for file in handout.code]
    if not files:
        n = len(comparison.candidate.role)
        return np.zeros(n, np.int64), np.zeros(n, np.bool_)
    handed = replace(comparison, original=Program(files, lay_out_code(files, ORIGINAL_END)))
    table = _regions(handed, context.options)
    number = _numbers(chosen)
    return covered(table, handed, region_bits(table, handed), number)


def _numbers(chosen: Sequence[tuple[int, Handout]]) -> I64:
    """The number of the handout that each file of code belongs to."""
    return np.array([i for i, handout in chosen for _ in handout.code], np.int64)


def _standing(candidate: Program, table: MatchTable, context: Context) -> U8:
    """Literals in regions that nobody needs to be given: 0 or 1 + the index in _STANDING."""
    wanted = inside(table, candidate.layout)
    tables, licences = prescribed(candidate, wanted), licence_literals(candidate, wanted)
    seen = observable(context.observable, candidate, wanted)
    return np.where(licences, 2, np.where(tables, 1, np.where(seen, 3, 0))).astype(np.uint8)
