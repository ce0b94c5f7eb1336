"""Hashes of k-grams: runs of k symbols. Shared by the stages that count, compare or weigh them."""

from __future__ import annotations

import numpy as np

from simdetect.errors import OptionsError
from simdetect.model import I64, U64

__all__ = ["hash_kgrams", "hash_kgrams_at"]

_BASE = 0x9E3779B97F4A7C15


def hash_kgrams(symbols: U64, k: int) -> U64:
    """Hash every run of k symbols: a polynomial modulo 2**64, built by doubling, then mixed.

    symbols: (t,) uint64. Returns (max(0, t - k + 1),) uint64. Raises OptionsError if k < 1.
    """
    if k < 1:
        raise OptionsError(f"k must be at least 1 (got {k})")
    n = len(symbols) - k + 1
    if n <= 0:
        return np.zeros(0, np.uint64)
    power, length = symbols, 1  # hashes of all runs of `length`, a power of two
    total, covered = symbols[:0], 0  # hashes of all runs of `covered`, made of the low bits of k
    while True:
        if k & length:
            total = power if not covered else _join(total, power, covered, length)
            covered += length
        if covered == k:
            return _finish(total[:n].copy())
        power = _join(power, power, length, length)
        length *= 2


def hash_kgrams_at(symbols: U64, position: I64, k: int) -> U64:
    """The hashes of `hash_kgrams` at some positions, each at most t - k: (n,) uint64."""
    found = np.zeros(len(position), np.uint64)
    for i in range(k):
        found *= np.uint64(_BASE)
        found += symbols[position + i]
    return _finish(found)


def _join(early: U64, late: U64, early_length: int, late_length: int) -> U64:
    """Hashes of runs of early_length + late_length symbols from those of their two parts."""
    n = len(late) - early_length
    joined = early[:n] * np.uint64(pow(_BASE, late_length, 1 << 64))
    joined += late[early_length:]
    return joined


def _finish(h: U64) -> U64:
    h ^= h >> np.uint64(32)
    h *= np.uint64(0xD6E8FEB86659FD93)
    h ^= h >> np.uint64(32)
    return h
