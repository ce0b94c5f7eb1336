"""Functions aligned with gaps: recall that inserted, dropped, reordered or rewritten statements have cut to pieces.

A region ends where more than a few tokens differ. When a statement is inserted every few lines, or loops and
conditions are written in another way, what is left of a function is many short pieces, each too common to count. Here
whole functions are compared, in their canonical form (`canonical`):

*shortlist*: of every candidate file, the original files that share regions with it; of every candidate unit, the
original units with which it shares most short k-grams of the canonical form, sampled by hash (a scaled MinHash sketch,
which estimates containment whatever the sizes: Irber et al., 2022) or that a region joins.
*alignment*: a longest common subsequence of the two units' canonical forms (rapidfuzz, bit-parallel: Hyyrö, 2004), of
which blocks of several tokens are kept, and of these the densest stretch. Back in the source, tokens between them that
are equal too are taken in. `surprise` weighs the runs as it weighs those of a region, less a price for each gap between
blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from simdetect.model import F64, I64, U64, AnalysedFile, Bool, Corpus, MatchTable
from simdetect.model.arrays import ranges
from simdetect.tokens.grams import hash_kgrams

__all__ = ["align_units", "within"]

_K = 6  # tokens of a shingle
_SCALE = 2  # one hash in so many is in the sketch: functions are small
_LEAST_UNIT, _MOST_UNIT = 30, 6000  # tokens
_LEAST_SHARED = 3  # sampled shingles that two units must share, unless a region joins them
# Original files of a candidate file whose units are looked at: so many, and one more for so many tokens. A program that
# was merged into one file comes from many.
_MOST_FILES, _TOKENS_OF_ONE_MORE = 4, 500
_MOST_UNITS = 2  # original units that a candidate unit is aligned with: it may hold two functions
_BLOCK = 5  # tokens: shorter blocks of an alignment are chance
_GAP_COST = 1.0  # equal tokens that a token in a gap takes away
# Of independent functions that share something, nine in ten have less than 0.4 of their tokens in blocks.
_DENSITY = 0.6
_LEAST_EQUAL = 60  # tokens: short functions are alike by chance
_MOST_FILLED = 12  # tokens of the source that the canonical form may leave out between two that it has
_EXPLAINED = 0.9  # share of a unit inside regions from which there is little to add
_MOST_SHINGLES = 16  # occurrences of a shingle in a file from which it says nothing
_MOST_CELLS = 4_000_000  # size of one alignment, tokens times tokens
_FIRST_SURROGATE, _N_SURROGATES = 0xD800, 0x800  # code points that no text may have
_MOST_LETTERS = 0x110000 - _N_SURROGATES
_NO_BLOCKS = np.zeros((0, 3), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class _Form:
    """The canonical form of a unit. token: (m,) int64, the tokens that it stands for. symbol: (m,) uint64. is_own: (m,)
    bool, where symbols are the tokens' own. text: m letters, one for each symbol, None where there are none left."""

    token: I64
    symbol: U64
    is_own: Bool
    text: str | None


class _Alphabet:
    """A letter for each symbol: texts are aligned in half the time that lists of numbers take. Programs have some
    hundred symbols, for their names and literals are one each; only somebody hostile runs out of letters."""

    def __init__(self) -> None:
        self._number: dict[int, int] = {}

    def spell(self, symbols: U64) -> str | None:
        """A letter for each symbol, equal where these are; None when no letters are left."""
        distinct, inverse = np.unique(symbols, return_inverse=True)
        if len(self._number) + len(distinct) > _MOST_LETTERS:
            return None
        letter = np.array([self._number.setdefault(one, len(self._number)) for one in distinct.tolist()], "<u4")
        letter[letter >= _FIRST_SURROGATE] += _N_SURROGATES
        return letter[inverse].tobytes().decode("utf-32-le")


@dataclass(frozen=True, slots=True, eq=False)
class _UnitsOf:
    """The units of one file that are looked at: innermost ones of some size. start, end: (u,) int64 tokens. at: (t,)
    int64, the unit of each token, or -1. form: of each unit. shingle, unit: (s,) sampled shingles, ascending, and their
    units. distinct, first: (d,) the shingles without doubles, (d + 1,) int64 where each begins among them."""

    start: I64
    end: I64
    at: I64
    form: Sequence[_Form]
    shingle: U64
    unit: I64
    distinct: U64
    first: I64


def align_units(
    own: Sequence[AnalysedFile],
    theirs: Sequence[AnalysedFile],
    candidate: Corpus,
    original: Corpus,
    table: MatchTable,
    settled: I64 | None = None,
) -> MatchTable:
    """Rows of aligned units, to be weighed beside the regions of the table; `is_structural` everywhere.

    Only pairs of files that the table joins are looked at, those with most equal tokens first. settled: (n,) int64, how
    far regions reach that begin at or before each token of the candidate; units inside one are left alone.
    """
    alphabet = _Alphabet()
    units = lru_cache(maxsize=256)(lambda side, i: _units_of((own, theirs)[side][i], alphabet))
    rows: list[_Row] = []
    for own_file, their_file, regions in _file_pairs(table, candidate.lengths()):
        mine = units(0, own_file)
        left = _unsettled(mine, int(candidate.offset[own_file]), settled)
        if not left.any():
            continue
        other = units(1, their_file)
        if not len(other.start):
            continue
        normal = candidate.normal[candidate.offset[own_file] :], original.normal[original.offset[their_file] :]
        exact = candidate.exact[candidate.offset[own_file] :], original.exact[original.offset[their_file] :]
        for a, b in _unit_pairs(mine, other, table, regions):
            if not left[a]:
                continue
            one, two = mine.form[a], other.form[b]
            blocks = _densest(_blocks(one, two))
            if len(blocks) and _is_dense(blocks):
                runs = _runs(_filled(_pairs(blocks, one, two), normal))
                if len(runs) > 1:  # one run is a region already
                    rows.append(_row(own_file, their_file, runs, len(blocks) - 1, exact))
    return _table(rows, table)


def _unsettled(units: _UnitsOf, base: int, settled: I64 | None) -> Bool:
    """Which units no region holds nearly whole. base: where their file begins in the corpus."""
    if settled is None:
        return np.ones(len(units.start), np.bool_)
    start, size = units.start + base, units.end - units.start
    missed = ((1 - _EXPLAINED) * size).astype(np.int64)
    held = [settled[start + part] - (start + part) >= size - missed for part in (0, missed // 2, missed)]
    unsettled: Bool = ~np.logical_or.reduce(held)
    return unsettled


def _pairs(blocks: I64, one: _Form, two: _Form) -> I64:
    """Pairs of tokens that blocks of canonical forms stand for, (n, 2) int64 by candidate token, each token once. Where
    a form has another symbol than the token, there is no token that both sides have."""
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


def _file_pairs(table: MatchTable, n_tokens: I64) -> list[tuple[int, int, I64]]:
    """Pairs of files with most equal tokens in regions, and the rows of their regions. n_tokens: of candidate files."""
    if not len(table):
        return []
    key = table.candidate_file.astype(np.int64) * (int(table.original_file.max()) + 1) + table.original_file
    pairs, first = np.unique(key, return_index=True)
    last = np.append(first[1:], len(key))  # rows are sorted by pair
    weight = np.add.reduceat(table.n_equal.astype(np.int64), first)
    file = table.candidate_file[first].astype(np.int64)
    order = np.lexsort((pairs, -weight, file))
    place = np.arange(len(order)) - np.searchsorted(file[order], file[order])
    chosen = order[place < _MOST_FILES + n_tokens[file[order]] // _TOKENS_OF_ONE_MORE]
    return [(int(file[i]), int(table.original_file[first[i]]), np.arange(first[i], last[i])) for i in chosen.tolist()]


def _units_of(file: AnalysedFile, alphabet: _Alphabet) -> _UnitsOf:
    n, units = file.n_tokens, file.tokens.units
    start, end = units.start.astype(np.int64), units.end.astype(np.int64)
    at = np.full(n, -1, np.int64)
    for i in range(len(units)):  # preorder: inner units come later
        at[start[i] : end[i]] = i
    size = end - start
    filled = np.bincount(at[at >= 0], minlength=len(units))
    chosen = np.flatnonzero((size >= _LEAST_UNIT) & (size <= _MOST_UNIT) & (2 * filled >= size))
    number = np.full(len(units) + 1, -1, np.int64)
    number[chosen] = np.arange(len(chosen))
    at = number[at]
    token, symbol = file.tokens.canonical()
    is_own = np.ones(len(token), np.bool_)
    is_own[file.tokens.odd] = False
    parts = _places(token, n, start[chosen], end[chosen])
    text = alphabet.spell(symbol)
    form = [_Form(token[part], symbol[part], is_own[part], text[part] if text is not None else None) for part in parts]
    hashes = hash_kgrams(symbol, _K)
    owner = at[token[: len(hashes)]]
    inside = np.flatnonzero((owner >= 0) & (hashes % np.uint64(_SCALE) == 0))
    shingle, unit = hashes[inside], owner[inside]
    order = np.lexsort((unit, shingle))
    shingle, unit = shingle[order], unit[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (shingle[1:] != shingle[:-1]) | (unit[1:] != unit[:-1])
    shingle, unit = shingle[new], unit[new]
    head = np.flatnonzero(np.append(True, shingle[1:] != shingle[:-1])[: len(shingle)])
    first = np.append(head, len(shingle)).astype(np.int64)
    return _UnitsOf(start[chosen], end[chosen], at, form, shingle, unit, shingle[head], first)


def _places(token: I64, n: int, start: I64, end: I64) -> list[slice]:
    """Where the canonical form stands for each unit: rewriting never leaves a unit. token: (m,) int64, n: of tokens."""
    place = np.arange(len(token))
    first, last = np.full(n + 1, len(token), np.int64), np.full(n + 1, -1, np.int64)
    np.minimum.at(first, token, place)
    np.maximum.at(last, token, place)
    spans = np.column_stack([start, end]).reshape(-1)
    low = np.minimum.reduceat(first, spans)[0::2] if len(start) else start
    high = np.maximum.reduceat(last, spans)[0::2] if len(start) else end
    return [slice(a, max(a, b + 1)) for a, b in zip(low.tolist(), high.tolist(), strict=True)]


def _unit_pairs(mine: _UnitsOf, other: _UnitsOf, table: MatchTable, regions: I64) -> list[tuple[int, int]]:
    """Units to align, by candidate unit: those that share most, unless a region explains the candidate's already."""
    at = np.searchsorted(other.distinct, mine.shingle)
    at[at == len(other.distinct)] = 0
    both = np.flatnonzero(other.distinct[at] == mine.shingle) if len(other.distinct) else at[:0]
    low = other.first[at[both]]
    n = other.first[at[both] + 1] - low
    n[n > _MOST_SHINGLES] = 0
    left = np.repeat(mine.unit[both], n)
    right = other.unit[ranges(low, n)]
    key, count = np.unique(left * len(other.start) + right, return_counts=True)
    key, count = key[count >= _LEAST_SHARED], count[count >= _LEAST_SHARED]
    start_c, end_c = table.candidate_start[regions].astype(np.int64), table.candidate_end[regions].astype(np.int64)
    middle_c = (start_c + end_c) // 2
    middle_o = (table.original_start[regions].astype(np.int64) + table.original_end[regions]) // 2
    a, b = mine.at[middle_c], other.at[middle_o]
    joined = (a >= 0) & (b >= 0)
    key = np.concatenate([key, (a * len(other.start) + b)[joined]])
    count = np.concatenate([count, table.n_equal[regions][joined].astype(np.int64) // _SCALE])
    key, inverse = np.unique(key, return_inverse=True)
    shared = np.bincount(inverse, count, len(key))
    left, right = key // len(other.start), key % len(other.start)
    inside = np.minimum(end_c[None, :], mine.end[:, None]) - np.maximum(start_c[None, :], mine.start[:, None])
    size = mine.end - mine.start
    explained = np.maximum(inside, 0).sum(axis=1) >= _EXPLAINED * size
    order = np.lexsort((right, -shared, left))
    left, right = left[order], right[order]
    place = np.arange(len(left)) - np.searchsorted(left, left)
    kept = (place < _MOST_UNITS) & ~explained[left]
    cells = (mine.end - mine.start)[left] * (other.end - other.start)[right]
    kept &= cells <= _MOST_CELLS
    return list(zip(left[kept].tolist(), right[kept].tolist(), strict=True))


def _blocks(one: _Form, two: _Form) -> I64:
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

    own_file: int
    their_file: int
    runs: I64
    n_gaps: int
    n_verbatim: int


def _row(own_file: int, their_file: int, runs: I64, n_gaps: int, exact: tuple[U64, U64]) -> _Row:
    same = sum(int(np.count_nonzero(exact[0][a : a + size] == exact[1][b : b + size])) for a, b, size in runs.tolist())
    return _Row(own_file, their_file, runs, n_gaps, same)


def _table(rows: Sequence[_Row], like: MatchTable) -> MatchTable:
    n = len(rows)
    runs = np.concatenate([np.zeros((0, 3), np.int64), *(row.runs for row in rows)])

    def u32(values: Sequence[int] | I64) -> np.ndarray:
        return np.array(values, np.uint32).reshape(-1)

    return MatchTable(
        candidate_file=u32([row.own_file for row in rows]),
        original_file=u32([row.their_file for row in rows]),
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
        is_structural=np.ones(n, np.bool_),
        n_gaps=u32([row.n_gaps for row in rows]),
    )
