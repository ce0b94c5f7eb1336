"""Regions -> bits: how surprising is this agreement between independent authors?

    bits = structure + names

*structure*: surprise of the normalised tokens under the background, each distinct 4-gram of the region in full once
and _REPEAT of it again, so that tables and repetitive code do not add up; nothing inside common idiom. Where names
map inconsistently between the two sides, the region is chance alignment rather than renaming, and the sum is scaled
down. *names*: surprise of each name or literal that is the same on both sides, once; _AGAIN bits for each repetition,
also of a name that is consistently another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simdetect.background import TokenBits
from simdetect.grams import hash_kgrams
from simdetect.model import F64, I64, U8, U64, Bool, Corpus, MatchTable, TokenRole
from simdetect.symbols import mix

__all__ = ["RegionBits", "region_bits"]

_REPEAT = 0.1
_AGAIN = 0.5
_CHANCE = 0.5  # share of recurring names that agree by chance in unrelated code of equal structure
_LEAST_SCALE = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class RegionBits:
    """Bits of each region. structure, name: (r,) float64. consistency: (r,) float64, share of recurring names that
    map one to one, 1 where none recurs. idiom: (r,) float64, share of tokens inside common idiom."""

    structure: F64
    name: F64
    consistency: F64
    idiom: F64

    @property
    def total(self) -> F64:
        """Structure and names together."""
        total: F64 = self.structure + self.name
        return total


@dataclass(frozen=True, slots=True, eq=False)
class _Flat:
    """Every aligned token of every region: its region and its positions in the two corpora. (n,) int64 each."""

    row: I64
    candidate: I64
    original: I64


def region_bits(table: MatchTable, candidate: Corpus, original: Corpus, role: U8, bits: TokenBits) -> RegionBits:
    """Weigh every region.

    role: (n,) uint8 and bits: of every token of the candidate corpus, separators included.
    """
    flat = _flatten(table, candidate, original)
    n = len(table)
    own, theirs = candidate.exact[flat.candidate], original.exact[flat.original]
    own_role = role[flat.candidate]
    is_idiom = bits.is_idiom[flat.candidate]
    first = _first_of(flat.row, _fourgrams(candidate)[flat.candidate])
    structure = bits.structure[flat.candidate] * np.where(first, 1.0, _REPEAT) * ~is_idiom
    consistency, recurs = _consistency(flat.row, own, theirs, own_role == TokenRole.NAME, n)
    scale = np.clip((consistency - _CHANCE) / (1 - _CHANCE), _LEAST_SCALE, 1.0)
    same = (own == theirs) & (own_role != TokenRole.SYNTAX)
    once = np.zeros(len(same), np.bool_)
    once[same] = _first_of(flat.row[same], own[same])
    name = np.where(once, bits.name[flat.candidate], 0.0) + _AGAIN * ((same & ~once) | recurs)
    return RegionBits(
        structure=np.bincount(flat.row, structure, n) * scale,
        name=np.bincount(flat.row, name, n).astype(np.float64),
        consistency=consistency,
        idiom=np.bincount(flat.row, is_idiom, n) / np.maximum(1, np.bincount(flat.row, minlength=n)),
    )


def _flatten(table: MatchTable, candidate: Corpus, original: Corpus) -> _Flat:
    length = table.run_length.astype(np.int64)
    first = np.cumsum(length) - length
    row = np.repeat(table.run_row.astype(np.int64), length)
    inner = np.arange(int(length.sum())) - np.repeat(first, length)
    start = candidate.offset[table.candidate_file[table.run_row]] + table.run_candidate
    there = original.offset[table.original_file[table.run_row]] + table.run_original
    return _Flat(row, np.repeat(start, length) + inner, np.repeat(there, length) + inner)


def _fourgrams(corpus: Corpus) -> U64:
    """Hash of the 4-gram that ends at each token; of a file's first tokens, whatever precedes."""
    grams = hash_kgrams(corpus.normal, 4)
    return np.concatenate([np.zeros(len(corpus.normal) - len(grams), np.uint64), grams])


def _first_of(row: I64, value: U64) -> Bool:
    """Whether each value is the first of its kind in its region."""
    first = np.zeros(len(row), np.bool_)
    first[np.unique(_key(row, value), return_index=True)[1]] = True
    return first


def _key(row: I64, value: U64) -> U64:
    return value ^ mix(row.astype(np.uint64) + np.uint64(1))


def _consistency(row: I64, own: U64, theirs: U64, is_name: Bool, n: int) -> tuple[F64, Bool]:
    """Share of recurring names that map one to one in each region; which tokens are consistent recurrences of a name
    that differs between the sides. A mapping counts when each name is the other's most frequent partner."""
    at = np.flatnonzero(is_name)
    row, own, theirs = row[at], own[at], theirs[at]
    ours, others = _key(row, own), _key(row, theirs)
    both = _key(row, own * np.uint64(3) ^ mix(theirs.copy()))
    n_both = _count_of(both)
    best = (n_both == _max_of(ours, n_both)) & (n_both == _max_of(others, n_both))
    again = np.ones(len(at), np.bool_)
    again[np.unique(ours, return_index=True)[1]] = False
    n_again = np.bincount(row[again], minlength=n)
    n_best = np.bincount(row[again & best], minlength=n)
    recurs = np.zeros(len(is_name), np.bool_)
    recurs[at] = again & best & (own != theirs)
    return np.where(n_again > 0, n_best / np.maximum(1, n_again), 1.0), recurs


def _count_of(key: U64) -> npt.NDArray[np.int64]:
    """How often each element's value occurs."""
    _, inverse, counts = np.unique(key, return_inverse=True, return_counts=True)
    counted: npt.NDArray[np.int64] = counts[inverse]
    return counted


def _max_of(key: U64, value: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The largest value among elements of the same key."""
    keys, inverse = np.unique(key, return_inverse=True)
    most = np.zeros(len(keys), np.int64)
    np.maximum.at(most, inverse, value)
    found: npt.NDArray[np.int64] = most[inverse]
    return found
