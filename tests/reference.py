"""Slow, obvious versions of the algorithms, to compare the fast ones with."""

from __future__ import annotations

from collections.abc import Sequence

# --- fingerprints and matching ---------------------------------------------------------------------------------------


def kgrams(symbols: Sequence[int], k: int) -> list[tuple[int, ...]]:
    return [tuple(symbols[i : i + k]) for i in range(len(symbols) - k + 1)]


def kgram_hash(run: Sequence[int]) -> int:
    """Horner's rule modulo 2**64, then one round of mixing, in plain integers."""
    value = 0
    for symbol in run:
        value = (value * 0x9E3779B97F4A7C15 + symbol) % 2**64
    value ^= value >> 32
    value = value * 0xD6E8FEB86659FD93 % 2**64
    return value ^ value >> 32


def winnow(hashes: Sequence[int], window: int) -> list[int]:
    chosen = []
    for i in range(len(hashes) - window + 1):
        least = min(hashes[i : i + window])
        rightmost = max(j for j in range(i, i + window) if hashes[j] == least)
        if not chosen or chosen[-1] != rightmost:
            chosen.append(rightmost)
    return chosen


def maximal_runs(candidate: Sequence[int], original: Sequence[int], at_least: int) -> set[tuple[int, int, int]]:
    """(candidate start, original start, length) of every maximal stretch of equal symbols."""
    found = set()
    for i in range(len(candidate)):
        for j in range(len(original)):
            if i and j and candidate[i - 1] == original[j - 1]:
                continue
            n = 0
            while i + n < len(candidate) and j + n < len(original) and candidate[i + n] == original[j + n]:
                n += 1
            if n >= at_least:
                found.add((i, j, n))
    return found


def union_size(spans: Sequence[tuple[int, int]]) -> int:
    return len({position for start, end in spans for position in range(start, end)})
