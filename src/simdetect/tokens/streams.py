"""Tokens with roles -> TokenStream: the lower layer that the syntactic and the lexical stage share.

Not a stage: `normalize` and `lexical` both end here, so that one kind of stream comes out whatever went in.
Files come in batches of one language: numpy's cost per call is that of parsing 100 bytes, so small files are
laid end to end and go through every array operation together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress
from typing import Any

import numpy as np
import numpy.typing as npt

from simdetect.languages import LanguageSpec
from simdetect.model import LEAST_ENTRIES, U8, U64, Lists, Rewrites, SyntaxNodes, TokenRole, TokenStream, Units
from simdetect.model.arrays import ranges
from simdetect.tokens.neutral import neutral_symbols
from simdetect.tokens.symbols import NAME_SYMBOL, NUMBER_SYMBOL, STRING_SYMBOL, hash_spans, hash_text, is_among

__all__ = ["Index", "LeafBatch", "join", "streams", "unit_at"]

Index = npt.NDArray[np.int64]

_SYMBOL_BY_ROLE = np.array([0, NAME_SYMBOL, STRING_SYMBOL, NUMBER_SYMBOL, 0, 0], np.uint64)
_NO_SPANS = np.zeros(0, np.uint32)


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
    symbol = hash_spans(_one_quote(batch) if spec.same_quotes else batch.text, batch.start, batch.end)
    all_roles = _retag(batch, symbol, spec, words)
    is_comment = all_roles == TokenRole.COMMENT
    kept = ~(is_comment | (all_roles == TokenRole.LAYOUT))
    for text in spec.optional:
        kept &= symbol != hash_text(text.encode())
    code, comments = np.flatnonzero(kept), np.flatnonzero(is_comment)
    exact, role = symbol[code], all_roles[code]
    normal = _normal_symbols(batch, code, exact, role, spec)
    neutral = neutral_symbols(batch.text, batch.start[code], batch.end[code], role, exact)
    code_start, code_end, code_cut = _local(batch, code)
    note_start, note_end, note_cut = _local(batch, comments)
    note = symbol[comments]
    units = _units(nodes, batch.offset, batch.start[code])
    lists = _lists(nodes, batch.offset, batch.start[code])
    found = []
    for i in range(len(batch.offset) - 1):
        own, notes = slice(code_cut[i], code_cut[i + 1]), slice(note_cut[i], note_cut[i + 1])
        size = int(batch.offset[i + 1] - batch.offset[i]) - 1
        rewrites = nodes[i].rewrites if nodes is not None else None
        found.append(
            TokenStream(
                exact=exact[own],
                normal=normal[own],
                role=role[own],
                start=code_start[own],
                end=code_end[own],
                comment=note[notes],
                comment_start=note_start[notes],
                comment_end=note_end[notes],
                units=units[i],
                error_share=0.0 if nodes is None else min(1.0, nodes[i].error_bytes / max(1, size)),
                degraded=degraded,
                neutral=neutral[own],
                lists=lists[i],
                **({} if rewrites is None else _canonical(rewrites, code_start[own], exact[own])),
            )
        )
    return found


def unit_at(tokens: TokenStream) -> Index:
    """The innermost unit that each token is in, -1 outside of all: (t,) int64."""
    at = np.full(len(tokens), -1, np.int64)
    for i, (start, end) in enumerate(zip(tokens.units.start.tolist(), tokens.units.end.tolist(), strict=True)):
        at[start:end] = i  # preorder: inner units come later
    return at


def _canonical(rewrites: Rewrites, start: npt.NDArray[np.uint32], exact: U64) -> dict[str, npt.NDArray[Any]]:
    """The fields of a `TokenStream` that are its canonical form. start: (t,) bytes where the file's tokens start;
    exact: (t,) their symbols."""
    n = len(start)
    odd = rewrites.symbol != 0
    holds = np.maximum(np.searchsorted(start, rewrites.start, "right") - 1, 0)
    first = np.where(odd, holds, np.searchsorted(start, rewrites.start)).astype(np.int64)
    last = np.where(odd, first + 1, np.searchsorted(start, rewrites.end))
    last = np.minimum(last, n)
    length = np.maximum(last - first, 0)
    at = ranges(first, length)
    piece = np.repeat(np.arange(len(length)), length)
    steps = np.zeros(n + 1, np.int64)
    np.add.at(steps, np.searchsorted(start, rewrites.drop_start), 1)
    np.add.at(steps, np.searchsorted(start, rewrites.drop_end), -1)
    is_odd = odd[piece]
    stays = (np.cumsum(steps)[:-1] == 0) & ~is_among(exact, rewrites.dropped)
    kept = is_odd | stays[at]
    at, piece, is_odd = at[kept], piece[kept], is_odd[kept]
    opens = np.ones(len(at), np.bool_)
    opens[1:] = (at[1:] != at[:-1] + 1) | is_odd[1:] | is_odd[:-1]
    head = np.flatnonzero(opens)
    closing = at[np.append(head[1:], len(at)) - 1] + 1 if len(at) else at
    places = np.flatnonzero(is_odd)
    if not len(places) and len(head) == 1 and len(at) == n:
        return {}
    return {
        "run_start": at[head].astype(np.uint32),
        "run_end": closing.astype(np.uint32),
        "odd": places.astype(np.uint32),
        "odd_symbol": rewrites.symbol[piece[places]],
    }


def _one_quote(batch: LeafBatch) -> bytes:
    """The text with strings in single quotes, where nothing inside them would have to be written in another way."""
    text = np.frombuffer(batch.text, np.uint8)
    at = np.flatnonzero((batch.role == TokenRole.STRING) & (batch.end - batch.start >= 2))
    start, end = batch.start[at], batch.end[at]
    special = np.append(0, np.cumsum((text == ord("'")) | (text == ord('"')) | (text == ord("\\"))))
    plain = (text[start] == ord('"')) & (text[end - 1] == ord('"')) & (special[end - 1] == special[start + 1])
    if not plain.any():
        return batch.text
    text = text.copy()
    text[start[plain]] = text[end[plain] - 1] = ord("'")
    return text.tobytes()


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


def _local(batch: LeafBatch, chosen: Index) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32], list[int]]:
    """Starts and ends of the chosen tokens relative to their files, and where each file begins among them."""
    start = batch.start[chosen]
    cut = np.searchsorted(start, batch.offset)
    shift = np.repeat(batch.offset[:-1], np.diff(cut))
    return (start - shift).astype(np.uint32), (batch.end[chosen] - shift).astype(np.uint32), cut.tolist()


def _normal_symbols(batch: LeafBatch, code: Index, exact: U64, role: U8, spec: LanguageSpec) -> U64:
    normal = _SYMBOL_BY_ROLE[role]
    syntax = role == TokenRole.SYNTAX
    if not spec.fold_case:
        np.copyto(normal, exact, where=syntax)
        return normal
    at = code[syntax]
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
