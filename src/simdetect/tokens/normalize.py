"""SyntaxNodes -> TokenStream: exact and normalised symbols, comments apart, units in tokens.

What a grammar leaves odd is put right here on arrays: where leaves end, literals and comments of several leaves,
leaves that hold code of their own. `streams` makes the streams.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from simdetect.languages.grammar import Grammar, load_grammar
from simdetect.languages.lexer import load_lexer
from simdetect.model import U8, U16, Bool, SyntaxNodes, TokenRole, TokenStream
from simdetect.tokens.streams import Index, LeafBatch, join, streams

__all__ = ["normalize"]

_SPACE = bytes(byte in b" \t\n\r\f\v\0" for byte in range(256))


@dataclass(frozen=True, slots=True, eq=False)
class _Leaves:
    """The leaves of several trees, laid end to end as in `LeafBatch`: (n,) each; the stages put them right in place.

    kind: uint16 ids. quote: whether a leaf opens or closes a literal.
    """

    grammar: Grammar
    text: bytes
    offset: Index
    kind: U16
    role: U8
    quote: Bool
    start: Index
    end: Index

    def take(self, chosen: Index | Bool) -> _Leaves:
        """Some of the leaves, in a given order."""
        return replace(
            self,
            kind=self.kind[chosen],
            role=self.role[chosen],
            quote=self.quote[chosen],
            start=self.start[chosen],
            end=self.end[chosen],
        )

    def share_file(self, one: Index, two: Index) -> Bool:
        """Which pairs of leaves lie in one file: an unclosed string must not go on in the next file of the batch."""
        first, second = (np.searchsorted(self.offset, self.start[leaf], "right") for leaf in (one, two))
        found: Bool = first == second
        return found


def normalize(nodes: Sequence[SyntaxNodes], contents: Sequence[bytes], language: str) -> list[TokenStream]:
    """Turn the leaves of trees into token streams, one a file, in order.

    A string literal becomes one token (delimiters, content and escapes joined; interpolated code stays apart); white
    space and tokens that formatting may add or drop leave the stream; comments are kept beside it.
    Raises ValueError when the language has no grammar.
    """
    grammar = load_grammar(language)
    if grammar is None:
        raise ValueError(f"{language} has no grammar")
    text, offset = join(contents)
    counts = np.array([len(n.kind) for n in nodes])
    kind = np.concatenate([n.kind for n in nodes])
    start = np.concatenate([n.start for n in nodes]) + np.repeat(offset[:-1], counts)
    end = _leaf_ends(text, start, offset, counts)
    leaves = _Leaves(grammar, text, offset, kind, grammar.role[kind], grammar.is_quote[kind], start, end)
    leaves = leaves.take(np.flatnonzero(end > start))  # empty leaves: missing tokens and layout
    _settle_literals(leaves)
    _close_fences(leaves)
    return streams(_look_into(_join_strings(leaves)), grammar.spec, nodes)


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


def _settle_literals(leaves: _Leaves) -> None:
    """Roles of the kinds that hold strings and numbers alike, by their first byte, in place."""
    if not leaves.grammar.spec.literals:
        return
    at = np.flatnonzero(leaves.grammar.is_literal[leaves.kind])
    first = np.frombuffer(leaves.text, np.uint8)[leaves.start[at]]
    is_number = ((first >= ord("0")) & (first <= ord("9"))) | (first == ord(".")) | (first == ord("-"))
    leaves.role[at] = np.where(is_number, TokenRole.NUMBER, TokenRole.STRING)


def _close_fences(leaves: _Leaves) -> None:
    """Make the fences that touch fenced content ("/" of a regex) part of the literal, in place."""
    grammar, kind, role = leaves.grammar, leaves.kind, leaves.role
    if not grammar.spec.fenced:
        return
    fence, inside = grammar.is_fence[kind], grammar.is_fenced[kind]
    touches = leaves.end[:-1] == leaves.start[1:]
    opening = np.flatnonzero(fence[:-1] & inside[1:] & touches)
    closing = np.flatnonzero(fence[1:] & inside[:-1]) + 1  # content may end in white space, which is trimmed
    closing = closing[leaves.share_file(closing - 1, closing)]
    role[opening] = role[closing] = TokenRole.STRING
    # One that stands inside other delimiters, as in R"x(...)x", does not end the literal.
    before = np.maximum(opening - 1, 0)
    outer_left = (opening > 0) & (touches[before] | inside[before]) & (role[before] == TokenRole.STRING)
    after = np.minimum(closing + 1, len(role) - 1)
    outer_right = touches[np.minimum(closing, len(touches) - 1)] & (role[after] == TokenRole.STRING)
    outer_right &= ~grammar.is_suffix[kind[after]]
    leaves.quote[opening[~outer_left]] = leaves.quote[closing[~outer_right]] = True


def _join_strings(leaves: _Leaves) -> _Leaves:
    """Join adjacent leaves of one literal.

    Delimiters alternate between opening and closing along a run of string leaves. Inside, white space may lie
    between leaves, because ends are trimmed; outside, only leaves that touch are joined, and none to a closing one.
    """
    string = np.flatnonzero(leaves.role == TokenRole.STRING)
    if len(string) < 2:
        return leaves
    follows = np.zeros(len(string), np.bool_)
    follows[1:] = (string[1:] == string[:-1] + 1) & leaves.share_file(string[:-1], string[1:])
    is_inside = _are_inside(leaves, string, follows)
    joined = follows & (is_inside | _stick(leaves, string, is_inside))
    heads = np.flatnonzero(~joined)
    leaves.end[string[heads]] = leaves.end[string[np.append(heads[1:], len(string)) - 1]]
    keep = np.ones(len(leaves.role), np.bool_)
    keep[string[joined]] = False
    return leaves.take(keep)


def _are_inside(leaves: _Leaves, string: Index, follows: Bool) -> Bool:
    """Which string leaves stand inside a literal, its closing delimiter included. follows: the leaf before directly."""
    is_quote = leaves.quote[string]
    before: Index = np.cumsum(is_quote, dtype=np.int64) - is_quote
    first = np.maximum.accumulate(np.where(follows, 0, np.arange(len(string))))
    parity = before - before[first]
    if leaves.grammar.interpolates:
        parity += _resume(leaves, string)[first]
    found: Bool = parity % 2 == 1
    return found


def _resume(leaves: _Leaves, string: Index) -> Bool:
    """Which string leaves go on after interpolated code: they touch the "}" of ${x} or the name of $x."""
    data, start, end = np.frombuffer(leaves.text, np.uint8), leaves.start, leaves.end
    one, two = np.maximum(string - 1, 0), np.maximum(string - 2, 0)
    touches = (end[one] == start[string]) & (string > 0)
    last = data[end[one] - 1]
    is_simple = (data[start[two]] == ord("$")) & (end[two] == start[one]) & (string > 1)
    found: Bool = touches & ((last == ord("}")) | (last == ord(")")) | is_simple)
    return found


def _stick(leaves: _Leaves, string: Index, is_inside: Bool) -> Bool:
    """Which string leaves are part of the literal of the one before, whatever delimiters say."""
    grammar, kind = leaves.grammar, leaves.kind[string]
    closes = leaves.quote[string] & is_inside
    part, suffix = grammar.is_part[kind], grammar.is_suffix[kind]
    sticks = np.zeros(len(string), np.bool_)
    touches = leaves.end[string[:-1]] == leaves.start[string[1:]]
    sticks[1:] = touches & (~closes[:-1] | suffix[1:]) | (part[:-1] & part[1:])
    return sticks


def _look_into(leaves: _Leaves) -> LeafBatch:
    """Replace each leaf that holds code of its own by its lexical tokens; only files that have such leaves pay."""
    is_opaque = leaves.grammar.is_opaque[leaves.kind]
    if not is_opaque.any():
        return LeafBatch(leaves.text, leaves.offset, leaves.role, leaves.start, leaves.end)
    role, start, end = _lexed(leaves, np.flatnonzero(is_opaque))
    kept = leaves.take(~is_opaque)
    start = np.concatenate([kept.start, start])
    order = np.argsort(start, kind="stable")
    role, end = np.concatenate([kept.role, role])[order], np.concatenate([kept.end, end])[order]
    return LeafBatch(leaves.text, leaves.offset, role, start[order], end)


def _lexed(leaves: _Leaves, opaque: Index) -> tuple[U8, Index, Index]:
    """Roles, starts and ends of the lexical tokens of some leaves."""
    text, lexer = leaves.text, load_lexer(leaves.grammar.spec.name)
    role: list[int] = []
    start: list[int] = []
    end: list[int] = []
    for first, last in zip(leaves.start[opaque].tolist(), leaves.end[opaque].tolist(), strict=True):
        roles, starts, ends = lexer.spans(text, first, last)
        role += [
            lexer.role_of_word(text[a:b]) if r == TokenRole.NAME else r
            for r, a, b in zip(roles, starts, ends, strict=True)
        ]
        start += starts
        end += ends
    return np.array(role, np.uint8), np.array(start, np.int64), np.array(end, np.int64)
