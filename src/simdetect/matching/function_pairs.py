"""Which functions of two files are worth aligning: those that share most of their canonical forms.

Of every candidate file the original files that share regions with it; of every candidate unit the original units with
which it shares most short k-grams of the canonical form, sampled by hash (a scaled MinHash sketch, which estimates
containment whatever the sizes: Irber et al., 2022) or that a region joins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simdetect.model import I64, U64, Bool, MatchTable, TokenStream, ranges
from simdetect.model.arrays import heads, ranks
from simdetect.tokens.grams import hash_kgrams
from simdetect.tokens.streams import unit_at

__all__ = [
    "Alphabet",
    "FilePair",
    "Form",
    "Spans",
    "UnitsOf",
    "UnitsOfPair",
    "explained",
    "file_pairs",
    "spans_of",
    "unit_pairs",
    "units_of",
]

_K = 6  # tokens of a shingle
_SCALE = 2  # one hash in so many is in the sketch: functions are small
_LEAST_UNIT, _MOST_UNIT = 30, 6000  # tokens
_LEAST_SHARED = 3  # sampled shingles that two units must share, unless a region joins them
# Original files of a candidate file whose units are looked at: so many, and one more for so many tokens. A program that
# was merged into one file comes from many.
_MOST_FILES, _TOKENS_OF_ONE_MORE = 4, 500
_MOST_UNITS = 2  # original units that a candidate unit is aligned with: it may hold two functions
_EXPLAINED = 0.9  # share of a unit inside regions from which there is little to add
_MOST_SHINGLES = 16  # occurrences of a shingle in a file from which it says nothing
_MOST_CELLS = 4_000_000  # size of one alignment, tokens times tokens
_FIRST_SURROGATE, _N_SURROGATES = 0xD800, 0x800  # code points that no text may have
_MOST_LETTERS = 0x110000 - _N_SURROGATES


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """The canonical form of a unit. token: (m,) int64, the tokens that it stands for. symbol: (m,) uint64. is_own: (m,)
    bool, where symbols are the tokens' own. text: m letters, one for each symbol, None where there are none left."""

    token: I64
    symbol: U64
    is_own: Bool
    text: str | None


class Alphabet:
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
class Spans:
    """The units of one file that are looked at: innermost ones of some size. start, end: (u,) int64 tokens. at: (t,)
    int64, the unit of each token, or -1."""

    start: I64
    end: I64
    at: I64


@dataclass(frozen=True, slots=True, eq=False)
class UnitsOf(Spans):
    """The same with what they are compared by. form: of each unit. shingle, unit: (s,) sampled shingles, ascending, and
    their units. distinct, first: (d,) the shingles without doubles, (d + 1,) int64 where each begins among them."""

    form: Sequence[Form]
    shingle: U64
    unit: I64
    distinct: U64
    first: I64


@dataclass(frozen=True, slots=True, eq=False)
class FilePair:
    """Two files that regions join. regions: (r,) int64 rows of these."""

    candidate_file: int
    original_file: int
    regions: I64


def file_pairs(table: MatchTable, n_tokens: I64) -> list[FilePair]:
    """Pairs of files with most equal tokens in regions, and the rows of their regions. n_tokens: of candidate files."""
    if not len(table):
        return []
    key = table.candidate_file.astype(np.int64) * (int(table.original_file.max()) + 1) + table.original_file
    pairs, first = np.unique(key, return_index=True)
    last = np.append(first[1:], len(key))  # rows are sorted by pair
    weight = np.add.reduceat(table.n_equal.astype(np.int64), first)
    file = table.candidate_file[first].astype(np.int64)
    order = np.lexsort((pairs, -weight, file))
    chosen = order[ranks(file[order]) < _MOST_FILES + n_tokens[file[order]] // _TOKENS_OF_ONE_MORE]
    return [
        FilePair(int(file[i]), int(table.original_file[first[i]]), np.arange(first[i], last[i]))
        for i in chosen.tolist()
    ]


def spans_of(tokens: TokenStream) -> Spans:
    """The units of a file that are looked at."""
    start, end = tokens.units.start.astype(np.int64), tokens.units.end.astype(np.int64)
    at = unit_at(tokens)
    chosen = _of_some_size(end - start, at)
    number = np.full(len(start) + 1, -1, np.int64)
    number[chosen] = np.arange(len(chosen))
    return Spans(start[chosen], end[chosen], number[at])


def units_of(tokens: TokenStream, alphabet: Alphabet) -> UnitsOf:
    """The same with their canonical forms and sampled shingles."""
    spans = spans_of(tokens)
    token, symbol = tokens.canonical()
    is_own = np.ones(len(token), np.bool_)
    is_own[tokens.odd] = False
    parts = _places(token, len(tokens), spans.start, spans.end)
    text = alphabet.spell(symbol)
    form = [Form(token[part], symbol[part], is_own[part], text[part] if text is not None else None) for part in parts]
    shingle, unit, head = _shingles(symbol, spans.at[token])
    first = np.append(head, len(shingle)).astype(np.int64)
    return UnitsOf(spans.start, spans.end, spans.at, form, shingle, unit, shingle[head], first)


def _of_some_size(size: I64, at: I64) -> I64:
    """Units of some size of which at least half is in no unit inside them. at: (t,) int64, the unit of each token."""
    filled = np.bincount(at[at >= 0], minlength=len(size))
    return np.flatnonzero((size >= _LEAST_UNIT) & (size <= _MOST_UNIT) & (2 * filled >= size))


def _shingles(symbol: U64, owner: I64) -> tuple[U64, I64, I64]:
    """Sampled shingles of a canonical form and their units, ascending, each pair once; and where each shingle begins.

    owner: (m,) int64, the unit of each symbol, or -1.
    """
    hashes = hash_kgrams(symbol, _K)
    owner = owner[: len(hashes)]
    inside = np.flatnonzero((owner >= 0) & (hashes % np.uint64(_SCALE) == 0))
    shingle, unit = hashes[inside], owner[inside]
    order = np.lexsort((unit, shingle))
    shingle, unit = shingle[order], unit[order]
    new = heads(shingle, unit)
    shingle, unit = shingle[new], unit[new]
    return shingle, unit, np.flatnonzero(heads(shingle))


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


@dataclass(frozen=True, slots=True, eq=False)
class UnitsOfPair:
    """The units of two files that regions join. regions: rows of the table."""

    candidate: UnitsOf
    original: UnitsOf
    regions: I64

    def number(self, candidate: I64, original: I64) -> I64:
        """A number for each pair of units."""
        return candidate * len(self.original.start) + original


def explained(candidate: Spans, regions: I64, table: MatchTable) -> Bool:
    """Which units of a candidate file its regions with one original file hold nearly whole, so that aligning them adds
    little. regions: rows."""
    start, end = table.candidate_start[regions].astype(np.int64), table.candidate_end[regions].astype(np.int64)
    inside = np.minimum(end[None, :], candidate.end[:, None]) - np.maximum(start[None, :], candidate.start[:, None])
    found: Bool = np.maximum(inside, 0).sum(axis=1) >= _EXPLAINED * (candidate.end - candidate.start)
    return found


def unit_pairs(pair: UnitsOfPair, table: MatchTable) -> list[tuple[int, int]]:
    """Units to align, by candidate unit: those that share most."""
    candidate, original = pair.candidate, pair.original
    sharing, n_shared = _sharing(pair)
    joined, weight = _joined(pair, table)
    key, inverse = np.unique(np.concatenate([sharing, joined]), return_inverse=True)
    shared = np.bincount(inverse, np.concatenate([n_shared, weight]), len(key))
    left, right = key // len(original.start), key % len(original.start)
    size = candidate.end - candidate.start
    order = np.lexsort((right, -shared, left))
    left, right = left[order], right[order]
    kept = ranks(left) < _MOST_UNITS
    kept &= size[left] * (original.end - original.start)[right] <= _MOST_CELLS
    return list(zip(left[kept].tolist(), right[kept].tolist(), strict=True))


def _sharing(pair: UnitsOfPair) -> tuple[I64, I64]:
    """Pairs of units that share enough shingles, as one number each, and how many: (p,) int64 both."""
    candidate, original = pair.candidate, pair.original
    at = np.searchsorted(original.distinct, candidate.shingle)
    at[at == len(original.distinct)] = 0
    both = np.flatnonzero(original.distinct[at] == candidate.shingle) if len(original.distinct) else at[:0]
    low = original.first[at[both]]
    n = original.first[at[both] + 1] - low
    n[n > _MOST_SHINGLES] = 0
    units = np.repeat(candidate.unit[both], n), original.unit[ranges(low, n)]
    key, count = np.unique(pair.number(*units), return_counts=True)
    return key[count >= _LEAST_SHARED], count[count >= _LEAST_SHARED]


def _joined(pair: UnitsOfPair, table: MatchTable) -> tuple[I64, I64]:
    """The same for pairs of units in which the middles of regions lie, one for each region."""
    regions = pair.regions
    start, end = table.candidate_start[regions].astype(np.int64), table.candidate_end[regions].astype(np.int64)
    middle = (table.original_start[regions].astype(np.int64) + table.original_end[regions]) // 2
    a, b = pair.candidate.at[(start + end) // 2], pair.original.at[middle]
    joined = (a >= 0) & (b >= 0)
    weight = table.n_equal[regions][joined].astype(np.int64) // _SCALE
    return pair.number(a, b)[joined], weight
