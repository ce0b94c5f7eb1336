"""Agreement of comments, word by word, whatever the languages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simdetect.layers.regions import Handed, Weighed, file_pairs, recurring, weigh
from simdetect.layers.result import Context, LayerResult
from simdetect.matching.comparison import Comparison
from simdetect.matching.layout import lay_out_originals, lay_out_words
from simdetect.matching.regions import Limits, find_regions
from simdetect.matching.seeds import find_seeds
from simdetect.model import ExclusionReason, MatchTable, RegionBits, TokenBits, TokenRole, rows_of, sorted_distinct
from simdetect.tokens.prose import WORD_K
from simdetect.weighing.exclusions import HandedTokens
from simdetect.weighing.handouts import Handout
from simdetect.weighing.licences import licence_words
from simdetect.weighing.said import said_words
from simdetect.weighing.surprise import region_bits
from simdetect.weighing.wording import Wording, word_bits

__all__ = ["find"]

(_ROW,) = rows_of("comments")
_LEAST_WORDS = 6  # of a region in comments: shorter ones are phrases
_GAP_WORDS = 4  # by which a comment may differ between two equal stretches
_LICENCE = Handout("licence text", ExclusionReason.LICENSE, b"", ())


def find(comparison: Comparison, context: Context) -> LayerResult:
    """Regions of equal words of comments."""
    if "comments" not in context.memo:
        context.memo["comments"] = _matched(comparison, context)
    words, table, alone = context.memo["comments"]
    regions = Weighed(table, [_ROW.layer] * len(table), alone)
    found = weigh(words, regions, _handed(words, table, context), is_words=True)
    return LayerResult(
        found=found,
        pairs=file_pairs(found, {_ROW.feature: found.pairs.total}),
        features={_ROW.feature: found.features.total},
        untested={_ROW.feature: found.untested.total},
        bits={_ROW.layer: found.features.total},
    )


def _matched(comparison: Comparison, context: Context) -> tuple[Comparison, MatchTable, RegionBits]:
    """The comparison of words, its regions, and the bits of each by itself."""
    words = _of_words(comparison, context.wording)
    seeds = find_seeds(words, context.options.max_postings, WORD_K, any_family=True)
    table = find_regions(words, seeds, Limits(WORD_K, _LEAST_WORDS, _GAP_WORDS))
    return words, table, region_bits(table, words, recurring=recurring(table, words))


def _of_words(comparison: Comparison, wording: Wording) -> Comparison:
    """The same files, laid out by the words of their comments; every word is worth what names are."""
    candidate = comparison.candidate
    layout = lay_out_words(candidate.files)
    n = len(layout.exact)
    surprise = [np.append(word_bits(wording, file.prose.word, WORD_K), 0.0) for file in candidate.files]
    bits = TokenBits(np.zeros(n), np.concatenate([np.zeros(0), *surprise]), np.zeros(n, np.bool_))
    originals = lay_out_originals(comparison.original.trees, sorted_distinct(layout.fingerprint), words=True)
    return Comparison(
        replace(candidate, layout=layout, role=np.full(n, TokenRole.NAME, np.uint8), bits=bits),
        replace(comparison.original, layout=originals),
    )


def _handed(words: Comparison, table: MatchTable, context: Context) -> Handed:
    """Words that handouts say, and those of licences."""
    handouts = [*context.handouts, _LICENCE]
    n = len(words.candidate.layout.exact)
    text = said_words(context.index, words.candidate.layout.exact)
    if len(table):
        text = np.where(licence_words(words.candidate), len(handouts), text)
    no = np.zeros(n, np.bool_)
    return Handed(HandedTokens(np.zeros(n, np.int64), no, text, no, no) if text.any() else None, handouts)
