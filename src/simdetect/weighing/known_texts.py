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
    AnalysedTree,
    Bool,
    ExclusionReason,
    FileRole,
    Fingerprints,
    ranges,
)
from simdetect.tokens.symbols import mix
from simdetect.weighing.background import DAMAGE, Hashes, upper

__all__ = [
    "FORMAT",
    "SAMPLED",
    "Holding",
    "KnownTexts",
    "is_of",
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
class Holding:
    """Sampled fingerprints of one file, and which family has which. hash, position: (f,) int64, in the order of the
    file. held: (h,) int64 indices of them, family: (h,) uint8 a family that has it; a row for each of several."""

    hash: I64
    position: I64
    k: int
    n_tokens: int
    held: I64
    family: U8
    n_families: int

    @property
    def counts(self) -> tuple[I64, int]:
        """How many distinct ones each family has, (families,) int64, and how many there are."""
        first = np.unique(self.hash, return_index=True)[1]
        rows = np.isin(self.held, first)
        return np.bincount(self.family[rows], minlength=self.n_families).astype(np.int64), len(first)

    def numbers(self, least: int) -> list[int]:
        """Families that have so many, those with most first."""
        held = np.bincount(self.family, minlength=self.n_families)
        return [number for number in np.argsort(-held, kind="stable").tolist() if held[number] >= least]

    def of(self, number: int) -> Bool:
        """Which a family has: (f,) bool."""
        found = np.zeros(len(self.hash), np.bool_)
        found[self.held[self.family == number]] = True
        return found


@dataclass(frozen=True, slots=True, eq=False)
class KnownTexts:
    """The table. hash: (n,) uint32 ascending, family: (n,) uint8 numbers; families: "kind:name" of each number."""

    hash: Hashes
    family: U8
    families: Sequence[str]

    def holding(self, prints: Fingerprints) -> Holding:
        """Which of a file's sampled fingerprints each family has."""
        own = upper(prints.hash)
        at = np.flatnonzero(own % SAMPLED == 0) if (prints.k, prints.window) == (_K, _WINDOW) else np.zeros(0, np.int64)
        own = own[at]
        first = np.searchsorted(self.hash, own)
        held = np.flatnonzero(self.hash[np.minimum(first, len(self.hash) - 1)] == own) if len(self.hash) else first[:0]
        n = np.searchsorted(self.hash, own[held], "right") - first[held]
        return Holding(
            hash=own.astype(np.int64),
            position=prints.position[at].astype(np.int64),
            k=prints.k,
            n_tokens=prints.n_tokens,
            held=np.repeat(held, n),
            family=self.family[ranges(first[held], n)],
            n_families=len(self.families),
        )

    def family_of(self, counts: tuple[I64, int]) -> str:
        """The family whose text a file is, "kind:name", "" when it is none. counts: as of `Holding`."""
        held, n = counts
        best = int(held.argmax()) if len(held) else -1
        return self.families[best] if n >= _LEAST and held[best] >= _KNOWN_SHARE * n else ""


def recognised(texts: KnownTexts, tree: AnalysedTree, own: Sequence[str]) -> AnalysedTree:
    """An original that knows its own families, and whose files of other families have the role that they have in it.
    own: families of names that it is; those of texts come with a prefix."""
    judged = {i: texts.holding(file.fingerprints).counts for i, file in enumerate(tree.files) if file.role in _JUDGED}
    total = sum(n for _, n in judged.values())
    held = sum((counts for counts, _ in judged.values()), np.zeros(len(texts.families), np.int64))
    is_own = (held >= _LEAST) & (held >= _OWN_SHARE * total)
    known = (*own, *(_PREFIX + texts.families[number] for number in np.flatnonzero(is_own).tolist()))
    files = list(tree.files)
    for i, counts in judged.items():
        family = texts.family_of(counts)
        if family and not is_of(family, known):
            files[i] = replace(files[i], role=_ROLE[family.partition(":")[0]])
    return replace(tree, files=tuple(files), own=known)


def is_of(family: str, own: Collection[str]) -> bool:
    """Whether a family of texts is among those that an original is."""
    return _PREFIX + family in own


def reason_of(family: str) -> ExclusionReason:
    """Why the text of a family decides nothing."""
    return ExclusionReason(_ROLE[family.partition(":")[0]].value)


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
