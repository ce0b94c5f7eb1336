"""Files laid end to end, so that matching works on whole trees at once, with sorted postings of their fingerprints."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simdetect.errors import InputError
from simdetect.matching.memory import lookup_of
from simdetect.model import I64, U64, AnalysedFile, AnalysedTree, Fingerprints, Layout, Postings

__all__ = [
    "CANDIDATE_END",
    "ORIGINAL_END",
    "build_postings",
    "lay_out",
    "lay_out_code",
    "lay_out_originals",
    "lay_out_words",
]

CANDIDATE_END, ORIGINAL_END = 1, 2  # stand after each file: no token hashes to them, and they differ


def lay_out_code(files: Sequence[AnalysedFile], separator: int = CANDIDATE_END) -> Layout:
    """Lay the tokens of files in memory end to end."""
    exact, normal = [file.tokens.exact for file in files], [file.tokens.normal for file in files]
    return lay_out(exact, normal, [file.fingerprints for file in files], separator)


def lay_out_words(files: Sequence[AnalysedFile]) -> Layout:
    """Lay the words of the comments of files in memory end to end."""
    words = [file.prose.word for file in files]
    return lay_out(words, words, [file.prose.fingerprints for file in files])


def lay_out(
    exact: Sequence[U64], normal: Sequence[U64], fingerprints: Sequence[Fingerprints], separator: int = CANDIDATE_END
) -> Layout:
    """The same for symbols of any kind, one pair of arrays of equal length a file."""
    offset = _offsets([len(symbols) for symbols in exact])
    none = np.zeros(0, np.uint64)
    counts = [len(own) for own in fingerprints]
    positions = [own.position for own in fingerprints] or [np.zeros(0, np.uint32)]
    return Layout(
        exact=_end_to_end(exact, separator),
        normal=_end_to_end(normal, separator),
        offset=offset,
        fingerprint=np.concatenate([own.hash for own in fingerprints] or [none]),
        position=np.concatenate(positions).astype(np.int64) + np.repeat(offset[:-1], counts),
        postings=build_postings(fingerprints),
    )


def lay_out_originals(trees: Sequence[AnalysedTree], wanted: U64, *, words: bool = False) -> Layout:
    """Lay the files of all originals end to end, with only those fingerprints that the candidate has too.

    wanted: (w,) uint64 fingerprints of the candidate, distinct and ascending. words: lay out the words of comments, not
    the tokens of code. Of an original that is not in memory, files that have no wanted fingerprint are left zeros, as
    are all separators. Raises InputError when there is no memory for so many tokens.
    """
    lookups = [lookup_of(tree) for tree in trees]
    counts = [lookup.n_words() if words else _n_tokens(tree) for lookup, tree in zip(lookups, trees, strict=True)]
    offset = _offsets(np.concatenate([np.zeros(0, np.int64), *counts]))
    exact = _room(int(offset[-1]))
    normal = exact if words else _room(int(offset[-1]))
    bounds = offset[np.cumsum([0, *(len(own) for own in counts)])].tolist()
    hashes, positions = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for lookup, start, end in zip(lookups, bounds, bounds[1:], strict=False):
        here = exact[start:end]
        found = lookup.load_words(wanted, here) if words else lookup.load(wanted, here, normal[start:end])
        hashes.append(found[0])
        positions.append(found[1] + start)
    return _sorted(exact, normal, offset, np.concatenate(hashes), np.concatenate(positions))


def _n_tokens(tree: AnalysedTree) -> I64:
    return np.array([file.n_tokens for file in tree.files], np.int64)


def _sorted(exact: U64, normal: U64, offset: I64, fingerprint: U64, position: I64) -> Layout:
    """A layout with postings of these fingerprints."""
    order = np.argsort(fingerprint, kind="stable")
    file = np.searchsorted(offset, position, "right") - 1
    within = (position - offset[file]).astype(np.uint32)
    postings = Postings(fingerprint[order], file[order].astype(np.uint32), within[order])
    return Layout(exact, normal, offset, fingerprint, position, postings)


def _room(n: int) -> U64:
    try:
        return np.zeros(n, np.uint64)
    except MemoryError:
        raise InputError(f"the originals have {n} tokens: more than this machine has memory for") from None


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
