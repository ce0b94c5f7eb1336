"""SyntaxNodes -> TokenStream: exact and normalised symbols, comments apart, units in tokens.

What a grammar leaves odd is put right here on arrays: where leaves end, literals and comments of several leaves,
leaves that hold code of their own. `tokens` makes the streams.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simdetect.languages.grammar import Grammar, load_grammar
from simdetect.languages.lexer import load_lexer
from simdetect.model import U8, U16, Bool, SyntaxNodes, TokenRole, TokenStream
from simdetect.tokens.streams import Index, LeafBatch, join, streams

__all__ = ["normalize"]

_SPACE = bytes(byte in b" \t\n\r\f\v\0" for byte in range(256))


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
    seen = np.flatnonzero(end > start)  # empty leaves: missing tokens and layout
    kind, start, end = kind[seen], start[seen], end[seen]
    role = grammar.role[kind]
    quote = grammar.is_quote[kind]
    _settle_literals(text, grammar, kind, role, start)
    _close_fences(grammar, offset, kind, role, quote, start, end)
    kind, role, start, end = _join_strings(text, offset, grammar, kind, role, quote, start, end)
    role, start, end = _look_into(text, grammar, kind, role, start, end)
    return streams(LeafBatch(text, offset, role, start, end), grammar.spec, nodes)


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


def _settle_literals(text: bytes, grammar: Grammar, kind: U16, role: U8, start: Index) -> None:
    """Roles of the kinds that hold strings and numbers alike, by their first byte, in place."""
    if not grammar.spec.literals:
        return
    at = np.flatnonzero(grammar.is_literal[kind])
    first = np.frombuffer(text, np.uint8)[start[at]]
    is_number = ((first >= ord("0")) & (first <= ord("9"))) | (first == ord(".")) | (first == ord("-"))
    role[at] = np.where(is_number, TokenRole.NUMBER, TokenRole.STRING)


def _close_fences(grammar: Grammar, offset: Index, kind: U16, role: U8, quote: Bool, start: Index, end: Index) -> None:
    """Make the fences that touch fenced content ("/" of a regex) part of the literal, in place."""
    if not grammar.spec.fenced:
        return
    fence, inside = grammar.is_fence[kind], grammar.is_fenced[kind]
    touches = end[:-1] == start[1:]
    opening = np.flatnonzero(fence[:-1] & inside[1:] & touches)
    closing = np.flatnonzero(fence[1:] & inside[:-1]) + 1  # content may end in white space, which is trimmed
    closing = closing[_same_file(offset, start[closing - 1], start[closing])]
    role[opening] = role[closing] = TokenRole.STRING
    # One that stands inside other delimiters, as in R"x(...)x", does not end the literal.
    before = np.maximum(opening - 1, 0)
    outer_left = (opening > 0) & (touches[before] | inside[before]) & (role[before] == TokenRole.STRING)
    after = np.minimum(closing + 1, len(role) - 1)
    outer_right = touches[np.minimum(closing, len(touches) - 1)] & (role[after] == TokenRole.STRING)
    outer_right &= ~grammar.is_suffix[kind[after]]
    quote[opening[~outer_left]] = quote[closing[~outer_right]] = True


def _join_strings(
    text: bytes, offset: Index, grammar: Grammar, kind: U16, role: U8, quote: Bool, start: Index, end: Index
) -> tuple[U16, U8, Index, Index]:
    """Join adjacent leaves of one literal.

    Delimiters alternate between opening and closing along a run of string leaves. Inside, white space may lie
    between leaves, because ends are trimmed; outside, only leaves that touch are joined, and none to a closing one.
    """
    string = np.flatnonzero(role == TokenRole.STRING)
    if len(string) < 2:
        return kind, role, start, end
    follows = np.zeros(len(string), np.bool_)
    follows[1:] = (string[1:] == string[:-1] + 1) & _same_file(offset, start[string[:-1]], start[string[1:]])
    is_quote = quote[string]
    before: Index = np.cumsum(is_quote, dtype=np.int64) - is_quote
    first = np.maximum.accumulate(np.where(follows, 0, np.arange(len(string))))
    parity = before - before[first]
    if grammar.interpolates:
        parity += _resumes(text, string, start, end)[first]
    is_inside: Bool = parity % 2 == 1
    closes = is_quote & is_inside
    part, suffix = grammar.is_part[kind[string]], grammar.is_suffix[kind[string]]
    sticks = np.zeros(len(string), np.bool_)
    sticks[1:] = (end[string[:-1]] == start[string[1:]]) & (~closes[:-1] | suffix[1:]) | (part[:-1] & part[1:])
    joined = follows & (is_inside | sticks)
    heads = np.flatnonzero(~joined)
    end[string[heads]] = end[string[np.append(heads[1:], len(string)) - 1]]
    keep = np.ones(len(role), np.bool_)
    keep[string[joined]] = False
    return kind[keep], role[keep], start[keep], end[keep]


def _same_file(offset: Index, one: Index, other: Index) -> Bool:
    """Which pairs of positions lie in one file: an unclosed string must not go on in the next file of the batch."""
    found: Bool = np.searchsorted(offset, one, "right") == np.searchsorted(offset, other, "right")
    return found


def _resumes(text: bytes, string: Index, start: Index, end: Index) -> Bool:
    """Which string leaves go on after interpolated code: they touch the "}" of ${x} or the name of $x."""
    data = np.frombuffer(text, np.uint8)
    one, two = np.maximum(string - 1, 0), np.maximum(string - 2, 0)
    touches = (end[one] == start[string]) & (string > 0)
    last = data[end[one] - 1]
    is_simple = (data[start[two]] == ord("$")) & (end[two] == start[one]) & (string > 1)
    found: Bool = touches & ((last == ord("}")) | (last == ord(")")) | is_simple)
    return found


def _look_into(text: bytes, grammar: Grammar, kind: U16, role: U8, start: Index, end: Index) -> tuple[U8, Index, Index]:
    """Replace each leaf that holds code of its own by its lexical tokens; only files that have such leaves pay."""
    opaque = np.flatnonzero(grammar.is_opaque[kind])
    if not len(opaque):
        return role, start, end
    lexer = load_lexer(grammar.spec.name)
    new_role: list[int] = []
    new_start: list[int] = []
    new_end: list[int] = []
    for i in opaque.tolist():
        roles, starts, ends = lexer.spans(text, int(start[i]), int(end[i]))
        new_role += [
            lexer.role_of_word(text[a:b]) if r == TokenRole.NAME else r
            for r, a, b in zip(roles, starts, ends, strict=True)
        ]
        new_start += starts
        new_end += ends
    keep = ~grammar.is_opaque[kind]
    start = np.concatenate([start[keep], np.array(new_start, np.int64)])
    order = np.argsort(start, kind="stable")
    role = np.concatenate([role[keep], np.array(new_role, np.uint8)])[order]
    return role, start[order], np.concatenate([end[keep], np.array(new_end, np.int64)])[order]
