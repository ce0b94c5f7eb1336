"""What recurs inside regions, and how the names of their two sides pair up.

Regions are many and short: comparing each token with all others of its region, many regions at once, is several times
faster than sorting them all. Only long regions are sorted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simdetect.model import I64, U64, Bool
from simdetect.tokens.symbols import keyed, mix

__all__ = ["Pairing", "Texts", "first_of", "pairing", "previous"]

_LIMITS = (4, 8, 16, 32, 64)  # tokens of the regions that are compared together; longer ones are sorted
_CELLS = 1 << 20  # comparisons at once: what fits into a cache


@dataclass(frozen=True, slots=True, eq=False)
class Pairing:
    """Of tokens of regions, (n,) bool each. once: the first with its text of those that are the same on both sides.
    again: names that stand in their region before. best: names whose partner on the other side is each other's most
    frequent."""

    once: Bool
    again: Bool
    best: Bool


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Texts of tokens of regions on both sides, (t,) each: uint64 symbols, and which are names."""

    candidate: U64
    original: U64
    is_name: Bool

    def take(self, rows: I64) -> Texts:
        """The chosen tokens."""
        return Texts(self.candidate[rows], self.original[rows], self.is_name[rows])


def previous(value: U64) -> I64:
    """Where each value stood before: (n,) int64, -1 where nowhere."""
    order = np.argsort(value, kind="stable")
    ordered = value[order]
    found = np.full(len(value), -1, np.int64)
    again = np.flatnonzero(ordered[1:] == ordered[:-1]) + 1
    found[order[again]] = order[again - 1]
    return found


def first_of(group: I64, value: U64) -> Bool:
    """Whether each value is the first of its kind in its group."""
    first = np.zeros(len(group), np.bool_)
    first[np.unique(keyed(group, value), return_index=True)[1]] = True
    return first


def pairing(row: I64, texts: Texts, n: int) -> Pairing:
    """How the tokens of regions recur. row: (t,) int64, ascending, the region of each token, of n. Tokens that are no
    names only count as texts."""
    found = Pairing(*(np.zeros(len(row), np.bool_) for _ in range(3)))
    count = np.bincount(row, minlength=n)
    start = np.cumsum(count) - count
    least = 0
    for limit in _LIMITS:
        chosen = np.flatnonzero((count > least) & (count <= limit))
        step = max(1, _CELLS // (limit * limit))
        for i in range(0, len(chosen), step):
            part = chosen[i : i + step]
            _compare(start[part], count[part], limit, texts, found)
        least = limit
    long = np.flatnonzero((count > least)[row])
    once, again, best = _sorted(row[long], texts.take(long))
    found.once[long], found.again[long], found.best[long] = once, again, best
    return found


def _compare(start: I64, count: I64, width: int, texts: Texts, found: Pairing) -> None:
    """Compare each token of some regions with all others of its region. start, count: (r,) int64."""
    place = np.arange(width)
    valid = place < count[:, None]
    at = np.where(valid, start[:, None] + place, start[:, None])
    a, b = texts.candidate[at], texts.original[at]
    same, name = valid & (a == b), valid & texts.is_name[at]
    alike, alike_b = a[:, :, None] == a[:, None, :], b[:, :, None] == b[:, None, :]
    earlier = place < place[:, None]
    at, same_in, name_in = at[valid], same[:, None, :], name[:, None, :]
    found.once[at] = (same & ~(alike & same_in & earlier).any(axis=2))[valid]
    alike &= name_in
    alike_b &= name_in
    found.again[at] = (name & (alike & earlier).any(axis=2))[valid]
    n_both = np.add.reduce(alike & alike_b, axis=2, dtype=np.uint8)
    most = np.maximum.reduce(alike * n_both[:, None, :], axis=2)
    most_b = np.maximum.reduce(alike_b * n_both[:, None, :], axis=2)
    found.best[at] = (name & (n_both == most) & (n_both == most_b))[valid]


def _sorted(row: I64, texts: Texts) -> tuple[Bool, Bool, Bool]:
    """The same by sorting."""
    candidate, original, is_name = texts.candidate, texts.original, texts.is_name
    once, again, best = (np.zeros(len(row), np.bool_) for _ in range(3))
    same = candidate == original
    once[same] = first_of(row[same], candidate[same])
    at = np.flatnonzero(is_name)
    row, candidate, original = row[at], candidate[at], original[at]
    of_candidate, of_original = keyed(row, candidate), keyed(row, original)
    n_both = _count_of(keyed(row, mix(candidate * np.uint64(3) ^ mix(original.copy()))))
    best[at] = (n_both == _max_of(of_candidate, n_both)) & (n_both == _max_of(of_original, n_both))
    again[at] = ~first_of(row, candidate)
    return once, again, best


def _count_of(key: U64) -> I64:
    """How often each element's value occurs."""
    _, inverse, counts = np.unique(key, return_inverse=True, return_counts=True)
    counted: I64 = counts[inverse]
    return counted


def _max_of(key: U64, value: I64) -> I64:
    """The largest value among elements of the same key."""
    keys, inverse = np.unique(key, return_inverse=True)
    most = np.zeros(len(keys), np.int64)
    np.maximum.at(most, inverse, value)
    found: I64 = most[inverse]
    return found
