"""64-bit symbols of texts: the same in every process and on every machine.

No salt, no grammar kind ids (they change between grammar versions), little-endian reads.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from simdetect.model import U64, Bool

__all__ = ["NAME_SYMBOL", "NUMBER_SYMBOL", "STRING_SYMBOL", "hash_spans", "hash_text", "is_among", "keyed", "mix"]

NAME_SYMBOL = np.uint64(0x6E616D6500000001)
STRING_SYMBOL = np.uint64(0x7374720000000002)
NUMBER_SYMBOL = np.uint64(0x6E756D0000000003)

_LONG = 256  # bytes; longer spans are rare and hashed one by one
_MASK = np.array([(1 << (8 * n)) - 1 for n in range(9)], np.uint64)
_SEED = np.uint64(0x9E3779B97F4A7C15)


def hash_spans(content: bytes, start: npt.NDArray[np.integer], end: npt.NDArray[np.integer]) -> U64:
    """Hash content[start:end] for many spans at once; equal text, equal hash, wherever it stands.

    start, end: (n,) integers. Returns (n,) uint64. Reads eight bytes a round; spans over 256 bytes go one by one.
    """
    words = np.ndarray((len(content) + 1,), "<u8", content + bytes(16), 0, (1,))
    start, length = start.astype(np.int64), (end - start).astype(np.int64)
    hashes: U64 = words[start]
    hashes &= _MASK[np.minimum(length, 8)]
    hashes ^= length.astype(np.uint64) * _SEED
    mix(hashes)
    long = np.flatnonzero(length > 8)
    rest = long[length[long] <= _LONG]
    at, left = start[rest] + 8, length[rest] - 8
    while len(rest):
        hashes[rest] = mix(hashes[rest] ^ (words[at] & _MASK[np.minimum(left, 8)]))
        more = left > 8
        rest, at, left = rest[more], at[more] + 8, left[more] - 8
    for i in long[length[long] > _LONG].tolist():
        hashes[i] = _hash_long(content[start[i] : end[i]])
    return hashes


def hash_text(text: bytes) -> np.uint64:
    """The symbol of one text; equal to that of any span that holds it."""
    return np.uint64(hash_spans(text, np.array([0]), np.array([len(text)]))[0])


def is_among(values: U64, table: U64) -> Bool:
    """Which values an ascending table holds: (n,) bool. The table may be small and the values many."""
    if not len(table):
        return np.zeros(len(values), np.bool_)
    found: Bool = table[np.minimum(np.searchsorted(table, values), len(table) - 1)] == values
    return found


def keyed(group: npt.NDArray[np.integer], symbols: U64) -> U64:
    """A key of 64 bits for each pair of a group and a symbol. group: (n,) integers of at least 0."""
    return symbols ^ mix(group.astype(np.uint64) + np.uint64(1))


def mix(h: U64) -> U64:
    """Scramble in place so that every input bit reaches every output bit (splitmix64, Steele et al., OOPSLA 2014)."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        h ^= h >> np.uint64(shift)
        h *= np.uint64(factor)
    h ^= h >> np.uint64(31)
    return h


def _hash_long(text: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")
