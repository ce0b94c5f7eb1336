"""All layers of agreement together: features of files, features of pairs of files, the order of originals.

Rows of features are in the order of `calibration.FEATURES`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simdetect.judging.calibration import FEATURES
from simdetect.layers.texts import LAYERS, SharedItems
from simdetect.model import F64, I64, U64, Bool, Layer, MatchTable
from simdetect.model.arrays import sorted_distinct
from simdetect.tokens.neutral import MASK
from simdetect.tokens.symbols import keyed
from simdetect.weighing.selection import FileFeatures, Pairs

__all__ = ["OrderRow", "Ranked", "file_features", "layer_bits", "rank"]

_COLUMN = {name: i for i, name in enumerate(FEATURES)}  # layers are named as features are


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """Pairs of files that share anything that counts, by candidate file, best original first.

    candidate_file, original_file: (p,) int64. features: (p, 10) float64. bits: (p,) float64, all layers together.
    code: (p,) int64, the row of the pair in the `Pairs` of code, or -1.
    """

    candidate_file: I64
    original_file: I64
    features: F64
    bits: F64
    code: I64

    def __len__(self) -> int:
        return len(self.bits)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """The order of a sequence that two files share. bits: above the floor. kind: "units", or one of `LIST_KINDS`.
    members: what stands in the same order on both sides, units by their index, entries of lists by a token in them."""

    candidate_file: int
    original_file: int
    bits: float
    kind: str
    members: tuple[tuple[int, int], ...]


def rank(code: Pairs, agreement: F64, comments: Pairs, shared: SharedItems) -> Ranked:
    """Every pair of files with all its layers but order. agreement: (p,) float64, of the pairs of code."""
    counted = shared.reason == 0
    rows = shared.rows.take(counted)
    parts = (code, comments, rows)
    n = 1 + max(int(np.max(part.original_file, initial=0)) for part in parts)
    keys = [part.candidate_file * n + part.original_file for part in parts]
    pairs = sorted_distinct(np.concatenate(keys))
    of_code, of_comments, of_shared = (np.searchsorted(pairs, key) for key in keys)
    features = np.zeros((len(pairs), len(FEATURES)))
    features[of_code, _COLUMN["strongest"]], features[of_code, _COLUMN["total"]] = code.strongest, code.total
    features[of_code, _COLUMN["function"]], features[of_code, _COLUMN["agreement"]] = code.function, agreement
    features[of_comments, _COLUMN["comment"]] = comments.total
    for i, layer in enumerate(LAYERS):
        mine = shared.layer[counted] == i
        own = np.bincount(of_shared[mine], shared.bits[counted][mine], len(pairs))
        features[:, _COLUMN[layer]] = own
    code_row = np.full(len(pairs), -1, np.int64)
    code_row[of_code] = np.arange(len(code))
    return _sorted(pairs // n, pairs % n, features, code_row)


def _sorted(candidate: I64, original: I64, features: F64, code: I64) -> Ranked:
    bits = features[:, _COLUMN["total"] : _COLUMN["function"]].sum(axis=1)
    order = np.lexsort((original, -bits, candidate))
    return Ranked(candidate[order], original[order], features[order], bits[order], code[order])


def file_features(
    code: FileFeatures,
    comments: FileFeatures,
    shared: SharedItems,
    orders: Sequence[OrderRow],
    is_counted: Bool | None = None,
) -> F64:
    """Features of every candidate file: (files, 10) float64. is_counted: (original files,) bool, which may count."""
    n_files = len(code.total)
    features = np.zeros((n_files, len(FEATURES)))
    features[:, _COLUMN["strongest"]], features[:, _COLUMN["total"]] = code.strongest, code.total
    features[:, _COLUMN["function"]], features[:, _COLUMN["agreement"]] = code.function, code.agreement
    features[:, _COLUMN["comment"]] = comments.total
    for layer in LAYERS:
        chosen = None if is_counted is None else is_counted[shared.rows.original_file]
        features[:, _COLUMN[layer]] = shared.total(layer, n_files, chosen)
    for order in orders:
        if is_counted is None or is_counted[order.original_file]:
            own = features[order.candidate_file]
            own[_COLUMN["order"]] = max(own[_COLUMN["order"]], order.bits)
    return features


def layer_bits(
    table: MatchTable,
    counted: I64,
    gain: F64,
    held: tuple[I64, U64],
    comments: FileFeatures,
    shared: SharedItems,
    orders: Sequence[OrderRow],
) -> dict[Layer, F64]:
    """Bits of every candidate file by layer, (files,) float64 each, nothing counted twice.

    counted: rows of the table that count. gain: (r,) float64, what they add beyond the floor. held: rows and symbols of
    names and literals with the same text in them. A shared text that a counted region holds counts there, and a region
    is worth at least the shared texts that it holds: so finding a region never lowers the sum. Texts are compared by
    the bits that neutral symbols have: a name in small letters has the same ones in both forms.
    """
    n_files = len(comments.total)
    rows = shared.rows
    inside = np.zeros(len(shared), np.bool_)
    absorbed = np.zeros(len(table))
    items = np.flatnonzero(shared.counted & (shared.layer != LAYERS.index(Layer.MISSPELLING)))
    keys, first = np.unique(keyed(table.candidate_file[held[0]].astype(np.int64), held[1] & MASK), return_index=True)
    if len(keys) and len(items):
        own = keyed(rows.candidate_file[items], rows.symbol[items] & MASK)
        at = np.minimum(np.searchsorted(keys, own), len(keys) - 1)
        found = keys[at] == own
        inside[items[found]] = True
        np.add.at(absorbed, held[0][first[at[found]]], shared.bits[items[found]])
    worth = np.maximum(gain, absorbed)[counted]
    file = table.candidate_file[counted].astype(np.int64)
    is_verbatim, is_structural = table.is_verbatim[counted], table.is_structural[counted]
    is_renamed = ~(is_verbatim | is_structural)
    bits: dict[Layer, F64] = {
        Layer.VERBATIM: np.bincount(file[is_verbatim], worth[is_verbatim], n_files).astype(np.float64),
        Layer.RENAMED: np.bincount(file[is_renamed], worth[is_renamed], n_files).astype(np.float64),
        Layer.STRUCTURAL: np.bincount(file[is_structural], worth[is_structural], n_files).astype(np.float64),
        Layer.COMMENT: comments.total,
        **{layer: shared.total(layer, n_files, ~inside) for layer in LAYERS},
        Layer.ORDER: np.zeros(n_files),
    }
    for order in orders:
        own_order = bits[Layer.ORDER]
        own_order[order.candidate_file] = max(own_order[order.candidate_file], order.bits)
    return bits
