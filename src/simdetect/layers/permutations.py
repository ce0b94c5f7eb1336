"""The order of functions, types, fields, members of enumerations and rows of tables as evidence of its own.

Who writes the same program for himself has no reason to put its functions in the same order. Of the elements that two
files share, in the order of the candidate, the places in the original are a permutation. A stretch of n elements
that holds L in ascending order has

    bits = log2(L!) - log2(n over L)

since a random permutation of n has, on average, (n over L) / L! ascending subsequences of length L, and so at most that
chance of having one. Over the stretches of a sequence the most surprising counts.

Two kinds of order say nothing. A *forced* one: alphabetical, or that of the values, whoever writes it. And one that is
*told already*: a region of code that agrees holds its functions and fields in order, so of all elements that one region
explains only the first takes part; what remains is the order of regions, which nothing else counts.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simdetect.model import I64, Bool

__all__ = ["Order", "is_forced", "order_of", "paired", "shared_entries", "shared_units", "untold"]

_MOST_ELEMENTS = 128  # the work is quadratic, and as many say enough
_FORCED = 0.75  # share of the elements in ascending order: of 8 in random order, 6 are in 1 of 60 cases


@dataclass(frozen=True, slots=True)
class Order:
    """A stretch of shared elements. bits: of its order, 0 when there is none. members: indices of the elements that are
    in ascending order, in the sequence that was judged."""

    bits: float
    members: tuple[int, ...]


def shared_units(
    candidate: Sequence[str], original: Sequence[str], common: Sequence[str] = ()
) -> list[tuple[int, int]]:
    """Units of the same name: indices on both sides, in the order of the candidate. Of a name that occurs again the
    first counts; names in `common`, and none, do not."""
    place = {name: i for i, name in reversed(list(enumerate(original)))}
    taken = {"", *common}
    found = []
    for i, name in enumerate(candidate):
        if name in place and name not in taken:
            taken.add(name)
            found.append((i, place[name]))
    return found


def shared_entries(candidate: Sequence[Sequence[int]], original: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Pairs of lists that share most entries: of each list of the candidate that has any, the list of the original that
    shares most of them, of equal ones the first.

    candidate, original: lists of keys of entries. An entry that occurs again in a list counts once.
    """
    where: dict[int, list[int]] = {}
    for j, keys in enumerate(original):
        for key in dict.fromkeys(keys):
            where.setdefault(key, []).append(j)
    for i, keys in enumerate(candidate):
        counts = Counter(j for key in dict.fromkeys(keys) for j in where.get(key, ()))
        if counts:
            yield i, min(counts, key=lambda j: (-counts[j], j))


def paired(candidate: I64, original: I64, weight: Sequence[float], least: float) -> list[tuple[int, int]]:
    """Elements of both sides one to one, the heaviest pair first, by candidate element.

    candidate, original: (n,) int64 elements that n regions join; what joins the same two adds up. weight: (n,) of the
    regions. least: pairs that weigh less are none.
    """
    together: dict[tuple[int, int], float] = {}
    for a, b, w in zip(candidate.tolist(), original.tolist(), weight, strict=True):
        together[a, b] = together.get((a, b), 0.0) + w
    taken: tuple[set[int], set[int]] = set(), set()
    found = []
    for a, b in sorted(together, key=lambda pair: (-together[pair], pair)):
        if together[a, b] >= least and a not in taken[0] and b not in taken[1]:
            taken[0].add(a)
            taken[1].add(b)
            found.append((a, b))
    return sorted(found)


def untold(candidate: I64, original: I64, candidate_regions: I64, original_regions: I64) -> Bool:
    """Which elements no region explains together with an element before: (n,) bool.

    candidate, original: (n, 2) int64 spans of the elements on both sides, in the order of the candidate.
    candidate_regions, original_regions: (r, 2) int64 spans of the regions. A region explains the elements that it meets
    on both sides.
    """
    met = _meets(candidate, candidate_regions) & _meets(original, original_regions)
    kept = np.zeros(len(candidate), np.bool_)
    seen = np.zeros(met.shape[1], np.bool_)
    for i in range(len(candidate)):
        kept[i] = not (met[i] & seen).any()
        seen |= met[i]
    return kept


def _meets(spans: I64, regions: I64) -> Bool:
    found: Bool = (spans[:, None, 0] < regions[None, :, 1]) & (regions[None, :, 0] < spans[:, None, 1])
    return found


def is_forced(keys: Sequence[Any]) -> bool:
    """Whether elements stand in an order that anybody would give them: most of their keys ascend, or descend.

    keys: texts without regard to case, or values, in the order of the candidate; None of what has none.
    """
    known = [key for key in keys if key is not None]
    if len(known) < _FORCED * len(keys) or not known:
        return False
    return max(_n_ascending(known), _n_ascending(known[::-1])) >= _FORCED * len(keys)


def _n_ascending(keys: Sequence[Any]) -> int:
    """Length of a longest ascending subsequence."""
    tails: list[Any] = []
    for key in keys:
        at = bisect_left(tails, key)
        tails[at : at + 1] = [key]
    return len(tails)


def order_of(places: Sequence[int]) -> Order:
    """The most surprising stretch of a sequence of distinct places; of equal ones the first."""
    places = places[:_MOST_ELEMENTS]
    best, where = 0.0, (0, 0)
    for start in range(len(places)):
        tails: list[int] = []
        for stop in range(start, len(places)):
            at = bisect_left(tails, places[stop])
            tails[at : at + 1] = [places[stop]]
            bits = _bits(len(tails), stop - start + 1)
            if bits > best + 1e-9:
                best, where = bits, (start, stop + 1)
    return Order(best, tuple(_ascending(places, *where)) if best else ())


def _bits(length: int, n: int) -> float:
    """log2(length!) - log2(n over length)."""
    return (2 * math.lgamma(length + 1) + math.lgamma(n - length + 1) - math.lgamma(n + 1)) / math.log(2)


def _ascending(places: Sequence[int], start: int, stop: int) -> list[int]:
    """Indices of a longest ascending subsequence of a stretch."""
    tails: list[int] = []
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for i in range(start, stop):
        at = bisect_left(tails, places[i])
        before[i] = ends[at - 1] if at else None
        tails[at : at + 1], ends[at : at + 1] = [places[i]], [i]
    found: list[int] = []
    last: int | None = ends[-1] if ends else None
    while last is not None:
        found.append(last)
        last = before[last]
    return found[::-1]
