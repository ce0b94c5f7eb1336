"""Functions aligned with gaps: recall that inserted, dropped, reordered or rewritten statements have cut to pieces.

A region ends where more than a few tokens differ. When a statement is inserted every few lines, or loops and
conditions are written in another way, what is left of a function is many short pieces, each too common to count. Here
whole functions are compared, in their canonical form (`canonical`):

`function_pairs` chooses which; here they are aligned: a longest common subsequence of the two units' canonical forms
(rapidfuzz, bit-parallel: Hyyrö, 2004), of which blocks of several tokens are kept, and of these the densest stretch.
Back in the source, tokens between them that are equal too are taken in. `surprise` weighs the runs as it weighs those
of a region, less a price for each gap between blocks.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from simdetect.matching.comparison import Comparison
from simdetect.matching.forms import formed
from simdetect.matching.function_pairs import (
    Alphabet,
    FilePair,
    Form,
    Spans,
    UnitsOf,
    UnitsOfPair,
    explained,
    file_pairs,
    spans_of,
    unit_pairs,
    units_of,
)
from simdetect.model import F64, I64, U64, Bool, MatchTable, TokenStream, ranges

__all__ = ["align_units", "within"]

_BLOCK = 5  # tokens: shorter blocks of an alignment are chance
_GAP_COST = 1.0  # equal tokens that a token in a gap takes away
# Of independent functions that share something, nine in ten have less than 0.4 of their tokens in blocks.
_DENSITY = 0.6
_LEAST_EQUAL = 60  # tokens: short functions are alike by chance
_MOST_FILLED = 12  # tokens of the source that the canonical form may leave out between two that it has
_NO_BLOCKS = np.zeros((0, 3), np.int64)
_EXPLAINED = 0.9  # share of a unit inside one region from which there is little to add


def align_units(
    comparison: Comparison, table: MatchTable, settled: I64 | None = None, deadline: float = math.inf
) -> tuple[MatchTable, bool]:
    """Rows of aligned units, to be weighed beside the regions of the table; `is_structural` everywhere. And whether
    all pairs of files were looked at.

    Only pairs of files that the table joins are looked at, those with most equal tokens first. settled: (n,) int64, how
    far regions reach that begin at or before each token of the candidate; units inside one are left alone. deadline: by
    `time.monotonic`, when no more pairs of files are looked at.
    """
    alphabet = Alphabet()
    pairs = _pairs_to_align(comparison, table, settled)
    sides = zip(
        (comparison.candidate, comparison.original),
        ({pair.candidate_file for pair, _ in pairs}, {pair.original_file for pair, _ in pairs}),
        strict=True,
    )
    both = [formed(program, sorted(wanted), deadline) for program, wanted in sides]
    units = lru_cache(maxsize=256)(lambda side, file: _units(both[side].tokens(file), alphabet))
    rows: list[_Row] = []
    for pair, left in pairs:
        if time.monotonic() > deadline:
            return _table(rows, table), False
        candidate, original = units(0, pair.candidate_file), units(1, pair.original_file)
        if candidate is not None and original is not None and len(original.start):
            chosen = [(a, b) for a, b in unit_pairs(UnitsOfPair(candidate, original, pair.regions), table) if left[a]]
            rows += _aligned(comparison, pair, [(candidate.form[a], original.form[b]) for a, b in chosen])
    return _table(rows, table), both[0].is_whole and both[1].is_whole


def _units(tokens: TokenStream | None, alphabet: Alphabet) -> UnitsOf | None:
    return None if tokens is None else units_of(tokens, alphabet)


def _pairs_to_align(comparison: Comparison, table: MatchTable, settled: I64 | None) -> list[tuple[FilePair, Bool]]:
    """Pairs of files of which the candidate has units to align, and which: neither settled nor explained by regions."""
    layout = comparison.candidate.layout
    spans = lru_cache(maxsize=256)(lambda file: spans_of(comparison.candidate.files[file].tokens))
    found = []
    for pair in file_pairs(table, layout.lengths()):
        candidate = spans(pair.candidate_file)
        left = _unsettled(candidate, int(layout.offset[pair.candidate_file]), settled)
        if left.any():
            left &= ~explained(candidate, pair.regions, table)
        if left.any():
            found.append((pair, left))
    return found


def _aligned(comparison: Comparison, pair: FilePair, forms: Sequence[tuple[Form, Form]]) -> Iterator[_Row]:
    """The dense alignments of units of two files, given by their canonical forms."""
    layouts = comparison.candidate.layout, comparison.original.layout
    starts = [layout.offset[i] for layout, i in zip(layouts, (pair.candidate_file, pair.original_file), strict=True)]
    normal = layouts[0].normal[starts[0] :], layouts[1].normal[starts[1] :]
    exact = layouts[0].exact[starts[0] :], layouts[1].exact[starts[1] :]
    for both in forms:
        blocks = _densest(_blocks(*both))
        if len(blocks) and _is_dense(blocks):
            runs = _runs(_filled(_pairs(blocks, both), normal))
            if len(runs) > 1:  # one run is a region already
                yield _Row(pair.candidate_file, pair.original_file, runs, len(blocks) - 1, _n_same(runs, exact))


def _unsettled(units: Spans, base: int, settled: I64 | None) -> Bool:
    """Which units no region holds nearly whole. base: where their file begins in the layout."""
    if settled is None:
        return np.ones(len(units.start), np.bool_)
    start, size = units.start + base, units.end - units.start
    missed = ((1 - _EXPLAINED) * size).astype(np.int64)
    held = [settled[start + part] - (start + part) >= size - missed for part in (0, missed // 2, missed)]
    unsettled: Bool = ~np.logical_or.reduce(held)
    return unsettled


def _pairs(blocks: I64, forms: tuple[Form, Form]) -> I64:
    """Pairs of tokens that blocks of canonical forms stand for, (n, 2) int64 by candidate token, each token once. Where
    a form has another symbol than the token, there is no token that both sides have."""
    one, two = forms
    length = blocks[:, 2]
    inner = ranges(0, length)
    a, b = np.repeat(blocks[:, 0], length) + inner, np.repeat(blocks[:, 1], length) + inner
    both = one.is_own[a] & two.is_own[b]
    pairs = np.stack([one.token[a[both]], two.token[b[both]]], axis=1)
    pairs = pairs[np.unique(pairs[:, 0], return_index=True)[1]]
    return pairs[np.sort(np.unique(pairs[:, 1], return_index=True)[1])]


def _filled(pairs: I64, normal: tuple[U64, U64]) -> I64:
    """The pairs, and those between two of them that are as far apart on both sides, where every token between is equal:
    what the canonical form leaves out although both authors wrote it. normal: symbols of both files."""
    step = np.diff(pairs, axis=0)
    gap = np.flatnonzero((step[:, 0] == step[:, 1]) & (step[:, 0] > 1) & (step[:, 0] <= _MOST_FILLED + 1))
    n = step[gap, 0] - 1
    inner = ranges(0, n) + 1
    owner = np.repeat(np.arange(len(gap)), n)
    between = pairs[gap][owner] + inner[:, None]
    differs = normal[0][between[:, 0]] != normal[1][between[:, 1]]
    equal = np.bincount(owner, differs, len(gap)) == 0
    found = np.concatenate([pairs, between[equal[owner]]])
    return found[np.argsort(found[:, 0], kind="stable")]


def _runs(pairs: I64) -> I64:
    """Stretches of pairs that follow each other on both sides: (r, 3) int64, starts and length, by candidate token."""
    if not len(pairs):
        return np.zeros((0, 3), np.int64)
    head = np.flatnonzero(np.append(True, (np.diff(pairs, axis=0) != 1).any(axis=1)))
    return np.column_stack([pairs[head], np.diff(np.append(head, len(pairs)))])


def within(aligned: MatchTable, table: MatchTable, value: F64) -> F64:
    """What the table's rows that begin inside each aligned row are worth together, with the original file that has
    most: (rows,) float64. value: of each row of the table."""
    reach = int(max(aligned.candidate_end.max(initial=0), table.candidate_end.max(initial=0))) + 1
    key = table.candidate_file.astype(np.int64) * reach + table.candidate_start
    order = np.argsort(key, kind="stable")
    base = aligned.candidate_file.astype(np.int64) * reach
    low = np.searchsorted(key[order], base + aligned.candidate_start, "left")
    n = np.searchsorted(key[order], base + aligned.candidate_end, "left") - low
    row = np.repeat(np.arange(len(aligned)), n)
    inner = order[ranges(low, n)]
    n_originals = int(table.original_file.max(initial=0)) + 1
    pairs, inverse = np.unique(row * n_originals + table.original_file[inner], return_inverse=True)
    most = np.zeros(len(aligned))
    np.maximum.at(most, pairs // n_originals, np.bincount(inverse, value[inner], len(pairs)))
    return most


def _blocks(one: Form, two: Form) -> I64:
    """Blocks of a longest common subsequence: (b, 3) int64, where they start on both sides, and their lengths; none
    where they are too few for a dense stretch."""
    from rapidfuzz.distance import LCSseq

    if one.text is None or two.text is None:
        first, second = one.symbol.tolist(), two.symbol.tolist()
    else:
        first, second = one.text, two.text
    if LCSseq.similarity(first, second, score_cutoff=_LEAST_EQUAL) < _LEAST_EQUAL:
        return _NO_BLOCKS
    blocks = [block for block in LCSseq.opcodes(first, second).as_matching_blocks() if block[2] >= _BLOCK]
    return np.array(blocks, np.int64) if sum(block[2] for block in blocks) >= _LEAST_EQUAL else _NO_BLOCKS


def _densest(blocks: I64) -> I64:
    """The stretch of an alignment with most equal tokens less _GAP_COST for each other one: a local alignment, so that
    a function inside a longer one, or half of one, is found by itself. Kadane's algorithm over blocks."""
    best = total = 0.0
    first = 0
    chosen = 0, 0
    end = 0, 0
    for i, (a, b, size) in enumerate(blocks.tolist()):
        gap = _GAP_COST * max(a - end[0], b - end[1])
        if total <= gap:
            first, total = i, float(size)
        else:
            total += size - gap
        if total > best:
            best, chosen = total, (first, i + 1)
        end = a + size, b + size
    return blocks[chosen[0] : chosen[1]]


def _is_dense(blocks: I64) -> bool:
    """Whether a stretch is one function in two forms rather than what any two functions have in common."""
    n_equal = int(blocks[:, 2].sum())
    span = (blocks[-1, :2] + blocks[-1, 2] - blocks[0, :2]).max()
    return n_equal >= _LEAST_EQUAL and n_equal >= _DENSITY * span


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """One aligned pair of units. runs: (r, 3) int64 in tokens of the files. n_gaps: between blocks of the canonical
    forms. n_verbatim: tokens of equal text."""

    candidate_file: int
    original_file: int
    runs: I64
    n_gaps: int
    n_verbatim: int


def _n_same(runs: I64, exact: tuple[U64, U64]) -> int:
    """Tokens of runs whose text is the same. exact: symbols of both files."""
    candidate, original = exact
    return sum(int(np.count_nonzero(candidate[a : a + size] == original[b : b + size])) for a, b, size in runs.tolist())


def _table(rows: Sequence[_Row], like: MatchTable) -> MatchTable:
    n = len(rows)
    runs = np.concatenate([np.zeros((0, 3), np.int64), *(row.runs for row in rows)])

    def u32(values: Sequence[int] | I64) -> np.ndarray:
        return np.array(values, np.uint32).reshape(-1)

    return MatchTable(
        candidate_file=u32([row.candidate_file for row in rows]),
        original_file=u32([row.original_file for row in rows]),
        candidate_start=u32([int(row.runs[:, 0].min()) for row in rows]),
        candidate_end=u32([int((row.runs[:, 0] + row.runs[:, 2]).max()) for row in rows]),
        original_start=u32([int(row.runs[:, 1].min()) for row in rows]),
        original_end=u32([int((row.runs[:, 1] + row.runs[:, 2]).max()) for row in rows]),
        n_equal=u32([int(row.runs[:, 2].sum()) for row in rows]),
        n_verbatim=u32([row.n_verbatim for row in rows]),
        is_verbatim=np.zeros(n, np.bool_),
        run_row=u32(np.repeat(np.arange(n), [len(row.runs) for row in rows])),
        run_candidate=u32(runs[:, 0]),
        run_original=u32(runs[:, 1]),
        run_length=u32(runs[:, 2]),
        n_common_hashes=like.n_common_hashes,
        n_cut_runs=like.n_cut_runs,
        n_cut_hashes=like.n_cut_hashes,
        is_structural=np.ones(n, np.bool_),
        n_gaps=u32([row.n_gaps for row in rows]),
    )
