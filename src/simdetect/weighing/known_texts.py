"""Files that many projects carry because a build tool copied them, or a library travels as source.

`install-sh`, `ltmain.sh`, getopt.c of gnulib, zlib, stb, jQuery: two programs that hold them agree in them, and that
says nothing. They are known by what is in them, from packages that are named beside the table, never by a marker:
anybody could write that into recalled code. A file is known when nearly all of its sampled fingerprints are those of
one *family*, on either side. It decides no verdict, and the report says that it agrees.

The original that is the family itself (zlib, lodash) is compared with all it has: a family is its own where its
fingerprints are a good part of all of its code (`recognised`).

File format `simdetect.known-texts/1`: as of `public_names`, with a uint8 number of a family.
"""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

import numpy as np

from simdetect.errors import InputError
from simdetect.model import (
    I64,
    U8,
    U64,
    AnalysedFile,
    AnalysedTree,
    Carried,
    ExclusionReason,
    FileRole,
    Fingerprints,
    ranges,
    sorted_distinct,
)
from simdetect.tokens.symbols import mix
from simdetect.weighing.background import DAMAGE, Hashes, is_member, upper

__all__ = [
    "FORMAT",
    "SAMPLED",
    "KnownTexts",
    "known_files",
    "known_triples",
    "load_known_texts",
    "reason_of",
    "recognised",
    "triples",
]

FORMAT = "simdetect.known-texts/1"
SAMPLED = 4  # one fingerprint in so many is kept
_K, _WINDOW = 12, 6  # of the fingerprints of the table; with other settings no file is known
_KNOWN_SHARE = 0.8
_LEAST = 8  # sampled fingerprints of a file, some 100 tokens
_OWN_SHARE = 0.3
_PREFIX = "text:"
_ROLE = {"generated": FileRole.GENERATED, "bundled": FileRole.VENDORED}
_JUDGED = (FileRole.SOURCE, FileRole.TEST)


@dataclass(frozen=True, slots=True, eq=False)
class KnownTexts:
    """The table. hash: (n,) uint32 ascending, family: (n,) uint8 numbers; families: "kind:name" of each number."""

    hash: Hashes
    family: U8
    families: Sequence[str]

    def counts(self, prints: Fingerprints) -> tuple[I64, int]:
        """Of a file's sampled fingerprints: how many each family has, (f,) int64, and how many there are."""
        own = upper(prints.hash)
        own = sorted_distinct(own[own % SAMPLED == 0])
        held = np.zeros(len(self.families), np.int64)
        if (prints.k, prints.window) != (_K, _WINDOW):
            return held, 0
        first = np.searchsorted(self.hash, own)
        here = first[self.hash[np.minimum(first, len(self.hash) - 1)] == own] if len(self.hash) else first[:0]
        if len(here):
            rows = ranges(here, np.searchsorted(self.hash, self.hash[here], "right") - here)
            held = np.bincount(self.family[rows], minlength=len(self.families)).astype(np.int64)
        return held, len(own)

    def family_of(self, counts: tuple[I64, int]) -> str:
        """The family whose text a file is, "kind:name", "" when it is none. counts: of its fingerprints."""
        held, n = counts
        best = int(held.argmax()) if len(held) else -1
        return self.families[best] if n >= _LEAST and held[best] >= _KNOWN_SHARE * n else ""


def recognised(texts: KnownTexts, tree: AnalysedTree, own: Sequence[str]) -> AnalysedTree:
    """An original that knows its own families, and whose files of other families have the role that they have in it.
    own: families of names that it is; those of texts come with a prefix."""
    judged = {i: texts.counts(file.fingerprints) for i, file in enumerate(tree.files) if file.role in _JUDGED}
    total = sum(n for _, n in judged.values())
    held = sum((counts for counts, _ in judged.values()), np.zeros(len(texts.families), np.int64))
    is_own = (held >= _LEAST) & (held >= _OWN_SHARE * total)
    known = (*own, *(_PREFIX + texts.families[number] for number in np.flatnonzero(is_own).tolist()))
    files = list(tree.files)
    for i, counts in judged.items():
        family = texts.family_of(counts)
        if family and _PREFIX + family not in known:
            files[i] = replace(files[i], role=_ROLE[family.partition(":")[0]])
    return replace(tree, files=tuple(files), own=known)


def known_files(texts: KnownTexts, files: Sequence[AnalysedFile], own: Collection[str]) -> list[Carried]:
    """What each file of a candidate has of a family that no original is."""
    found = [texts.family_of(texts.counts(file.fingerprints)) for file in files]
    none = Carried("", np.zeros(0, np.uint32), np.zeros(0, np.uint32))
    return [
        none if not family or _PREFIX + family in own else _carried(texts, file, family)
        for file, family in zip(files, found, strict=True)
    ]


def _carried(texts: KnownTexts, file: AnalysedFile, family: str) -> Carried:
    """Where a file has the text of a family: from each of its fingerprints to the next, where both are the family's."""
    prints, number = file.fingerprints, texts.families.index(family)
    hashes = upper(prints.hash)
    sampled = np.flatnonzero(hashes % SAMPLED == 0)
    is_known = is_member(texts.hash[texts.family == number], prints.hash[sampled])
    first = prints.position[sampled].astype(np.int64)
    last = np.minimum(first + prints.k, len(file.tokens))
    joined = is_known[:-1] & is_known[1:]
    start, end = first[is_known], np.where(np.append(joined, [False]), np.append(last[1:], [0]), last)[is_known]
    reach = np.maximum.accumulate(end)
    heads = np.flatnonzero(np.concatenate([[True], start[1:] > reach[:-1]])) if len(start) else np.zeros(0, np.int64)
    tails = np.append(heads[1:] - 1, len(start) - 1) if len(start) else heads
    tokens = file.tokens
    return Carried(family, tokens.start[start[heads]], tokens.end[reach[tails] - 1])


def reason_of(family: str) -> ExclusionReason | None:
    """Why a file of a family decides nothing, None for "" """
    return ExclusionReason(_ROLE[family.partition(":")[0]].value) if family else None


@cache
def load_known_texts() -> KnownTexts:
    """The shipped table. Raises InputError when it is damaged."""
    try:
        with np.load(io.BytesIO(_data("texts.npz")), allow_pickle=False) as archive:
            facts, gap, family = json.loads(bytes(archive["facts"]).decode()), archive["gap"], archive["family"]
        if facts["format"] != FORMAT or len(gap) != len(family):
            raise ValueError("of another format")
        return KnownTexts(np.cumsum(gap, dtype=np.uint32), family, facts["families"])
    except DAMAGE as error:
        raise InputError(f"the table of known texts cannot be read: {error}") from error


def triples(values: Sequence[int]) -> U64:
    """A symbol for every three numbers in a row: (n - 2,) uint64."""
    low = np.array([value & 0xFFFFFFFFFFFFFFFF for value in values], np.uint64)
    found = np.zeros(max(0, len(low) - 2), np.uint64)
    for shift in range(3 if len(found) else 0):
        found = mix(found * np.uint64(0x9E3779B97F4A7C15) + low[shift : shift + len(found)])
    return found


@cache
def known_triples() -> Hashes:
    """Upper halves of the symbols of rows of numbers in implementations of standards, ascending."""
    try:
        with np.load(io.BytesIO(_data("tables.npz")), allow_pickle=False) as archive:
            return np.cumsum(archive["gap"], dtype=np.uint32)
    except DAMAGE as error:
        raise InputError(f"the table of known numbers cannot be read: {error}") from error


def _data(name: str) -> bytes:
    return (resources.files("simdetect") / "data" / "public" / name).read_bytes()
