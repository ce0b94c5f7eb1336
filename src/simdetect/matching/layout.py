"""Fingerprints of many files -> a corpus with sorted postings, and their lookup."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from simdetect.errors import InputError
from simdetect.model import I64, U64, AnalysedTree, Bool, Corpus, Fingerprints, Postings, Seeds, TokenStream
from simdetect.model.arrays import sorted_distinct
from simdetect.tokens.symbols import is_among

__all__ = ["build_corpus", "build_original_words", "build_originals", "build_postings", "find_seeds", "lay_out"]


def build_corpus(streams: Sequence[TokenStream], fingerprints: Sequence[Fingerprints], separator: int) -> Corpus:
    """Lay files end to end. separator: a symbol that no token has, different for the two sides of a comparison."""
    exact, normal = [stream.exact for stream in streams], [stream.normal for stream in streams]
    return lay_out(exact, normal, fingerprints, separator)


def lay_out(
    exact: Sequence[U64], normal: Sequence[U64], fingerprints: Sequence[Fingerprints], separator: int
) -> Corpus:
    """The same for symbols of any kind, one pair of arrays of equal length a file."""
    offset = _offsets([len(symbols) for symbols in exact])
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


def build_originals(trees: Sequence[AnalysedTree], separator: int, wanted: U64) -> Corpus:
    """Lay the files of all originals end to end, with only those fingerprints that the candidate has too.

    wanted: (w,) uint64 fingerprints of the candidate, distinct and ascending. Of an original that is not in memory,
    files that have none of them are left zeros.
    """
    offset = _offsets([file.n_tokens for tree in trees for file in tree.files])
    exact, normal = _room(int(offset[-1])), _room(int(offset[-1]))
    bounds, found = _bounds(trees, offset), []
    for tree, start, end in zip(trees, bounds, bounds[1:], strict=False):
        load = partial(_load, tree, separator) if tree.stored is None else tree.stored.load
        found.append((start, *load(wanted, exact[start:end], normal[start:end])))
    return _found(exact, normal, offset, found)


def build_original_words(trees: Sequence[AnalysedTree], separator: int, wanted: U64) -> Corpus:
    """The same for the words of comments."""
    counts = [
        np.array([len(file.prose.word) for file in tree.files], np.int64)
        if tree.stored is None
        else tree.stored.n_words()
        for tree in trees
    ]
    offset = _offsets(np.concatenate([np.zeros(0, np.int64), *counts]))
    word = _room(int(offset[-1]))
    bounds, found = _bounds(trees, offset), []
    for tree, start, end in zip(trees, bounds, bounds[1:], strict=False):
        load = partial(_load_words, tree, separator) if tree.stored is None else tree.stored.load_words
        found.append((start, *load(wanted, word[start:end])))
    return _found(word, word, offset, found)


def _bounds(trees: Sequence[AnalysedTree], offset: I64) -> list[int]:
    """Where the files of each tree begin, and those of the last one end."""
    bounds: list[int] = offset[np.cumsum([0, *(len(tree.files) for tree in trees)])].tolist()
    return bounds


def _found(exact: U64, normal: U64, offset: I64, found: Sequence[tuple[int, U64, I64]]) -> Corpus:
    """found: where each tree starts, its fingerprints and their places in it."""
    fingerprint = np.concatenate([np.zeros(0, np.uint64), *(hashes for _, hashes, _ in found)])
    position = np.concatenate([np.zeros(0, np.int64), *(places + start for start, _, places in found)])
    order = np.argsort(fingerprint, kind="stable")
    file = np.searchsorted(offset, position, "right") - 1
    within = (position - offset[file]).astype(np.uint32)
    postings = Postings(fingerprint[order], file[order].astype(np.uint32), within[order])
    return Corpus(exact, normal, offset, fingerprint, position, postings)


def _room(n: int) -> U64:
    try:
        return np.zeros(n, np.uint64)
    except MemoryError:
        raise InputError(f"the originals have {n} tokens: more than this machine has memory for") from None


def _load(tree: AnalysedTree, separator: int, wanted: U64, exact: U64, normal: U64) -> tuple[U64, I64]:
    """As `StoredTokens.load`, of a tree in memory: everything is written."""
    hashes, places, start = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)], 0
    for file in tree.files:
        end = start + file.n_tokens
        exact[start:end], normal[start:end] = file.tokens.exact, file.tokens.normal
        exact[end] = normal[end] = separator
        hashes.append(file.fingerprints.hash)
        places.append(file.fingerprints.position + np.int64(start))
        start = end + 1
    fingerprint = np.concatenate(hashes)
    found = np.flatnonzero(is_among(fingerprint, wanted))
    return fingerprint[found], np.concatenate(places)[found]


def _load_words(tree: AnalysedTree, separator: int, wanted: U64, word: U64) -> tuple[U64, I64]:
    """As `StoredTokens.load_words`, of a tree in memory."""
    hashes, places, start = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)], 0
    for file in tree.files:
        prints, end = file.prose.fingerprints, start + len(file.prose.word)
        word[start:end], word[end] = file.prose.word, separator
        hashes.append(prints.hash)
        places.append(prints.position + np.int64(start))
        start = end + 1
    fingerprint = np.concatenate(hashes)
    found = np.flatnonzero(is_among(fingerprint, wanted))
    return fingerprint[found], np.concatenate(places)[found]


def _offsets(lengths: Sequence[int] | I64) -> I64:
    """Where files of these many tokens start when they are laid end to end, a separator after each."""
    offset = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(np.asarray(lengths, np.int64) + 1, out=offset[1:])
    return offset


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
    quadratic and says little. Of those only occurrences whose exact texts agree are paired, of touching ones
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
    n_common = len(sorted_distinct(inverse[is_common])) if len(values) else 0
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
    own = rows[_run_ends(candidate, rows, k)]
    theirs = np.flatnonzero(is_among(original.fingerprint, sorted_distinct(candidate.fingerprint[own])))
    theirs = theirs[_run_ends(original, theirs, k)]
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


def _run_ends(corpus: Corpus, rows: I64, k: int) -> Bool:
    """Which rows are not in the middle of three equal fingerprints that touch: the ends of repetitive stretches.

    rows: (n,) int64 fingerprints of the corpus, all occurrences of a hash or none.
    """
    hashes, position = corpus.fingerprint[rows], corpus.position[rows]
    order = np.lexsort((position, hashes))
    hashes, position = hashes[order], position[order]
    file = corpus.file_of(position)
    touches = (np.diff(hashes) == 0) & (np.diff(file) == 0) & (np.diff(position) <= k)
    ends = np.ones(len(rows), np.bool_)
    ends[order[1:-1]] = ~(touches[1:] & touches[:-1])
    return ends


def _exact_hash(corpus: Corpus, position: I64, k: int) -> U64:
    """A hash of the k exact symbols at each position."""
    value = np.zeros(len(position), np.uint64)
    for i in range(k):
        value = value * np.uint64(0x9E3779B97F4A7C15) + corpus.exact[position + i]
        value ^= value >> np.uint64(29)
    return value
