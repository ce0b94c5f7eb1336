"""SyntaxNodes -> TokenStream: exact and normalised symbols, comments apart, units in tokens.

Files come in batches of one language: numpy's cost per call is that of parsing 100 bytes, so small files are
laid end to end and go through every array operation together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
import numpy.typing as npt

from simdetect.languages import LanguageSpec
from simdetect.languages.grammar import load_grammar
from simdetect.model import U8, U16, U64, Bool, SyntaxNodes, TokenRole, TokenStream, Units
from simdetect.symbols import NAME_SYMBOL, NUMBER_SYMBOL, STRING_SYMBOL, hash_spans, hash_text

__all__ = ["LeafBatch", "normalize", "streams"]

Index = npt.NDArray[np.int64]

_SYMBOL_BY_ROLE = np.array([0, NAME_SYMBOL, STRING_SYMBOL, NUMBER_SYMBOL, 0, 0], np.uint64)
_SPACE = bytes(byte in b" \t\n\r\f\v\0" for byte in range(256))
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


def normalize(nodes: Sequence[SyntaxNodes], contents: Sequence[bytes], language: str) -> list[TokenStream]:
    """Turn the leaves of trees into token streams, one a file, in order.

    A string literal becomes one token (delimiters, content and escapes joined; interpolated code stays apart); white
    space and tokens that formatting may add or drop leave the stream; comments are kept beside it.
    Raises ValueError when the language has no grammar.
    """
    grammar = load_grammar(language)
    if grammar is None:
        raise ValueError(f"{language} has no grammar")
    text, offset = _join(contents)
    counts = np.array([len(n.kind) for n in nodes])
    kind = np.concatenate([n.kind for n in nodes])
    start = np.concatenate([n.start for n in nodes]) + np.repeat(offset[:-1], counts)
    end = _leaf_ends(text, start, offset, counts)
    seen = np.flatnonzero(end > start)  # empty leaves: missing tokens and layout
    kind, start, end = kind[seen], start[seen], end[seen]
    role = grammar.role[kind]
    batch = LeafBatch(text, offset, *_join_strings(role, start, end, grammar.is_quote, kind))
    return streams(batch, grammar.spec, nodes)


def streams(
    batch: LeafBatch,
    spec: LanguageSpec,
    nodes: Sequence[SyntaxNodes] | None = None,
    degraded: str | None = None,
) -> list[TokenStream]:
    """Build the streams of a batch of tokens with roles. nodes: for units and error shares, where there are trees."""
    symbol = hash_spans(batch.text, batch.start, batch.end)
    is_comment = batch.role == TokenRole.COMMENT
    kept = ~(is_comment | (batch.role == TokenRole.LAYOUT))
    for text in spec.optional:
        kept &= symbol != hash_text(text.encode())
    code, comments = np.flatnonzero(kept), np.flatnonzero(is_comment)
    exact, role = symbol[code], batch.role[code]
    normal = _normal_symbols(batch, code, exact, role, spec)
    code_start, code_end, code_cut = _local(batch, code)
    note_start, note_end, note_cut = _local(batch, comments)
    note = symbol[comments]
    units = _units(nodes, batch.offset, batch.start[code])
    found = []
    for i in range(len(batch.offset) - 1):
        own, notes = slice(code_cut[i], code_cut[i + 1]), slice(note_cut[i], note_cut[i + 1])
        size = int(batch.offset[i + 1] - batch.offset[i]) - 1
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
            )
        )
    return found


def _join(contents: Sequence[bytes]) -> tuple[bytes, Index]:
    offset = np.zeros(len(contents) + 1, np.int64)
    np.cumsum([len(content) + 1 for content in contents], out=offset[1:])
    return b"\n".join(contents) + b"\n", offset


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


def _leaf_ends(text: bytes, start: Index, offset: Index, counts: Index) -> Index:
    """End of each leaf: after the last byte that is not white space before the next leaf of its file."""
    end = np.empty_like(start)
    end[:-1] = start[1:]
    last = np.cumsum(counts) - 1
    end[last[counts > 0]] = offset[1:][counts > 0] - 1
    return _trim(text, end)


def _trim(text: bytes, end: Index) -> Index:
    """Move ends back to the start of the run of white space that they close, if any. Ends are ascending, in place."""
    space = np.frombuffer(text.translate(_SPACE), np.bool_)
    if b"\\" in text:  # one that continues a line is white space, or reflowing a macro would change its tokens
        space = _with_continuations(text, space)
    opens = space.copy()
    opens[1:] &= ~space[:-1]
    run = np.flatnonzero(opens)
    closing = np.flatnonzero(space[end - 1] & (end > 0))
    end[closing] = run[np.searchsorted(run, end[closing] - 1, "right") - 1]
    return end


def _with_continuations(text: bytes, space: Bool) -> Bool:
    data = np.frombuffer(text, np.uint8)
    at = np.flatnonzero(data[:-1] == ord("\\"))
    after = data[at + 1]
    space = space.copy()
    space[at[(after == ord("\n")) | (after == ord("\r"))]] = True
    return space


def _join_strings(role: U8, start: Index, end: Index, is_quote: Bool, kind: U16) -> tuple[U8, Index, Index]:
    """Join adjacent leaves of one literal. A literal ends at every second delimiter of a run of string leaves."""
    string = np.flatnonzero(role == TokenRole.STRING)
    if len(string) < 2:
        return role, start, end
    joined = np.zeros(len(string), np.bool_)
    joined[1:] = (string[1:] == string[:-1] + 1) & (end[string[:-1]] == start[string[1:]])
    quote = is_quote[kind[string]]
    n_quotes = np.cumsum(quote)
    first = np.maximum.accumulate(np.where(joined, 0, np.arange(len(string))))
    inside = n_quotes - n_quotes[first] + quote[first]
    joined[1:] &= ~(quote & (inside % 2 == 0) & (inside > 0))[:-1]
    heads = np.flatnonzero(~joined)
    tails = np.append(heads[1:], len(string)) - 1
    end[string[heads]] = end[string[tails]]
    keep = np.ones(len(role), np.bool_)
    keep[string[joined]] = False
    return role[keep], start[keep], end[keep]


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
