"""Misspellings of common words that both sides have in comments or literals, whatever the languages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simdetect.layers.result import Context, LayerResult
from simdetect.layers.texts import Found, Kind, Why, judged
from simdetect.matching.comparison import Comparison, Program
from simdetect.matching.holders import holders
from simdetect.matching.items import distinct, join
from simdetect.model import (
    I64,
    U64,
    AnalysedFile,
    Bool,
    ExclusionReason,
    SharedRows,
    TokenRole,
    rows_of,
    sorted_distinct,
)
from simdetect.tokens.words import script_of, word_at
from simdetect.weighing.exclusions import REASONS, reason_codes
from simdetect.weighing.observable import observable
from simdetect.weighing.said import mentioned
from simdetect.weighing.wording import Wording, is_misspelt, is_unknown

__all__ = ["find"]

(_ROW,) = rows_of("misspellings")
_KIND = Kind(_ROW, floor=0.0, least_together=0.0)
_MISSPELT_BITS = 12.0  # one in some 50 ways to misspell a word that is misspelt once in a hundred times


def find(comparison: Comparison, context: Context) -> LayerResult:
    """Shared words of comments and literals that are misspellings of common ones, and no part of a name."""
    candidate = comparison.candidate
    word, file, byte = _odd_words(candidate.files, context.wording)
    items = distinct(file, word, byte)
    holding = holders(comparison.original.trees, _ROW.layer, sorted_distinct(items.symbol))
    rows = join(items, *holding, lambda files, _: np.ones(len(files), np.bool_))
    rows = rows.take(_are_misspelt(rows, candidate, context.wording))
    places = zip(rows.candidate_file, rows.candidate_at, strict=True)
    found = Found(
        rows=rows,
        byte=rows.candidate_at,
        length=np.array([len(word_at(candidate.contents[f], b)) for f, b in places], np.int64),
        base=np.full(len(rows), _MISSPELT_BITS),
        n_distinct=np.ones(len(rows), np.int64),
        why=_why(rows, candidate, context),
        floor=_KIND.floor,
    )
    return judged(_KIND, found, comparison, context)


def _why(rows: SharedRows, candidate: Program, context: Context) -> Why:
    """Words that a handout or a document of the original has were given; those of texts that the author may have seen
    were there to be copied."""
    symbols, inverse = np.unique(rows.symbol, return_inverse=True)
    contents = [*(own.content for own in context.handouts), *(own.content for own in context.documents)]
    handed = [content.lower() for content in contents]
    source = mentioned(handed, symbols)[inverse] if len(symbols) else np.zeros(0, np.int64)
    reasons = np.append(
        reason_codes(handout.reason for handout in context.handouts),
        np.full(len(context.documents), 1 + REASONS.index(ExclusionReason.GIVEN), np.uint8),
    )
    reason, by = reasons[source], np.maximum(0, source - 1)
    seen = (reason == 0) & _are_seen(rows, candidate, context)
    code = 1 + REASONS.index(ExclusionReason.OBSERVABLE)
    return Why(np.where(seen, code, reason).astype(np.uint8), np.where(seen, len(contents) + 1, by))


def _are_seen(rows: SharedRows, candidate: Program, context: Context) -> Bool:
    """Which words stand in strings that the author may have seen. rows: their places are bytes of files."""
    if context.observable is None or not len(rows):
        return np.zeros(len(rows), np.bool_)
    token = np.array(
        [
            candidate.layout.offset[file] + np.searchsorted(candidate.files[file].tokens.start, byte, "right") - 1
            for file, byte in zip(rows.candidate_file.tolist(), rows.candidate_at.tolist(), strict=True)
        ],
        np.int64,
    )
    wanted = np.zeros(len(candidate.layout.exact), np.bool_)
    wanted[token[token >= 0]] = True
    inside = (token >= 0) & (rows.candidate_at < candidate.end[token])
    found: Bool = inside & observable(context.observable, candidate, wanted)[token]
    return found


def _odd_words(files: Sequence[AnalysedFile], wording: Wording) -> tuple[U64, I64, I64]:
    """Words of comments and literals that the model does not know, their files, and where they start."""
    word, file, byte = _all_words(files)
    odd = is_unknown(wording, word) & (script_of(word) == 0)
    return word[odd], file[odd], byte[odd]


def _all_words(files: Sequence[AnalysedFile]) -> tuple[U64, I64, I64]:
    """Words of comments, then of literals, of every file."""
    words, owners, bytes_ = [], [], []
    for i, file in enumerate(files):
        word = np.concatenate([file.prose.word, file.prose.literal_word])
        at = np.concatenate([file.prose.start, file.prose.literal_start]).astype(np.int64)
        words.append(word)
        bytes_.append(at)
        owners.append(np.full(len(word), i, np.int64))
    none = np.zeros(0, np.int64)
    return (
        np.concatenate([np.zeros(0, np.uint64), *words]),
        np.concatenate([none, *owners]),
        np.concatenate([none, *bytes_]),
    )


def _are_misspelt(rows: SharedRows, candidate: Program, wording: Wording) -> Bool:
    """Which rows hold a misspelling that the candidate's names do not have."""
    verdict: dict[tuple[int, int], bool] = {}
    misspelt: dict[int, bool] = {}
    names: dict[int, bytes] = {}
    found = np.zeros(len(rows), np.bool_)
    for i, (symbol, file, at) in enumerate(
        zip(rows.symbol.tolist(), rows.candidate_file.tolist(), rows.candidate_at.tolist(), strict=True)
    ):
        key = symbol, file
        if key not in verdict:
            word = word_at(candidate.contents[file], at)
            if symbol not in misspelt:
                misspelt[symbol] = is_misspelt(wording, word)
            verdict[key] = misspelt[symbol] and word not in _names_of(candidate, file, names)
        found[i] = verdict[key]
    return found


def _names_of(candidate: Program, file: int, known: dict[int, bytes]) -> bytes:
    """All names of a file in lower case."""
    if file not in known:
        tokens, content = candidate.files[file].tokens, candidate.contents[file]
        at = np.flatnonzero(tokens.role == TokenRole.NAME)
        at = at[np.unique(tokens.exact[at], return_index=True)[1]]
        spans = zip(tokens.start[at].tolist(), tokens.end[at].tolist(), strict=True)
        known[file] = b" ".join(content[a:b] for a, b in spans).lower()
    return known[file]
