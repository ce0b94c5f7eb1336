"""Tokens with roles -> TokenStream: the lower layer that the syntactic and the lexical stage share.

Not a stage: `normalize` and `lexical` both end here, so that one kind of stream comes out whatever went in.
Files come in batches of one language: numpy's cost per call is that of parsing 100 bytes, so small files are
laid end to end and go through every array operation together.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import compress, pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from simdetect.languages import LanguageSpec
from simdetect.model import (
    LEAST_ENTRIES,
    U8,
    U32,
    U64,
    Bool,
    Lists,
    SyntaxNodes,
    TokenRole,
    TokenStream,
    Units,
)
from simdetect.tokens.canonical_runs import canonical_runs
from simdetect.tokens.neutral import neutral_symbols
from simdetect.tokens.symbols import NAME_SYMBOL, NUMBER_SYMBOL, STRING_SYMBOL, hash_spans, hash_text

__all__ = ["Index", "LeafBatch", "join", "streams", "unit_at"]

Index = npt.NDArray[np.int64]

_SYMBOL_BY_ROLE = np.array([0, NAME_SYMBOL, STRING_SYMBOL, NUMBER_SYMBOL, 0, 0], np.uint64)
_NO_SPANS = np.zeros(0, np.uint32)
_HIGH = 0x80
_IS_SPECIAL = bytes(chr(byte) in "'\"\\" for byte in range(256))
_MOST_NAMES = 4096  # with letters beyond ASCII that are remembered


@dataclass(frozen=True, slots=True, eq=False)
class LeafBatch:
    """Leaves of several files laid end to end.

    text: the contents joined with one byte between. offset: (m + 1,) where each file starts in text.
    role: (n,) uint8. start, end: (n,) int64 spans of text, ascending.
    """

    text: bytes
    offset: Index
    role: U8
    start: Index
    end: Index


def join(contents: Sequence[bytes]) -> tuple[bytes, Index]:
    """Lay contents end to end, a newline after each. Returns the text and (m + 1,) where each starts in it."""
    offset = np.zeros(len(contents) + 1, np.int64)
    np.cumsum([len(content) + 1 for content in contents], out=offset[1:])
    return b"\n".join(contents) + b"\n", offset


def streams(
    batch: LeafBatch,
    spec: LanguageSpec,
    nodes: Sequence[SyntaxNodes] | None = None,
    degraded: str | None = None,
    words: Mapping[bytes, TokenRole] | None = None,
) -> list[TokenStream]:
    """Build the streams of a batch of tokens with roles.

    nodes: for units and error shares, where there are trees. words: names that are keywords or constants; by
    default those that the row reserves.
    """
    symbol = _symbols(batch, spec)
    roles = _retag(batch, symbol, spec, words)
    code = _columns(batch, np.flatnonzero(_is_code(symbol, roles, spec)), symbol, roles)
    comments = _columns(batch, np.flatnonzero(roles == TokenRole.COMMENT), symbol, roles)
    normal = _normal_symbols(batch, code, spec)
    neutral = neutral_symbols(batch.text, batch.start[code.at], batch.end[code.at], code.role, code.exact)
    where = nodes, batch.offset, batch.start[code.at]
    found_in = zip(_units(*where), _lists(*where), _imports(*where), strict=True)
    spans = [{"units": units, "lists": lists, **imports} for units, lists, imports in found_in]
    found = []
    for i, (part, notes) in enumerate(zip(code.files(), comments.files(), strict=True)):
        found.append(
            TokenStream(
                exact=code.exact[part],
                normal=normal[part],
                role=code.role[part],
                start=code.start[part],
                end=code.end[part],
                comment=comments.exact[notes],
                comment_start=comments.start[notes],
                comment_end=comments.end[notes],
                degraded=degraded,
                neutral=neutral[part],
                **spans[i],
                **_of_tree(batch, i, spec, nodes, code.start[part], code.exact[part]),
            )
        )
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    """Some of the tokens of a batch. at: (n,) int64, which. exact, role: their symbols and roles. start, end: (n,)
    uint32 bytes relative to their files. cut: where each file begins among them, and the last one ends."""

    at: Index
    exact: U64
    role: U8
    start: U32
    end: U32
    cut: list[int]

    def files(self) -> list[slice]:
        """The part of each file."""
        return [slice(*part) for part in pairwise(self.cut)]


def _columns(batch: LeafBatch, at: Index, symbol: U64, roles: U8) -> _Columns:
    cut = np.searchsorted(batch.start[at], batch.offset)
    shift = np.repeat(batch.offset[:-1], np.diff(cut))
    start, end = ((values[at] - shift).astype(np.uint32) for values in (batch.start, batch.end))
    return _Columns(at, symbol[at], roles[at], start, end, cut.tolist())


def _is_code(symbol: U64, roles: U8, spec: LanguageSpec) -> Bool:
    """Which tokens are neither comments nor layout nor what formatting may add or drop."""
    found: Bool = (roles != TokenRole.COMMENT) & (roles != TokenRole.LAYOUT)
    for text in spec.optional:
        found &= symbol != hash_text(text.encode())
    return found


def _of_tree(
    batch: LeafBatch, file: int, spec: LanguageSpec, nodes: Sequence[SyntaxNodes] | None, start: U32, exact: U64
) -> dict[str, Any]:
    """The fields of a `TokenStream` that only a tree has: the share of errors and the canonical form."""
    if nodes is None:
        return {"error_share": 0.0}
    tree, size = nodes[file], int(batch.offset[file + 1] - batch.offset[file]) - 1
    form = {} if tree.rewrites is None else canonical_runs(tree.rewrites, start, exact)
    has_form = spec.rewrites is None or tree.rewrites is not None
    return {"error_share": min(1.0, tree.error_bytes / max(1, size)), "has_form": has_form, **form}


def unit_at(tokens: TokenStream) -> Index:
    """The innermost unit that each token is in, -1 outside of all: (t,) int64."""
    at = np.full(len(tokens), -1, np.int64)
    for i, (start, end) in enumerate(zip(tokens.units.start.tolist(), tokens.units.end.tolist(), strict=True)):
        at[start:end] = i  # preorder: inner units come later
    return at


def _one_quote(batch: LeafBatch) -> bytes:
    """The text with strings in single quotes, where nothing inside them would have to be written in another way."""
    text = np.frombuffer(batch.text, np.uint8)
    at = np.flatnonzero((batch.role == TokenRole.STRING) & (batch.end - batch.start >= 2))
    start, end = batch.start[at], batch.end[at]
    special = np.flatnonzero(np.frombuffer(batch.text.translate(_IS_SPECIAL), np.bool_))
    inside = np.searchsorted(special, end - 1) - np.searchsorted(special, start + 1)
    plain = (text[start] == ord('"')) & (text[end - 1] == ord('"')) & (inside == 0)
    if not plain.any():
        return batch.text
    text = text.copy()
    text[start[plain]] = text[end[plain] - 1] = ord("'")
    return text.tobytes()


def _symbols(batch: LeafBatch, spec: LanguageSpec) -> U64:
    """Symbols of texts, of names in one form of Unicode: "é" is one character or two, and compilers do not care."""
    symbol = hash_spans(_one_quote(batch) if spec.same_quotes else batch.text, batch.start, batch.end)
    if batch.text.isascii():
        return symbol
    at = _with_high_bytes(batch, np.flatnonzero(batch.role == TokenRole.NAME))
    for i, start, end in zip(at.tolist(), batch.start[at].tolist(), batch.end[at].tolist(), strict=True):
        symbol[i] = _symbol_of_name(batch.text[start:end], spec.name_form) or symbol[i]
    return symbol


def _with_high_bytes(batch: LeafBatch, tokens: Index) -> Index:
    """Those of some tokens that have a byte beyond ASCII."""
    high = np.flatnonzero(np.frombuffer(batch.text, np.uint8) >= _HIGH)
    first, behind = (np.searchsorted(high, places[tokens]) for places in (batch.start, batch.end))
    return tokens[behind > first]


@lru_cache(_MOST_NAMES)
def _symbol_of_name(name: bytes, form: Literal["NFC", "NFKC"]) -> int:
    """The symbol of a name in a form of Unicode, 0 when it has that form."""
    text = name.decode("utf-8", "replace")
    if unicodedata.is_normalized(form, text):
        return 0
    return int(hash_text(unicodedata.normalize(form, text).encode()))


def _retag(batch: LeafBatch, symbol: U64, spec: LanguageSpec, words: Mapping[bytes, TokenRole] | None) -> U8:
    """Roles with keywords and constants told from names."""
    known = _hashed_words(tuple(sorted(words.items()))) if words is not None else _reserved_words(spec)
    if not len(known[0]):
        return batch.role
    names = np.flatnonzero(batch.role == TokenRole.NAME)
    looked_up = (
        hash_spans(batch.text.lower(), batch.start[names], batch.end[names]) if spec.fold_case else symbol[names]
    )
    at = np.minimum(np.searchsorted(known[0], looked_up), len(known[0]) - 1)
    is_known = known[0][at] == looked_up
    role = batch.role.copy()
    role[names[is_known]] = known[1][at[is_known]]
    return role


@cache
def _hashed_words(words: tuple[tuple[bytes, TokenRole], ...]) -> tuple[U64, U8]:
    """Hashes of words, ascending, and their roles."""
    hashes = np.array([hash_text(word) for word, _ in words], np.uint64)
    order = np.argsort(hashes)
    return hashes[order], np.array([role for _, role in words], np.uint8)[order]


@cache
def _reserved_by_name(
    reserved: frozenset[str], constants: frozenset[str], fold_case: bool
) -> tuple[tuple[bytes, TokenRole], ...]:
    tagged = [(word, TokenRole.SYNTAX) for word in reserved] + [(word, TokenRole.NUMBER) for word in constants]
    return tuple(sorted(((word.lower() if fold_case else word).encode(), role) for word, role in tagged))


def _reserved_words(spec: LanguageSpec) -> tuple[U64, U8]:
    return _hashed_words(_reserved_by_name(spec.reserved, spec.constants, spec.fold_case))


def _normal_symbols(batch: LeafBatch, code: _Columns, spec: LanguageSpec) -> U64:
    normal = _SYMBOL_BY_ROLE[code.role]
    syntax = code.role == TokenRole.SYNTAX
    if not spec.fold_case:
        np.copyto(normal, code.exact, where=syntax)
        return normal
    at = code.at[syntax]
    normal[syntax] = hash_spans(batch.text.lower(), batch.start[at], batch.end[at])
    return normal


def _units(nodes: Sequence[SyntaxNodes] | None, offset: Index, code: Index) -> list[Units]:
    """Units of every file in tokens. code: (t,) start of each code token in the batch's text."""
    if nodes is None:
        return [Units((), (), _NO_SPANS, _NO_SPANS)] * (len(offset) - 1)
    counts = [len(n.unit_kind) for n in nodes]
    shift = np.repeat(offset[:-1], counts)
    first = np.searchsorted(code, np.concatenate([n.unit_start for n in nodes]) + shift)
    last = np.searchsorted(code, np.concatenate([n.unit_end for n in nodes]) + shift)
    base = np.searchsorted(code, offset[:-1])
    cut = np.concatenate([[0], np.cumsum(counts)]).tolist()
    found = []
    for i, n in enumerate(nodes):
        start = (first[cut[i] : cut[i + 1]] - base[i]).astype(np.uint32)
        end = (last[cut[i] : cut[i + 1]] - base[i]).astype(np.uint32)
        kind, name = n.unit_kind, n.unit_name
        if not (full := end > start).all():
            kind, name = tuple(compress(kind, full)), tuple(compress(name, full))
            start, end = start[full], end[full]
        found.append(Units(kind, name, start, end))
    return found


def _imports(nodes: Sequence[SyntaxNodes] | None, offset: Index, code: Index) -> list[dict[str, Any]]:
    """Imports of every file in tokens, as `_units`, without those that have no token."""
    if nodes is None:
        return [{}] * (len(offset) - 1)
    base = np.searchsorted(code, offset[:-1])
    found = []
    for n, shift, back in zip(nodes, offset.tolist(), base.tolist(), strict=False):
        start, end = (np.searchsorted(code, at + np.int64(shift)) - back for at in (n.import_start, n.import_end))
        full = end > start
        found.append({"import_start": start[full].astype(np.uint32), "import_end": end[full].astype(np.uint32)})
    return found


def _lists(nodes: Sequence[SyntaxNodes] | None, offset: Index, code: Index) -> list[Lists]:
    """Lists of every file in tokens, as `_units`, without entries that have no token and lists that are then short."""
    if nodes is None:
        return [Lists()] * (len(offset) - 1)
    counts = [len(n.entry_start) for n in nodes]
    base = np.searchsorted(code, offset[:-1])
    shift, back = np.repeat(offset[:-1], counts), np.repeat(base, counts)
    first = np.searchsorted(code, np.concatenate([n.entry_start for n in nodes]) + shift) - back
    last = np.searchsorted(code, np.concatenate([n.entry_end for n in nodes]) + shift) - back
    cut = np.concatenate([[0], np.cumsum(counts)]).tolist()
    return [_full_lists(n, first[cut[i] : cut[i + 1]], last[cut[i] : cut[i + 1]]) for i, n in enumerate(nodes)]


def _full_lists(nodes: SyntaxNodes, start: Index, end: Index) -> Lists:
    number = np.repeat(np.arange(len(nodes.list_kind)), nodes.list_size)
    full = end > start
    size = np.bincount(number[full], minlength=len(nodes.list_kind))
    kept = full & (size >= LEAST_ENTRIES)[number] if len(number) else full
    return Lists(
        nodes.list_kind[size >= LEAST_ENTRIES],
        size[size >= LEAST_ENTRIES].astype(np.uint32),
        start[kept].astype(np.uint32),
        end[kept].astype(np.uint32),
    )
