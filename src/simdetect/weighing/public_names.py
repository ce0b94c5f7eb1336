"""Names that standard libraries and widely used packages export: whoever uses them writes them, so they say nothing.

The table is made by `scripts/build_public_names.py` from exported declarations, and keeps with each name the *families*
that export it: what one project publishes. The original's own family makes none of its names public: jq, Lua and lz4
are in every distribution, and who writes their functions from memory is just who is looked for. Which families an
original is, its content says and not what somebody called its folder: it *declares* what they export (`own_families`).

A name counts in the languages of its package's kind. Those of the system's interfaces and of toolkits, which are in C,
count everywhere: programs in other languages declare them by hand. Other libraries in C do not: among their names are
most English words, and that one of them exports `users` says nothing about a program in Rust.

File format `simdetect.public-names/1`: an .npz, not compressed because every scan reads it, of sorted uint32 hashes (as
of `background`) as uint16 gaps, those that are longer apart, a uint16 number of a family for each, and the names of
the families. 620,000 names hold another by chance once in 6,900.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

import numpy as np

from simdetect.errors import InputError
from simdetect.model import (
    F64,
    I64,
    LIST_KINDS,
    U16,
    U64,
    AnalysedFile,
    AnalysedTree,
    FileRole,
    TokenBits,
    TokenRole,
    TokenStream,
    ranges,
    sorted_distinct,
)
from simdetect.tokens.symbols import hash_spans
from simdetect.weighing.background import DAMAGE, Hashes, is_member, upper

__all__ = ["FORMAT", "PublicIn", "PublicNames", "load_public_names", "no_names", "own_families", "public_bits"]

PublicIn = Callable[[str], Hashes]  # names that count in a language family

FORMAT = "simdetect.public-names/1"

_C = "c"
_SYSTEM = frozenset(
    {
        "c:glib2.0",
        "c:glibc",
        "c:gtk+2.0",
        "c:gtk+3.0",
        "c:gtk4",
        "c:libc",
        "c:libsdl1.2",
        "c:libsdl2",
        "c:libx11",
        "c:libxt",
        "c:linux",
        "c:motif",
        "c:ncurses",
        "c:predefined",
        "c:slang2",
        "c:winapi",
    }
)
_KIND_OF_FAMILY: Mapping[str, str] = {
    "python": "python",
    "go": "go",
    "rust": "rust",
    "java": "jvm",
    "kotlin": "jvm",
    "scala": "jvm",
    "groovy": "jvm",
    "javascript": "web",
    "c": _C,
    "objective-c": _C,
}
# Of what a package exports, an original that is the package declares a good part; one that uses it declares little.
_OWN_SHARE = 0.25
_LEAST_OWN = 12  # names; tiny packages would otherwise belong to whoever happens to have their few names
_OWN_CODE = (FileRole.SOURCE, FileRole.TEST)
_NAMING = [LIST_KINDS.index(kind) for kind in ("fields", "members")]


@dataclass(frozen=True, slots=True, eq=False)
class PublicNames:
    """The table. hash: (n,) uint32 ascending; a name of several families has several rows. family: (n,) uint16 numbers.
    families: "kind:name" of each number. sha256: of the file."""

    hash: Hashes
    family: U16
    families: Sequence[str]
    sha256: str = ""

    def without(self, left_out: Collection[str], language: str) -> Hashes:
        """Hashes of the names that count in a language family: (m,) uint32 ascending. left_out: families, as in
        `families`; others that have a name keep it public."""
        return _without(self, frozenset(left_out), _KIND_OF_FAMILY.get(language, language))

    def called(self, repositories: Collection[str]) -> tuple[str, ...]:
        """Families that go by the name of one of these repositories, "owner/name": for evaluation, which leaves out
        those of both sides."""
        wanted = {_plain(part) for repository in repositories for part in repository.split("/")[-1:]}
        return tuple(name for name in self.families if wanted & set(map(_plain, name.partition(":")[2].split("/"))))

    def sizes(self) -> I64:
        """Names of each family: (f,) int64."""
        return _sizes(self)

    def held(self, symbols: U64) -> I64:
        """How many of its names a set of symbols has, by family: (f,) int64. symbols: (s,) uint64, distinct."""
        own = sorted_distinct(upper(symbols))
        low, high = np.searchsorted(self.hash, own, "left"), np.searchsorted(self.hash, own, "right")
        rows = ranges(low, high - low)
        return np.bincount(self.family[rows], minlength=len(self.families)).astype(np.int64)


@lru_cache(4)
def _sizes(names: PublicNames) -> I64:
    sizes: I64 = np.bincount(names.family, minlength=len(names.families)).astype(np.int64)
    sizes.setflags(write=False)
    return sizes


@lru_cache(16)
def _without(names: PublicNames, left_out: frozenset[str], kind: str) -> Hashes:
    """As `PublicNames.without`: many languages have one kind."""
    counts = [(name in _SYSTEM or name.partition(":")[0] == kind) and name not in left_out for name in names.families]
    return names.hash[np.array(counts, np.bool_)[names.family]]


def _plain(name: str) -> str:
    """A name without version, case and punctuation: "lua5.4" is "lua", "gtk+3.0" is "gtk"."""
    return re.sub(r"[\d.+_-]+", "", name.casefold())


def public_bits(table: Hashes, tokens: TokenStream, bits: TokenBits) -> F64:
    """Bits of the names of a file that are public: (t,) float64, 0 of all other tokens. table: of its language, from
    `PublicNames.without`."""
    found = np.zeros(len(tokens))
    at = np.flatnonzero((tokens.role == TokenRole.NAME) & (bits.name > 0))
    at = at[is_member(table, tokens.exact[at])]
    found[at] = bits.name[at]
    return found


def no_names(_: str) -> Hashes:
    """A table for each language family that holds nothing."""
    return np.zeros(0, np.uint32)


def own_families(names: PublicNames, tree: AnalysedTree) -> tuple[str, ...]:
    """The families that an original is, by their names: it declares a good part of what they export."""
    if tree.own is not None:
        return tree.own
    held, size = names.held(_declared(tree.files)), names.sizes()
    own = np.flatnonzero((held >= _LEAST_OWN) & (held >= _OWN_SHARE * size))
    return tuple(names.families[number] for number in own.tolist())


def _declared(files: Sequence[AnalysedFile]) -> U64:
    """What the code of a project declares: functions, types, macros, fields and members: (s,) uint64, distinct."""
    parts = [_declared_in(file.tokens) for file in files if file.role in _OWN_CODE]
    names = sorted({name for file in files if file.role in _OWN_CODE for name in file.tokens.units.name})
    text = [name.encode() for name in names]
    end = np.cumsum([len(name) for name in text], dtype=np.int64)
    units = hash_spans(b"".join(text), end - np.array([len(name) for name in text], np.int64), end)
    return sorted_distinct(np.concatenate([units, *parts]))


def _declared_in(tokens: TokenStream) -> U64:
    """Fields and members: entries of lists that are one name."""
    lists = tokens.lists
    named = np.isin(lists.kind, _NAMING)
    entry = np.repeat(named, lists.size)
    single = np.flatnonzero(entry & (lists.end == lists.start + 1) & (tokens.role[lists.start] == TokenRole.NAME))
    return tokens.exact[lists.start[single]]


@cache
def load_public_names(folder: Path | None = None) -> PublicNames:
    """The shipped table, or that of a folder; read once a process. Raises InputError when it is damaged."""
    root = resources.files("simdetect") / "data" / "public" if folder is None else folder
    file = root / "names.npz"
    try:
        return _unpack(file.read_bytes())
    except DAMAGE as error:
        raise InputError(f"the table of public names {file} cannot be read: {error}") from error


def _unpack(data: bytes) -> PublicNames:
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        facts = json.loads(bytes(archive["facts"]).decode())
        gap, family = archive["gap"].astype(np.uint32), archive["family"]
        gap[archive["long"]] = archive["long_gap"]
    if facts["format"] != FORMAT:
        raise ValueError(f"format {facts['format']!r} is not {FORMAT!r}")
    if len(gap) != len(family) or (len(family) and int(family.max()) >= len(facts["families"])):
        raise ValueError("families that are not there")
    return PublicNames(np.cumsum(gap, dtype=np.uint32), family, facts["families"], hashlib.sha256(data).hexdigest())
