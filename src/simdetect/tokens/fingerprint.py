"""Symbols -> k-gram hashes -> winnowed fingerprints (Schleimer, Wilkerson, Aiken, SIGMOD 2003)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simdetect.errors import OptionsError
from simdetect.model import U32, U64, Bool, Fingerprints
from simdetect.model.arrays import heads
from simdetect.tokens.grams import hash_kgrams

__all__ = ["fingerprint", "winnow"]


def fingerprint(streams: Sequence[U64], k: int, window: int) -> list[Fingerprints]:
    """Winnowed fingerprints of symbol streams, one a stream; k-grams and windows never reach across streams.

    streams: arrays (t,) uint64. Two streams that share a run of at least k + window - 1 symbols share a fingerprint.
    A stream of at least k symbols that is shorter than that keeps its least k-gram, or it would be invisible.
    """
    if not streams:
        return []
    lengths = np.array([len(stream) for stream in streams])
    hashes = hash_kgrams(np.concatenate(streams), k)
    least = _window_minima(hashes, window)
    position = least[_first_of_run(least, _windows_inside(lengths, k + window - 1, len(least)))]
    values = hashes[position]
    offset = np.concatenate([[0], np.cumsum(lengths)])
    cut = np.searchsorted(position, offset)
    found = []
    for i, length in enumerate(lengths.tolist()):
        if k <= length < k + window - 1:
            found.append(_single(hashes[offset[i] : offset[i] + length - k + 1], k, window, length))
        else:
            part = slice(cut[i], cut[i + 1])
            found.append(Fingerprints(values[part], position[part] - np.uint32(offset[i]), k, window, length))
    return found


def winnow(hashes: U64, window: int) -> U32:
    """Select the rightmost minimum of each window.

    hashes: (n,) uint64. Returns (f,) uint32 positions, ascending; empty when n < window.
    Raises OptionsError if window < 1. Schleimer, Wilkerson, Aiken, SIGMOD 2003; by its definition, not its figure 5,
    whose circular buffer can report the wrong position when the minimum leaves the window.
    """
    least = _window_minima(hashes, window)
    return least[_first_of_run(least, np.ones(len(least), np.bool_))]


def _window_minima(hashes: U64, window: int) -> U32:
    """Position of the rightmost minimum of every window, by doubling the length of the runs."""
    if window < 1:
        raise OptionsError(f"window must be at least 1 (got {window})")
    if len(hashes) < window:
        return np.zeros(0, np.uint32)
    least, value, length = np.arange(len(hashes), dtype=np.uint32), hashes, 1
    while length < window:
        step = min(length, window - length)
        late = value[step:] <= value[:-step]
        least = np.where(late, least[step:], least[:-step])
        value = np.minimum(value[step:], value[:-step])
        length += step
    return least


def _windows_inside(lengths: np.ndarray[tuple[int], np.dtype[np.int64]], reach: int, n: int) -> Bool:
    """Which of n windows, each reaching over `reach` symbols, lie inside one stream."""
    inside = np.ones(n, np.bool_)
    for end in np.cumsum(lengths)[:-1].tolist():
        inside[max(0, end - reach + 1) : end] = False
    return inside


def _first_of_run(least: U32, valid: Bool) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Indices of valid windows whose minimum differs from that of the valid window before."""
    chosen = np.flatnonzero(valid)
    return chosen[heads(least[chosen])]


def _single(hashes: U64, k: int, window: int, length: int) -> Fingerprints:
    position = np.array([len(hashes) - 1 - int(np.argmin(hashes[::-1]))], np.uint32)
    return Fingerprints(hashes[position], position, k, window, length)
