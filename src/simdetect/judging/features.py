"""What all kinds of evidence say of candidate files, as the numbers that a calibration knows, and as bits by layer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from simdetect.languages import spec_of
from simdetect.layers.all import LayerResults
from simdetect.layers.code import layer_bits as bits_of_code
from simdetect.layers.texts import SharedTexts
from simdetect.model import F64, FEATURES, I64, LAYERS, U64, Bool, Layer, MatchTable, TextsOf
from simdetect.tokens.neutral import MASK
from simdetect.tokens.symbols import keyed
from simdetect.weighing.surprise import same_texts

__all__ = ["absorb", "are_foreign", "bits_by_layer", "file_features"]

_FOREIGN_SHARE = 0.05  # of the originals' tokens: a port of a C program finds Python there too, in its tests


def file_features(results: LayerResults, *, without_tests: bool = False) -> F64:
    """Features of every candidate file: (files, features) float64, in the order of `FEATURES`. without_tests: of the
    original."""
    features = np.zeros((len(results.comparison.candidate.files), len(FEATURES)))
    for result in results.by_kind.values():
        for name, value in (result.untested if without_tests else result.features).items():
            features[:, FEATURES.index(name)] = value
    return features


def are_foreign(results: LayerResults) -> Bool:
    """Candidate files in a language of functions and types that hardly any code of the originals is in: (files,)."""
    candidate, original = results.comparison.candidate, results.comparison.original
    n_tokens: Counter[str] = Counter()
    for file in original.files:
        n_tokens[file.family] += file.n_tokens
    few = _FOREIGN_SHARE * n_tokens.total()
    rare = {file.family for file in candidate.files if n_tokens[file.family] < few or not n_tokens[file.family]}
    return np.array([file.family in rare and bool(spec_of(file.language).units) for file in candidate.files], np.bool_)


def bits_by_layer(results: LayerResults) -> dict[Layer, F64]:
    """Bits of every candidate file by layer, (files,) float64 each, nothing counted twice.

    A shared text that a counted region holds counts there, and a region is worth at least the shared texts that it
    holds: so finding a region never lowers the sum.
    """
    code = results.code
    inside, absorbed = _inside_regions(results)
    bits: dict[Layer, F64] = {}
    for result in results.by_kind.values():
        if result.found is code:
            bits |= bits_of_code(code, np.maximum(code.gain, absorbed))
        elif isinstance(result.found, SharedTexts) and result.found.layer in inside:
            texts = result.found
            bits[texts.layer] = texts.total(len(code.features.total), ~inside[texts.layer])
        else:
            bits |= result.bits
    return bits


def _inside_regions(results: LayerResults) -> tuple[Mapping[Layer, Bool], F64]:
    """Which shared texts stand in a region that counts, by layer, (s,) bool; and what those of each region are worth
    together, (r,) float64. Misspellings are words of comments and literals, which regions do not hold."""
    code = results.code
    held = same_texts(code.table, code.comparison, code.selection.counted)
    absorbed = np.zeros(len(code.table))
    found = [result.found for result in results.by_kind.values() if isinstance(result.found, SharedTexts)]
    texts = [own for own in found if LAYERS[own.layer].texts is not TextsOf.WORDS]
    return {own.layer: absorb(own, code.table, held, absorbed) for own in texts}, absorbed


def absorb(texts: SharedTexts, table: MatchTable, held: tuple[I64, U64], absorbed: F64) -> Bool:
    """Which shared texts regions hold: (s,) bool; what they are worth is added to the first region that holds each.

    held: rows of regions and symbols of names and literals with the same text in them. absorbed: (r,) float64, is
    written. Texts are compared by the bits that neutral symbols have: a name in small letters has the same ones in both
    forms.
    """
    inside = np.zeros(len(texts), np.bool_)
    rows, symbols = held
    keys, first = np.unique(keyed(table.candidate_file[rows].astype(np.int64), symbols & MASK), return_index=True)
    items = np.flatnonzero(texts.counted)
    if len(keys) and len(items):
        wanted = keyed(texts.rows.candidate_file[items], texts.rows.symbol[items] & MASK)
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        found = keys[at] == wanted
        inside[items[found]] = True
        np.add.at(absorbed, rows[first[at[found]]], texts.bits[items[found]])
    return inside
