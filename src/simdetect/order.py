"""The order of functions and types as evidence of its own.

Who writes the same program for himself has no reason to put its functions in the same order. Of the units that two
files share by name, in the order of the candidate, the places in the original are a permutation. A stretch of n units
that holds L in ascending order has

    bits = log2(L!) - log2(n over L)

since a random permutation of n has, on average, (n over L) / L! ascending subsequences of length L, and so at most that
chance of having one. Over the stretches of a file the most surprising counts.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Order", "order_of", "shared_units"]

_MOST_UNITS = 128  # the work is quadratic, and as many say enough


@dataclass(frozen=True, slots=True)
class Order:
    """A stretch of shared units. bits: of its order, 0 when there is none. members: indices of the units that are in
    ascending order, in the sequence that was judged."""

    bits: float
    members: tuple[int, ...]


def shared_units(own: Sequence[str], theirs: Sequence[str], common: Sequence[str] = ()) -> list[tuple[int, int]]:
    """Units of the same name: indices on both sides, in the order of the candidate. Of a name that occurs again the
    first counts; names in `common`, and none, do not."""
    place = {name: i for i, name in reversed(list(enumerate(theirs)))}
    taken = {"", *common}
    found = []
    for i, name in enumerate(own):
        if name in place and name not in taken:
            taken.add(name)
            found.append((i, place[name]))
    return found


def order_of(places: Sequence[int]) -> Order:
    """The most surprising stretch of a sequence of distinct places; of equal ones the first."""
    places = places[:_MOST_UNITS]
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
