"""The order of functions, types and lists that a candidate file and its best originals share.

`sequences` says which elements belong together, `permutations` what an order is worth and which are forced or told
already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from simdetect.layers.permutations import is_forced, order_of, untold
from simdetect.layers.ranked import FilePairs, Ranked
from simdetect.layers.regions import Regions, are_tests
from simdetect.layers.result import Context, LayerResult
from simdetect.layers.sequences import FilePair, SharedSequence, sequences
from simdetect.layers.texts import SharedTexts
from simdetect.matching.comparison import Comparison
from simdetect.model import F64, LAYERS, LEAST_ENTRIES, U64, OrderRow, SharedRows, TextsOf, rows_of
from simdetect.model.arrays import ranks
from simdetect.weighing.background import is_member
from simdetect.weighing.exclusions import PUBLIC_CODE

__all__ = ["find"]

_MOST_ORIGINALS = 3  # of a candidate file whose order is looked at
_ORDER_FLOOR = 10.0  # bits: the best of many stretches of a random order has some 5 to 8
(_ROW,) = rows_of("order")
_MOST_REGIONS = 4096  # of a pair of files; there are more only in tables


def find(comparison: Comparison, context: Context) -> LayerResult:
    """Orders of the best originals of each candidate file, where they say something."""
    rows = list(_orders(comparison, context))
    n_files = len(comparison.candidate.files)
    no_test = ~are_tests([file.role for file in comparison.original.files])
    most = _most(rows, n_files)
    none = np.zeros(0, np.int64)
    return LayerResult(
        found=rows,
        pairs=FilePairs(none, none, {}),
        features={_ROW.feature: most},
        untested={_ROW.feature: _most([row for row in rows if no_test[row.original_file]], n_files)},
        bits={_ROW.layer: most},
    )


def _most(rows: Sequence[OrderRow], n_files: int) -> F64:
    """Bits of the most surprising order of each file."""
    most = np.zeros(n_files)
    for row in rows:
        most[row.candidate_file] = max(most[row.candidate_file], row.bits)
    return most


def _orders(comparison: Comparison, context: Context) -> Iterator[OrderRow]:
    for pair, places in _pairs(comparison, context):
        for sequence in sequences(pair):
            if judged := _judged(sequence, pair):
                bits, members = judged
                yield OrderRow(*places, bits, sequence.kind, members)


def _pairs(comparison: Comparison, context: Context) -> Iterator[tuple[FilePair, tuple[int, int]]]:
    """The best originals of each candidate file, with what joins the two; and the numbers of the two files."""
    code: Regions = context.before["code"].found
    table, n_originals = code.table, len(comparison.original.files)
    worth = np.where(code.excluded == 0, code.alone.total, 0.0)
    telling = _telling(context)
    key = table.candidate_file.astype(np.int64) * max(1, n_originals) + table.original_file
    for candidate, original in _best(context.ranked()):
        low, high = np.searchsorted(key, [candidate * n_originals + original, candidate * n_originals + original + 1])
        rows = np.arange(low, min(high, low + _MOST_REGIONS))
        symbols = telling.get((candidate, original), np.zeros(0, np.uint64))
        if len(symbols) + len(rows) < LEAST_ENTRIES:
            continue
        spans = [table.candidate_start, table.candidate_end, table.original_start, table.original_end]
        regions = np.stack([column[rows].astype(np.int64) for column in spans], axis=1)
        files = comparison.candidate.files[candidate], comparison.original.files[original]
        content = comparison.candidate.contents[candidate]
        public = symbols[is_member(context.public(files[0].family), symbols)]
        yield FilePair(*files, symbols, public, regions, worth[rows], content), (candidate, original)


def _best(ranked: Ranked) -> Iterator[tuple[int, int]]:
    """Pairs of each candidate file with its best originals."""
    rows = np.flatnonzero(ranks(ranked.candidate_file) < _MOST_ORIGINALS)
    yield from zip(ranked.candidate_file[rows].tolist(), ranked.original_file[rows].tolist(), strict=True)


def _telling(context: Context) -> Mapping[tuple[int, int], U64]:
    """Symbols of the names and literals that count, ascending, by candidate and original file; and of names that
    packages export, whose order is the author's own."""
    found = [result.found for result in context.before.values() if isinstance(result.found, SharedTexts)]
    parts = [
        texts.rows.take(np.isin(texts.reason, (0, PUBLIC_CODE)))
        for texts in found
        if LAYERS[texts.layer].texts is not TextsOf.WORDS
    ]
    rows = _joined(parts)
    if not len(rows):
        return {}
    rows = rows.take(np.lexsort((rows.symbol, rows.original_file, rows.candidate_file)))
    new = np.flatnonzero((np.diff(rows.candidate_file) != 0) | (np.diff(rows.original_file) != 0)) + 1
    first = np.concatenate([np.zeros(1, np.int64), new])
    pairs = zip(rows.candidate_file[first].tolist(), rows.original_file[first].tolist(), strict=True)
    return dict(zip(pairs, map(np.unique, np.split(rows.symbol, new)), strict=True))


def _joined(parts: Sequence[SharedRows]) -> SharedRows:
    """The rows of several kinds as one."""
    none = np.zeros(0, np.int64)
    return SharedRows(
        candidate_file=np.concatenate([none, *(part.candidate_file for part in parts)]),
        original_file=np.concatenate([none, *(part.original_file for part in parts)]),
        symbol=np.concatenate([np.zeros(0, np.uint64), *(part.symbol for part in parts)]),
        candidate_at=np.concatenate([none, *(part.candidate_at for part in parts)]),
    )


def _judged(sequence: SharedSequence, pair: FilePair) -> tuple[float, tuple[tuple[int, int], ...]] | None:
    """Bits above the floor, and the members in the same order; None when it says nothing."""
    kept = np.flatnonzero(untold(sequence.candidate, sequence.original, pair.regions[:, :2], pair.regions[:, 2:]))
    places = sequence.original[kept, 0]
    order = order_of(places.tolist())
    chosen = kept[np.array(order.members, np.int64)]
    if order.bits <= _ORDER_FLOOR or any(is_forced([keys[i] for i in chosen.tolist()]) for keys in sequence.keys):
        return None
    members = sequence.members[chosen].tolist()
    return order.bits - _ORDER_FLOOR, tuple((candidate, original) for candidate, original in members)
