"""Fingerprints of many files -> a corpus with sorted postings, and their lookup."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simdetect.model import I64, U64, Bool, Corpus, Fingerprints, Postings, Seeds, TokenStream

__all__ = ["build_corpus", "build_postings", "find_seeds", "lay_out"]


def build_corpus(streams: Sequence[TokenStream], fingerprints: Sequence[Fingerprints], separator: int) -> Corpus:
    """Lay files end to end. separator: a symbol that no token has, different for the two sides of a comparison."""
    exact, normal = [stream.exact for stream in streams], [stream.normal for stream in streams]
    return lay_out(exact, normal, fingerprints, separator)


def lay_out(
    exact: Sequence[U64], normal: Sequence[U64], fingerprints: Sequence[Fingerprints], separator: int
) -> Corpus:
    """The same for symbols of any kind, one pair of arrays of equal length a file."""
    offset = np.zeros(len(exact) + 1, np.int64)
    np.cumsum([len(symbols) + 1 for symbols in exact], out=offset[1:])
    none = np.zeros(0, np.uint64)
    counts = [len(own) for own in fingerprints]
    positions = [own.position for own in fingerprints] or [np.zeros(0, np.uint32)]
    return Corpus(
        exact=_end_to_end(exact, separator),
        normal=_end_to_end(normal, separator),
        offset=offset,
        fingerprint=np.concatenate([own.hash for own in fingerprints] or [none]),
        position=np.concatenate(positions).astype(np.int64) + np.repeat(offset[:-1], counts),
        postings=build_postings(fingerprints),
    )


def _end_to_end(parts: Sequence[U64], separator: int) -> U64:
    gap = np.array([separator], np.uint64)
    return np.concatenate([part for own in parts for part in (own, gap)] or [gap[:0]])


def build_postings(fingerprints: Sequence[Fingerprints]) -> Postings:
    """Sort the fingerprints of many files by (hash, file, position)."""
    counts = [len(own) for own in fingerprints]
    hashes = np.concatenate([own.hash for own in fingerprints] or [np.zeros(0, np.uint64)])
    position = np.concatenate([own.position for own in fingerprints] or [np.zeros(0, np.uint32)])
    file = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
    order = np.argsort(hashes, kind="stable")
    return Postings(hashes[order], file[order], position[order])


def find_seeds(
    candidate: Corpus, original: Corpus, family: I64, original_family: I64, max_postings: int, k: int
) -> Seeds:
    """Pair the candidate's fingerprints with equal ones of the original.

    family, original_family: (files,) int64, only files of one family may match.
    A hash that occurs more than max_postings times on either side is *common*: pairing all its occurrences would be
    quadratic and says little. Of those only occurrences whose exact texts agree are paired, of runs of one hash
    only the ends, and of what then remains the max_postings nearest in position, so that a tree always matches itself.
    """
    postings = original.postings
    own = candidate.fingerprint
    low = np.searchsorted(postings.hash, own, "left")
    n_original = np.searchsorted(postings.hash, own, "right") - low
    found = np.flatnonzero(n_original)
    values, inverse, n_own = np.unique(own[found], return_inverse=True, return_counts=True)
    is_common = (n_original[found] > max_postings) | (n_own[inverse] > max_postings)
    plain = _expand(found[~is_common], low, n_original)
    exact = _common_pairs(candidate, original, found[is_common], max_postings, k)
    seeds = np.concatenate([_positions(candidate, original, *plain), exact], axis=1)
    seeds = seeds[:, family[candidate.file_of(seeds[0])] == original_family[original.file_of(seeds[1])]]
    n_common = len(np.unique(inverse[is_common])) if len(values) else 0
    return Seeds(seeds[0], seeds[1], n_common)


def _expand(rows: I64, low: I64, count: I64) -> tuple[I64, I64]:
    """All (row, posting) pairs: posting runs over low[row] .. low[row] + count[row]."""
    n = count[rows]
    first = np.cumsum(n) - n
    total = int(n.sum())
    return np.repeat(rows, n), np.repeat(low[rows] - first, n) + np.arange(total)


def _positions(candidate: Corpus, original: Corpus, row: I64, posting: I64) -> I64:
    """(2, s) int64: positions of paired fingerprints in the two corpora."""
    postings = original.postings
    return np.stack([candidate.position[row], original.offset[postings.file[posting]] + postings.position[posting]])


def _common_pairs(candidate: Corpus, original: Corpus, rows: I64, limit: int, k: int) -> I64:
    """Pairs of common fingerprints: equal texts only, ends of runs only, the `limit` nearest in position."""
    if not len(rows):
        return np.zeros((2, 0), np.int64)
    own = rows[_run_ends(candidate, rows)]
    theirs = np.flatnonzero(np.isin(original.fingerprint, candidate.fingerprint[own]))
    theirs = theirs[_run_ends(original, theirs)]
    text = _exact_hash(candidate, candidate.position[own], k)
    there = original.position[theirs]
    texts, rank = np.unique(_exact_hash(original, there, k), return_inverse=True)
    reach = max(len(candidate.exact), len(original.exact)) + 1
    key = rank * reach + there
    order = np.argsort(key, kind="stable")
    key, there = key[order], there[order]
    own_rank = np.searchsorted(texts, text)
    known = np.flatnonzero(texts[np.minimum(own_rank, len(texts) - 1)] == text)
    own, own_rank = own[known], own_rank[known]
    low, high = np.searchsorted(key, own_rank * reach), np.searchsorted(key, (own_rank + 1) * reach)
    n = np.minimum(high - low, limit)
    at = np.searchsorted(key, own_rank * reach + candidate.position[own])
    row, posting = _expand(np.arange(len(own)), np.clip(at - limit // 2, low, high - n), n)
    return np.stack([candidate.position[own[row]], there[posting]])


def _run_ends(corpus: Corpus, rows: I64) -> Bool:
    """Which rows are not in the middle of three equal fingerprints of a file: the ends of repetitive stretches."""
    hashes = corpus.fingerprint
    inner = (rows > 0) & (rows < len(hashes) - 1)
    at = rows[inner]
    before, file, after = (corpus.file_of(corpus.position[near]) for near in (at - 1, at, at + 1))
    is_middle = (hashes[at] == hashes[at - 1]) & (hashes[at] == hashes[at + 1]) & (before == file) & (file == after)
    ends = np.ones(len(rows), np.bool_)
    ends[inner] = ~is_middle
    return ends


def _exact_hash(corpus: Corpus, position: I64, k: int) -> U64:
    """A hash of the k exact symbols at each position."""
    value = np.zeros(len(position), np.uint64)
    for i in range(k):
        value = value * np.uint64(0x9E3779B97F4A7C15) + corpus.exact[position + i]
        value ^= value >> np.uint64(29)
    return value
