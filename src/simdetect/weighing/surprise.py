"""Regions -> bits: how surprising is this agreement between independent authors?

    bits = structure + names

*structure*: surprise of the normalised tokens under the background, each distinct 4-gram of the region in full once
and _REPEAT of it again, so that tables and repetitive code do not add up; nothing inside common idiom. Where names
map inconsistently between the two sides, the region is chance alignment rather than renaming, and the sum is scaled
down. *names*: surprise of each name or literal that is the same on both sides, once; AGAIN_BITS for each repetition,
also of a name that is consistently another, and never more than the name itself has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from simdetect.matching.comparison import Comparison
from simdetect.model import F64, I64, U64, Aligned, Bool, Layout, MatchTable, RegionBits, TokenBits, TokenRole, ranges
from simdetect.weighing.limits import AGAIN_BITS, LITERAL_WEIGHT
from simdetect.weighing.repeats import Pairing, Texts, first_of, pairing, previous

__all__ = [
    "LITERAL_WEIGHT",
    "Recurring",
    "aligned_structure",
    "choose",
    "interleave",
    "join_bits",
    "region_bits",
    "same_texts",
]

_REPEAT = 0.1
_NAME_WEIGHT = 1.0
# An alignment of two functions that have nothing to do with each other finds pieces too, but with many gaps between.
_GAP_BITS = 4.0
_CHANCE = 0.5  # share of recurring names that agree by chance in unrelated code of equal structure
_LEAST_SCALE = 0.25
_PART_TOKENS = 1 << 20  # aligned tokens weighed at once


def join_bits(files: Sequence[TokenBits]) -> TokenBits:
    """Bits of files laid end to end as a `Layout` lays them, a separator of no bits after each."""
    zero, no = np.zeros(1), np.zeros(1, np.bool_)
    return TokenBits(
        structure=np.concatenate([part for file in files for part in (file.structure, zero)] or [zero[:0]]),
        name=np.concatenate([part for file in files for part in (file.name, zero)] or [zero[:0]]),
        is_idiom=np.concatenate([part for file in files for part in (file.is_idiom, no)] or [no[:0]]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Flat:
    """Every aligned token of some regions. layout: of the candidate. rows: (r,) int64 of the table. row: (n,) int64 the
    index of each token's region among them; candidate, original: its two positions."""

    layout: Layout
    rows: I64
    row: I64
    candidate: I64
    original: I64


@dataclass(frozen=True, slots=True, eq=False)
class Recurring:
    """Where the 4-gram that ends at each token of a layout ended before: (n,) int64, -1 where nowhere."""

    before: I64

    @classmethod
    def of(cls, layout: Layout) -> Recurring:
        """Those of a layout."""
        return cls(previous(_fourgrams(layout, np.arange(len(layout.normal)))))


def region_bits(
    table: MatchTable,
    comparison: Comparison,
    rows: I64 | None = None,
    group: I64 | None = None,
    recurring: Recurring | None = None,
) -> RegionBits:
    """Weigh regions.

    rows: which rows to weigh, and in which order; all of them without it. group: (r,) int64, rows of one group are
    weighed by what each adds to those before it: a name or 4-gram counts once a group. Without it every row is weighed
    alone. recurring: of the candidate, makes that faster where there are many rows.
    Returns one entry for each row of the table, 0 for those that are not weighed.
    """
    rows = np.arange(len(table)) if rows is None else rows
    found = RegionBits(*(np.zeros(len(table)) for _ in range(5)))
    for part in _parts(table, rows, rows if group is None else group[rows]):
        flat = _flatten(table, comparison, part)
        of_group = None if group is None else group[part]
        first = _first_fourgrams(table, flat, of_group, recurring)
        price: F64 = _GAP_BITS * table.n_gaps[part].astype(np.float64)
        weighed = _weigh(comparison, flat, first, of_group, price)
        for name in ("structure", "name", "literal", "consistency", "idiom"):
            getattr(found, name)[part] = getattr(weighed, name)
    return found


def _parts(table: MatchTable, rows: I64, group: I64) -> list[I64]:
    """Cut the rows between groups, so that memory stays bounded by the largest group."""
    if not len(rows):
        return []
    tokens = np.bincount(table.run_row, table.run_length, len(table))[rows]
    starts = np.append(0, np.flatnonzero(np.diff(group)) + 1)
    filled = (np.cumsum(tokens) - tokens)[starts] // _PART_TOKENS
    return np.split(rows, starts[np.flatnonzero(np.diff(filled)) + 1])


def _weigh(comparison: Comparison, flat: _Flat, first: Bool, group: I64 | None, price: F64) -> RegionBits:
    """Weigh the regions that were laid flat; one entry for each. first: (n,) bool, as of `_first_fourgrams`. group:
    (rows,) int64; None for each by itself. price: (rows,) float64 bits that its gaps cost a region."""
    n, role, bits = len(flat.rows), comparison.candidate.role, comparison.candidate.bits
    is_idiom = bits.is_idiom[flat.candidate]
    structure = _structure(flat, first, bits)
    own_role = role[flat.candidate]
    telling = np.flatnonzero(own_role != TokenRole.SYNTAX)
    row, at = flat.row[telling], flat.candidate[telling]
    is_name = own_role[telling] == TokenRole.NAME
    texts = Texts(
        comparison.candidate.layout.exact[at], comparison.original.layout.exact[flat.original[telling]], is_name
    )
    pairs = pairing(row, texts, n)
    consistency = _consistency(pairs, row, n)
    value = _text_bits(pairs, row, texts, bits.name[at], group)
    return RegionBits(
        structure=np.maximum(0.0, np.bincount(flat.row, structure, n) * _scale(consistency) - price),
        name=_NAME_WEIGHT * np.bincount(row, value * is_name, n).astype(np.float64),
        literal=LITERAL_WEIGHT * np.bincount(row, value * ~is_name, n).astype(np.float64),
        consistency=consistency,
        idiom=np.bincount(flat.row, is_idiom, n) / np.maximum(1, np.bincount(flat.row, minlength=n)),
    )


def _text_bits(pairs: Pairing, row: I64, texts: Texts, worth: F64, group: I64 | None) -> F64:
    """What each name or literal adds: in full once a region, or group, where both sides have it; a little again.

    row: (m,) int64. worth: (m,) float64.
    """
    same = texts.candidate == texts.original
    once = pairs.once
    if group is not None:
        once = np.zeros(len(same), np.bool_)
        once[same] = first_of(group[row[same]], texts.candidate[same])
    recurs = pairs.again & pairs.best & ~same
    value: F64 = np.where(once, worth, 0.0) + np.minimum(AGAIN_BITS, worth) * ((same & ~once) | recurs)
    return value


def aligned_structure(table: MatchTable, comparison: Comparison, rows: I64) -> Aligned:
    """Which tokens of regions are aligned, and what their structure is worth; each row is weighed alone."""
    n, role = len(rows), comparison.candidate.role
    flat = _flatten(table, comparison, rows)
    named = np.flatnonzero(role[flat.candidate] == TokenRole.NAME)
    row, candidate = flat.row[named], comparison.candidate.layout.exact[flat.candidate[named]]
    original = comparison.original.layout.exact[flat.original[named]]
    texts = Texts(candidate, original, np.ones(len(named), np.bool_))
    consistency = _consistency(pairing(row, texts, n), row, n)
    first = _first_fourgrams(table, flat, None, None)
    structure = _structure(flat, first, comparison.candidate.bits) * _scale(consistency)[flat.row]
    return Aligned(rows[flat.row], flat.candidate, flat.original, structure)


def _structure(flat: _Flat, first: Bool, bits: TokenBits) -> F64:
    """Bits of each aligned token: in full where its 4-gram is the first of its kind, none in idiom."""
    return bits.structure[flat.candidate] * np.where(first, 1.0, _REPEAT) * ~bits.is_idiom[flat.candidate]


def _consistency(pairs: Pairing, row: I64, n: int) -> F64:
    """Share of recurring names that map one to one in each of n regions. row: (m,) int64, of each name."""
    n_again = np.bincount(row[pairs.again], minlength=n)
    n_best = np.bincount(row[pairs.again & pairs.best], minlength=n)
    return np.where(n_again > 0, n_best / np.maximum(1, n_again), 1.0)


def _scale(consistency: F64) -> F64:
    """What is left of the structure of regions whose names map so consistently."""
    return np.clip((consistency - _CHANCE) / (1 - _CHANCE), _LEAST_SCALE, 1.0)


def same_texts(table: MatchTable, comparison: Comparison, rows: I64) -> tuple[I64, U64]:
    """Names and literals that have the same text on both sides of regions: rows of the table, (n,) int64, in the order
    of `rows`, and symbols (n,) uint64."""
    flat = _flatten(table, comparison, rows)
    exact, role = comparison.candidate.layout.exact[flat.candidate], comparison.candidate.role[flat.candidate]
    same = np.flatnonzero((exact == comparison.original.layout.exact[flat.original]) & (role != TokenRole.SYNTAX))
    return rows[flat.row[same]], exact[same]


def choose(which: Bool, first: RegionBits, second: RegionBits) -> RegionBits:
    """The first's values for regions where `which`, elsewhere the second's."""
    names = [field.name for field in fields(RegionBits)]
    return RegionBits(**{name: np.where(which, getattr(first, name), getattr(second, name)) for name in names})


def interleave(first: RegionBits, second: RegionBits, chosen: I64, order: I64) -> RegionBits:
    """Bits of a table's rows and of the chosen ones of another, as one. order: see `MatchTable.places`."""
    names = [field.name for field in fields(RegionBits)]
    return RegionBits(**{n: np.concatenate([getattr(first, n), getattr(second, n)[chosen]])[order] for n in names})


def _flatten(table: MatchTable, comparison: Comparison, rows: I64) -> _Flat:
    """Aligned tokens of the given rows, in their order."""
    candidate, original = comparison.candidate.layout, comparison.original.layout
    low, high = np.searchsorted(table.run_row, rows), np.searchsorted(table.run_row, rows + 1)
    n_runs = high - low
    run = ranges(low, n_runs)
    length = table.run_length[run].astype(np.int64)
    row = table.run_row[run].astype(np.int64)
    inner = ranges(0, length)
    start = candidate.offset[table.candidate_file[row]] + table.run_candidate[run]
    there = original.offset[table.original_file[row]] + table.run_original[run]
    place = np.repeat(np.arange(len(rows)), n_runs)
    at, other = np.repeat(start, length) + inner, np.repeat(there, length) + inner
    return _Flat(candidate, rows, np.repeat(place, length), at, other)


def _first_fourgrams(table: MatchTable, flat: _Flat, group: I64 | None, recurring: Recurring | None) -> Bool:
    """Whether the 4-gram that ends at each token is the first of its kind in its region, or group."""
    if group is not None:
        return first_of(group[flat.row], _fourgrams(flat.layout, flat.candidate))
    if recurring is None:
        return first_of(flat.row, _fourgrams(flat.layout, flat.candidate))
    start = (flat.layout.offset[table.candidate_file] + table.candidate_start)[flat.rows]
    first: Bool = recurring.before[flat.candidate] < start[flat.row]
    n_runs = np.bincount(table.run_row, minlength=len(table))[flat.rows]
    unsure = np.flatnonzero(~first & (n_runs > 1)[flat.row])  # it may have stood in a gap
    unsure = np.flatnonzero(np.isin(flat.row, flat.row[unsure])) if len(unsure) else unsure
    first[unsure] = first_of(flat.row[unsure], _fourgrams(flat.layout, flat.candidate[unsure]))
    return first


def _fourgrams(layout: Layout, position: I64) -> U64:
    """Hash of the 4-gram that ends at each position; of a file's first tokens, with what precedes them."""
    value = np.zeros(len(position), np.uint64)
    for back in (3, 2, 1, 0):
        value = value * np.uint64(0x9E3779B97F4A7C15) + layout.normal[np.maximum(position - back, 0)]
        value ^= value >> np.uint64(32)
    return value
