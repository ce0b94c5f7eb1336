"""How common is this code in unrelated projects -> bits of surprise, token by token.

A model holds, for one language family, what at least three unrelated repository families share: normalised 3- and
4-grams with counts, names and literals with counts, and winnowed k-grams. What fewer families share is not
in it, so an original that went into a model, or that a few projects vendor, is not hidden by it. Counts are capped
by family, so one large project cannot set what is common.

File format `simdetect.background/1`: an .npz per language family of sorted uint32 hashes (the upper halves of 64-bit
ones; at 200,000 entries a wrong hit has probability 5e-5) and uint8 counts in eighths of log2. No source text.
"""

from __future__ import annotations

import hashlib
import io
import json
import tokenize
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from simdetect.errors import InputError
from simdetect.model import F64, U8, U64, Bool, TokenBits, TokenRole, TokenStream
from simdetect.tokens.grams import hash_kgrams

__all__ = [
    "DAMAGE",
    "FORMAT",
    "POOL",
    "Background",
    "in_common_runs",
    "is_member",
    "is_named",
    "load_background",
    "look_up",
    "pack_counts",
    "run_surprise",
    "text_surprise",
    "token_bits",
    "unpack",
    "unpack_counts",
    "unpack_tables",
    "upper",
]

FORMAT = "simdetect.background/1"
POOL = "pool"  # the model of all languages together, for those without their own

_MAX_STRUCTURE_BITS = 10.0
_MAX_NAME_BITS = 18.0
_UNSEEN_GRAM = 0.25  # smoothing: what an unseen continuation counts as, against _CONTEXT more of its context
_CONTEXT = 8.0
_NAME_MASS = 1e5  # smoothing: names not in the model share this many occurrences
_EIGHTHS = 8.0
# What a damaged file raises: zipfile, zlib, the tokenizer that numpy reads headers with (which may also ask for
# more memory than there is), and facts that are not a mapping.
DAMAGE = (
    *(ValueError, LookupError, TypeError, OSError, EOFError, RuntimeError, OverflowError, MemoryError),
    *(zipfile.BadZipFile, zlib.error, tokenize.TokenError, SyntaxError),
)

Hashes = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """One model. Each pair *_hash (n,) uint32 ascending, *_count (n,) float64; idiom is a set of hashes.

    four, three: normalised 4-grams and their contexts. name: texts of names and literals. idiom: winnowed k-grams of
    normalised tokens. n_names: capped occurrences of all names together. n_families: families that went in.
    id: what the file says it is. sha256: of its bytes, "" when it was not read from a file.
    """

    family: str
    four_hash: Hashes
    four_count: F64
    three_hash: Hashes
    three_count: F64
    name_hash: Hashes
    name_count: F64
    idiom: Hashes
    n_names: float
    n_families: int
    id: str
    sha256: str = ""


def token_bits(model: Background, tokens: TokenStream, k: int) -> TokenBits:
    """Surprise of every token under a model.

    structure: -log2 P(normalised token | the three before it), 0..10. name: -log2 of the frequency of a name's or
    literal's text, 0..18, 0 for syntax.
    """
    exact, normal, role = tokens.exact, tokens.normal, tokens.role
    structure, name = np.zeros(len(normal)), np.zeros(len(normal))
    structure[3:] = run_surprise(model, hash_kgrams(normal, 4), hash_kgrams(normal[:-1], 3))
    named = is_named(role)
    name[named] = text_surprise(model, exact[named])
    return TokenBits(structure, name, in_common_runs(model.idiom, normal, k))


def is_named(role: U8) -> Bool:
    """Which tokens have a text of their own, unlike syntax: (t,) bool. role: (t,) uint8."""
    named: Bool = (role == TokenRole.NAME) | (role == TokenRole.STRING) | (role == TokenRole.NUMBER)
    return named


def run_surprise(model: Background, four: U64, three: U64) -> F64:
    """Surprise of the last of four normalised tokens after the three before it, 0..10. four, three: (n,) uint64 hashes
    of the k-grams of four tokens, and of the first three of them."""
    count = look_up(model.four_hash, model.four_count, four)
    context = look_up(model.three_hash, model.three_count, three)
    surprise: F64 = np.clip(
        -np.log2((count + _UNSEEN_GRAM) / (np.maximum(context, count) + _CONTEXT)), 0, _MAX_STRUCTURE_BITS
    )
    return surprise


def text_surprise(model: Background, exact: U64) -> F64:
    """Surprise of names and literals by their texts, -log2 of the frequency, 0..18. exact: (n,) uint64."""
    seen = look_up(model.name_hash, model.name_count, exact)
    surprise: F64 = np.clip(np.log2((model.n_names + _NAME_MASS) / (seen + 1.0)), 0, _MAX_NAME_BITS)
    return surprise


def in_common_runs(table: Hashes, symbols: U64, k: int) -> Bool:
    """Symbols inside a k-gram that unrelated projects share: (n,) bool. table: hashes of such k-grams."""
    common = is_member(table, hash_kgrams(symbols, k))
    inside = np.zeros(len(symbols) + 1, np.int64)
    at = np.flatnonzero(common)
    np.add.at(inside, at, 1)
    np.add.at(inside, at + k, -1)
    covered: Bool = np.cumsum(inside)[:-1] > 0
    return covered


def is_member(table: Hashes, hashes: U64) -> Bool:
    """Which hashes the table holds."""
    keys = upper(hashes)
    at = np.minimum(np.searchsorted(table, keys), max(0, len(table) - 1))
    found: Bool = table[at] == keys if len(table) else np.zeros(len(keys), np.bool_)
    return found


def upper(hashes: U64) -> Hashes:
    """The upper half of each 64-bit hash."""
    return (hashes >> np.uint64(32)).astype(np.uint32)


def look_up(table: Hashes, count: F64, hashes: U64) -> F64:
    """The count of each hash, 0 for those that the table does not hold."""
    if not len(table):
        return np.zeros(len(hashes))
    keys = upper(hashes)
    at = np.minimum(np.searchsorted(table, keys), len(table) - 1)
    return np.where(table[at] == keys, count[at], 0.0)


def pack_counts(count: npt.NDArray[Any]) -> U8:
    """Counts of at least 1 as eighths of log2, rounded: a relative error of at most 4.5 %."""
    packed: U8 = np.clip(np.rint(np.log2(np.maximum(count, 1)) * _EIGHTHS), 0, 255).astype(np.uint8)
    return packed


def unpack_counts(packed: U8) -> F64:
    """The reverse of `pack_counts`."""
    return np.exp2(packed.astype(np.float64) / _EIGHTHS)


def load_background(family: str, folder: Path | None = None) -> Background:
    """The model of a language family, or the pooled one when it has none.

    folder: a user's own models instead of those shipped, read once a process. Raises InputError when a model is
    missing or damaged.
    """
    found = _load(family, folder) or _load(POOL, folder)
    if found is None:
        raise InputError(f"no background model for {family}, nor a pooled one, in {folder or 'the package'}")
    return found


@cache
def _load(family: str, folder: Path | None) -> Background | None:
    root = resources.files("simdetect") / "data" / "background" if folder is None else folder
    file = root / f"{family}.npz"
    if not file.is_file():
        return None
    try:
        return unpack(family, file.read_bytes())
    except DAMAGE as error:
        raise InputError(f"background model {file} cannot be read: {error}") from error


def unpack(family: str, data: bytes) -> Background:
    """The model in the bytes of a file. Raises one of `DAMAGE` if that is damaged."""
    facts, tables, counts = unpack_tables(data, ("four", "three", "name", "idiom"))
    return Background(
        family=family,
        four_hash=tables["four"],
        four_count=counts["four"],
        three_hash=tables["three"],
        three_count=counts["three"],
        name_hash=tables["name"],
        name_count=counts["name"],
        idiom=tables["idiom"],
        n_names=float(facts["n_names"]),
        n_families=int(facts["n_families"]),
        id=facts["id"],
        sha256=hashlib.sha256(data).hexdigest(),
    )


def unpack_tables(
    data: bytes, names: Sequence[str]
) -> tuple[Mapping[str, Any], Mapping[str, Hashes], Mapping[str, F64]]:
    """Facts, sorted hashes by table and counts by table (of those that count) in the bytes of a model file."""
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        stored = {name: archive[name] for name in archive.files}
    facts = json.loads(bytes(stored["facts"]).decode())
    if facts["format"] != FORMAT:
        raise ValueError(f"format {facts['format']!r} is not {FORMAT!r}")
    tables = {name: np.cumsum(stored[name], dtype=np.uint32) for name in names}
    counts = {name: unpack_counts(stored[f"{name}_count"]) for name in names if f"{name}_count" in stored}
    return facts, tables, counts
