"""Files that many projects carry because a build tool copied them, or a library travels as source.

`install-sh`, `ltmain.sh`, getopt.c of gnulib, zlib, stb, jQuery: two programs that hold them agree in them, and that
says nothing. They are known by what is in them, from packages that are named beside the table, never by a marker:
anybody could write that into recalled code. A file is known when nearly all of its sampled fingerprints are those of
one *family*, on either side. It decides no verdict, and the report says that it agrees.

An original that is the family itself (zlib, lodash) is compared with all it has, see `recognised`.

File format `simdetect.known-texts/1`: as of `public_names`, with a uint8 number of a family.
"""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

import numpy as np

from simdetect.errors import InputError
from simdetect.model import (
    I64,
    U8,
    U64,
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
    "LEAST_RUN",
    "PREFIX",
    "SAMPLED",
    "Holding",
    "KnownTexts",
    "declared",
    "is_of",
    "known_declarations",
    "known_triples",
    "load_known_texts",
    "reason_of",
    "role_of",
    "triples",
]

FORMAT = "simdetect.known-texts/1"
SAMPLED = 4  # one fingerprint in so many is kept
_K, _WINDOW = 12, 6  # of the fingerprints of the table; with other settings no file is known
_KNOWN_SHARE = 0.8
# Distinct ones of a stretch, some 130 tokens. In eight programs, 95,000, none that was not copied has more than 8.
LEAST_RUN = 9
_LEAST = 8  # sampled fingerprints of a file, some 100 tokens
PREFIX = "text:"  # of families of texts, where an original has families of names too
_ROLE = {"generated": FileRole.GENERATED, "bundled": FileRole.VENDORED}
_NONE = np.zeros(0, np.int64)


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

    def of(self, number: int) -> Bool:
        """Which a family has: (f,) bool."""
        found = np.zeros(len(self.hash), np.bool_)
        found[self.held[self.family == number]] = True
        return found

    def runs(self, number: int) -> tuple[I64, I64, Bool]:
        """Runs of those that a family has: (r,) int64 the first and the last of each, and which of them are its text by
        their length; those with a single hole between are taken together."""
        edge = np.diff(np.concatenate([[False], self.of(number), [False]]).astype(np.int8))
        first, last = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1) - 1
        n = last - first + 1
        group = np.cumsum(np.concatenate([[0], (first[1:] - last[:-1] > 2).astype(np.int64)]))[: len(first)]
        pairs = np.stack([np.repeat(group, n), self.hash[ranges(first, n)]])
        distinct = np.bincount(np.unique(pairs, axis=1)[0].astype(np.int64), minlength=len(first))
        return first, last, distinct[group] >= LEAST_RUN


@dataclass(frozen=True, eq=False)
class KnownTexts:
    """The table. hash: (n,) uint32 ascending, family: (n,) uint8 numbers; families: "kind:name" of each number."""

    hash: Hashes
    family: U8
    families: Sequence[str]

    def holding(self, prints: Fingerprints, own: Collection[str] = ()) -> Holding:
        """Which of a file's sampled fingerprints each family has; none has what one of own has. own: as of
        `recognised`."""
        hashes = upper(prints.hash)
        at = np.flatnonzero(hashes % SAMPLED == 0) if (prints.k, prints.window) == (_K, _WINDOW) else _NONE
        hashes = hashes[at]
        first = np.searchsorted(self.hash, hashes)
        here = np.flatnonzero(self.hash[np.minimum(first, len(self.hash) - 1)] == hashes) if len(self.hash) else _NONE
        n = np.searchsorted(self.hash, hashes[here], "right") - first[here]
        held, family = np.repeat(here, n), self.family[ranges(first[here], n)]
        is_own = np.array([is_of(name, own) for name in self.families] or [False])
        kept = ~np.isin(held, held[is_own[family]]) if is_own.any() else np.ones(len(held), np.bool_)
        return Holding(
            hash=hashes.astype(np.int64),
            position=prints.position[at].astype(np.int64),
            k=prints.k,
            n_tokens=prints.n_tokens,
            held=held[kept],
            family=family[kept],
            n_families=len(self.families),
        )

    @cached_property
    def is_text(self) -> Bool:
        """Which families are texts that others carry: (families,) bool."""
        return np.array([family.partition(":")[0] in _ROLE for family in self.families] or [False])

    def numbers(self, holding: Holding, least: int) -> list[int]:
        """Texts of which a file has so many fingerprints, those with most first."""
        held = np.bincount(holding.family, minlength=len(self.families))
        found = np.argsort(-held, kind="stable")
        kept: list[int] = found[(held[found] >= least) & self.is_text[found]].tolist()
        return kept

    def maker_of(self, number: int) -> int | None:
        """The family of the tool that puts out a text, None where the table has none."""
        kind, _, name = self.families[number].partition(":")
        maker = "maker:" + name
        return list(self.families).index(maker) if kind == "generated" and maker in self.families else None

    def family_of(self, counts: tuple[I64, int]) -> str:
        """The family whose text a file is, "kind:name", "" when it is none. counts: as of `Holding`."""
        held, n = counts
        held = np.where(self.is_text, held, 0) if len(held) else held
        best = int(held.argmax()) if len(held) else -1
        return self.families[best] if n >= _LEAST and held[best] >= _KNOWN_SHARE * n else ""


def is_of(family: str, own: Collection[str]) -> bool:
    """Whether a family of texts is among those that an original is."""
    return PREFIX + family in own


def role_of(family: str) -> FileRole:
    """The role of a file that is the text of a family."""
    return _ROLE[family.partition(":")[0]]


def reason_of(family: str) -> ExclusionReason:
    """Why the text of a family decides nothing."""
    return ExclusionReason(role_of(family).value)


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


def declared(name: U64, value: U64) -> U64:
    """A symbol for a name and the value that a standard gives it. name, value: (n,) uint64 symbols of texts."""
    return mix(name * np.uint64(0x9E3779B97F4A7C15) + value)


@cache
def known_triples() -> Hashes:
    """Upper halves of the symbols of rows of numbers in implementations of standards, ascending."""
    return _table("gap")


@cache
def known_declarations() -> tuple[Hashes, Hashes]:
    """Upper halves of the symbols of names that standards declare, and of those with their values, ascending."""
    return _table("names"), _table("declared")


def _table(column: str) -> Hashes:
    try:
        with np.load(io.BytesIO(_data("tables.npz")), allow_pickle=False) as archive:
            return np.cumsum(archive[column], dtype=np.uint32)
    except DAMAGE as error:
        raise InputError(f"the table of known numbers cannot be read: {error}") from error


def _data(name: str) -> bytes:
    return (resources.files("simdetect") / "data" / "public" / name).read_bytes()
