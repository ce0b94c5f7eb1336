"""A submission judged as one: a few features of all that agrees, not the product of its files, which are dependent.

What convicts is one long piece, or one whole function: nothing forces those. Sums of many small agreements are common
between independent programs, the more so the larger both are. See docs/method.md.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simdetect.judging.facts import SubmissionFacts
from simdetect.judging.pieces import Pieces, are_judged, novelty, pieces_of, trust
from simdetect.layers.all import LayerResults
from simdetect.layers.function_texts import TextsOfPair, assigned
from simdetect.layers.regions import Regions, are_tests
from simdetect.layers.texts import SharedTexts
from simdetect.model import F64, I64, Bool, sorted_distinct
from simdetect.weighing.background import Background
from simdetect.weighing.limits import SIZE_CAP

__all__ = ["agrees_with_tests", "facts_of"]

FLOOR_OF_PIECES = 60.0  # bits: independent programs have such pieces, the more of them the larger they are
FLOOR_OF_COMMENTS = 500.0  # bits: independent programs quote the same standards, and the same answers
_MOST_PAIRS = 64  # of files in two languages whose functions are paired; the heaviest ones


def facts_of(
    results: LayerResults, background: Callable[[str], Background], *, with_tests: bool = False
) -> tuple[SubmissionFacts, Pieces]:
    """What a submission is judged by, and the pieces that it rests on. with_tests: of the original count as well."""
    candidate, original = results.comparison.candidate, results.comparison.original
    judged, worth = are_judged(original.files, with_tests=with_tests), trust(candidate.files, background)
    pieces = pieces_of(results.code, judged, worth)
    strongest, second = [*pieces.bits[:2].tolist(), 0.0, 0.0][:2]
    translated = sorted(_translated(results, judged), reverse=True)
    return SubmissionFacts(
        strongest=strongest,
        second=second,
        function=float(np.max(pieces.function, initial=0.0)),
        beyond=float(np.maximum(0.0, pieces.bits - FLOOR_OF_PIECES).sum()),
        comment=_comments(results, judged, worth),
        translated=translated[0] if translated else 0.0,
        translated_second=translated[1] if len(translated) > 1 else 0.0,
        translated_all=sum(translated),
        tokens=float(min(SIZE_CAP, sum(len(file.tokens) for file in candidate.files))),
        original_tokens=float(original.n_tokens),
    ), pieces


def agrees_with_tests(results: LayerResults) -> bool:
    """Whether anything that a submission is judged by agrees with a test file of the originals."""
    tests = are_tests([file.role for file in results.comparison.original.files])
    texts: SharedTexts = results.by_kind["translated"].found
    found = [texts.rows.original_file[texts.counted]]
    for regions in (results.code, results.by_kind["comments"].found):
        found.append(regions.table.original_file[regions.selection.counted].astype(np.int64))
    return bool(tests[np.concatenate(found)].any())


def _comments(results: LayerResults, judged: Bool, worth: F64) -> float:
    """Bits that regions of comments add to their files, each comment once, above the floor."""
    found: Regions = results.by_kind["comments"].found
    rows = found.selection.counted
    rows = rows[judged[found.table.original_file[rows]]]
    rows = rows[np.argsort(-found.gain[rows], kind="stable")]
    value = found.gain[rows] * novelty(found, rows) * worth[found.table.candidate_file[rows]]
    return max(0.0, float(value.sum()) - FLOOR_OF_COMMENTS)


def _counted(texts: SharedTexts, judged: Bool) -> I64:
    rows = np.flatnonzero(texts.counted)
    chosen: I64 = rows[judged[texts.rows.original_file[rows]]]
    return chosen


def _translated(results: LayerResults, judged: Bool) -> list[float]:
    """Bits of functions in two languages that belong together, of the pairs of files that share most."""
    texts: SharedTexts = results.by_kind["translated"].found
    rows = _counted(texts, judged)
    if not len(rows):
        return []
    key = texts.rows.candidate_file[rows].astype(np.int64) * len(judged) + texts.rows.original_file[rows]
    pairs, place = np.unique(key, return_inverse=True)
    heaviest = np.argsort(-np.bincount(place, texts.bits[rows]), kind="stable")[:_MOST_PAIRS]
    found: list[float] = []
    for pair in sorted_distinct(heaviest).tolist():
        own = rows[place == pair]
        found += _of_pair(results, texts, own, *divmod(int(pairs[pair]), len(judged)))
    return found


def _of_pair(results: LayerResults, texts: SharedTexts, rows: I64, candidate: int, original: int) -> list[float]:
    comparison, bits = results.comparison, texts.bits[rows]
    streams = comparison.candidate.files[candidate].tokens, comparison.original.files[original].tokens
    paired = assigned(TextsOfPair(*streams, texts.rows.symbol[rows], bits))
    return [float(bits[list(pair.texts)].sum()) for pair in paired]
