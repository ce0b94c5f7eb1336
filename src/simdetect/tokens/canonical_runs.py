"""What the canonical form does to the bytes of a file -> runs of its tokens, with the symbols that are put in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from simdetect.model import U32, U64, Rewrites, TokenStream
from simdetect.model.arrays import ranges
from simdetect.tokens.symbols import is_among

__all__ = ["canonical_runs", "with_form"]


def with_form(tokens: TokenStream, rewrites: Rewrites) -> TokenStream:
    """The tokens of a file with its canonical form."""
    return replace(tokens, has_form=True, **canonical_runs(rewrites, tokens.start, tokens.exact))


def canonical_runs(rewrites: Rewrites, start: U32, exact: U64) -> dict[str, Any]:
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
