"""Names and literals that a file shares with one in another language, as any language would write them.

Each is worth what it is in the language where it is more common.
"""

from __future__ import annotations

import numpy as np

from simdetect.layers.result import Context, LayerResult
from simdetect.layers.texts import Found, Kind, Why, judged, text_worth, why_tokens
from simdetect.matching.comparison import Comparison
from simdetect.matching.holders import forms, holders, n_distinct
from simdetect.matching.items import distinct, join
from simdetect.model import F64, I64, Bool, Layer, SharedRows, TokenRole, rows_of, sorted_distinct
from simdetect.tokens.neutral import fold
from simdetect.weighing.background import is_member, text_surprise

__all__ = ["find"]

(_ROW,) = rows_of("translated")
_KIND = Kind(_ROW, floor=6.0, least_together=20.0)
# Values and messages that a translation keeps say more than those that one language's programs share anyway.
_CONSTANT_FLOOR = 0.0
_RARE_BITS = 10.0


def find(comparison: Comparison, context: Context) -> LayerResult:
    """Rare names and literals that files of different language families share."""
    candidate, trees = comparison.candidate, comparison.original.trees
    surprise, neutral = candidate.bits.name, candidate.neutral  # without what packages export: also of other languages
    at = np.flatnonzero((neutral != 0) & (surprise >= _RARE_BITS) & comparison.is_foreign)
    items = distinct(candidate.layout.file_of(at), neutral[at], at)
    holding = holders(trees, _ROW.layer, sorted_distinct(items.symbol))
    rows = join(items, *holding, comparison.other_family)  # neutral symbols of names are none of literals
    named = candidate.role[rows.candidate_at] == TokenRole.NAME
    start, end = candidate.start, candidate.end
    base, why = _worth(comparison, rows, named, context)
    found = Found(
        rows=rows,
        byte=start[rows.candidate_at].astype(np.int64),
        length=(end[rows.candidate_at] - start[rows.candidate_at]).astype(np.int64),
        base=base,
        n_distinct=_n_neutral(comparison, rows, named),
        why=why,
        floor=np.where(named, _KIND.floor, _CONSTANT_FLOOR),
    )
    return judged(_KIND, found, comparison, context)


def _worth(comparison: Comparison, rows: SharedRows, named: Bool, context: Context) -> tuple[F64, Why]:
    """Bits of names, and of literals, and why they do not count. named: (s,) bool, which are names."""
    candidate = comparison.candidate
    known = np.minimum(candidate.bits.name[rows.candidate_at], _surprise_there(comparison, rows, context))
    base, by, reason = np.zeros(len(rows)), np.zeros(len(rows), np.int64), np.zeros(len(rows), np.uint8)
    for is_name, chosen in ((True, named), (False, ~named)):
        part = rows.take(chosen)
        base[chosen] = text_worth(candidate, part, known[chosen], context, is_name=is_name)
        why = why_tokens(candidate, part, context, fold if is_name else None, is_name=is_name)
        reason[chosen], by[chosen] = why.reason, why.by
    return base, Why(reason, by)


def _n_neutral(comparison: Comparison, rows: SharedRows, named: Bool) -> I64:
    """Distinct names of each row's original file, or its distinct literals, as any language would write them."""
    if not len(rows):
        return np.zeros(0, np.int64)
    trees = comparison.original.trees
    counts = [n_distinct(trees, layer, is_neutral=True) for layer in (Layer.CONSTANT, Layer.NAME)]
    found: I64 = np.stack(counts)[named.astype(np.int64), rows.original_file]
    return found


def _surprise_there(comparison: Comparison, rows: SharedRows, context: Context) -> F64:
    """Surprise of each row's text as the original file writes it, in its language: (s,) float64. Of several ways of
    writing it, the most common one."""
    found = np.full(len(rows), np.inf)
    if not len(rows):
        return found
    file, symbol, exact = forms(comparison.original.trees, sorted_distinct(rows.symbol))
    family = np.array([comparison.original.files[number].family for number in file.tolist()])
    bits = np.zeros(len(file))
    for name in sorted_distinct(family).tolist():
        of_family = family == name
        known = text_surprise(context.background(name), exact[of_family])
        bits[of_family] = np.where(is_member(context.public(name), exact[of_family]), 0.0, known)
    order = np.lexsort((bits, file, symbol))
    items = distinct(file[order], symbol[order], np.arange(len(order)))
    least = dict(zip(zip(items.file.tolist(), items.symbol.tolist(), strict=True), bits[order][items.at], strict=True))
    keys = zip(rows.original_file.tolist(), rows.symbol.tolist(), strict=True)
    return np.array([least[key] for key in keys])
