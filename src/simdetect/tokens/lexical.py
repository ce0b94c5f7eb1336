"""Bytes -> TokenStream without a syntax tree: for languages without a grammar, killed parses and huge files.

Where the language has a grammar, its keywords and operators are the grammar's, so that the streams of one file from
here and from `normalize` agree for the most part and a degraded file still matches the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from simdetect.languages import spec_of
from simdetect.languages.lexer import Lexer, load_lexer
from simdetect.model import TokenStream
from simdetect.tokens.doubt import Spans, careful_spans, is_taken
from simdetect.tokens.streams import LeafBatch, join, streams

__all__ = ["lexical_streams"]


def lexical_streams(
    contents: Sequence[bytes], language: str, reason: str, *, is_careful: bool = False
) -> list[TokenStream]:
    """Tokenise files by the lexer of their language; no units, no error share.

    Args: contents: UTF-8 sources. language: a key of the language table or of the lexical languages.
    reason: why there is no syntax tree; becomes `degraded`. is_careful: strings that hold code are not believed.
    Returns one stream a file, in order. Linear in the input, whatever it holds. Raises KeyError for an unknown
    language.
    """
    lexer = load_lexer(language)
    text, offset = join(contents)
    found = [_spans(lexer, text, (int(a), int(b) - 1), language, is_careful) for a, b in pairwise(offset)]
    role = np.concatenate([np.frombuffer(roles, np.uint8) for roles, _, _ in found])
    start = np.concatenate([np.frombuffer(starts, np.uint32) for _, starts, _ in found]).astype(np.int64)
    end = np.concatenate([np.frombuffer(ends, np.uint32) for _, _, ends in found]).astype(np.int64)
    batch = LeafBatch(text, offset, role, start, end)
    return streams(batch, spec_of(language), degraded=reason, words=lexer.word_roles)


def _spans(lexer: Lexer, text: bytes, span: tuple[int, int], language: str, is_careful: bool) -> Spans:
    """The tokens of one file; again, and carefully, when the last of them takes much of it."""
    if not is_careful:
        found = lexer.spans(text, *span)
        if not is_taken(text, *span, found, language):
            return found
    return careful_spans(text, *span, language)
