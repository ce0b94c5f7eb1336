"""What rows of a kind of evidence say about one candidate file, as pieces of evidence that can be made.

There is a class for each form of rows: regions, shared texts, orders. A piece is made only when it is listed: a file
can have thousands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import numpy as np

from simdetect.findings.evidence import Claim, items_evidence, region_evidence
from simdetect.findings.orders import order_evidence
from simdetect.findings.sides import Sides
from simdetect.findings.texts import MOST_ITEMS, cut, shared_text
from simdetect.findings.translation import shared_lines, unit_lines, unit_name
from simdetect.layers.function_texts import TextsOfPair, UnitPair, assigned
from simdetect.layers.regions import Regions
from simdetect.layers.texts import SharedTexts
from simdetect.model import (
    I64,
    LAYERS,
    AnalysedFile,
    Bool,
    Evidence,
    Exclusion,
    ExclusionReason,
    Layer,
    OrderRow,
    TextsOf,
)
from simdetect.weighing.exclusions import REASONS
from simdetect.weighing.wording import Wording

__all__ = ["OrderPieces", "Piece", "RegionPieces", "SidesOf", "TextPieces"]

_MOST_ORDERS = 5  # sequences of a file whose order is shown; the heaviest counts
_WITHOUT_BACKGROUND = "background model: unrelated projects share this much"

SidesOf = Callable[[int, int], Sides]  # of a candidate file and an original file


class Make(Protocol):
    """Makes a piece of evidence."""

    def __call__(self, *, with_excerpt: bool) -> Evidence: ...


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence that can be made. bits: by itself. key: orders pieces of equal bits."""

    is_excluded: bool
    bits: float
    layer: Layer
    key: int
    make: Make


class RegionPieces:
    """Regions of code, or of comments. originals: files of the originals."""

    def __init__(self, regions: Regions, sides: SidesOf, originals: Sequence[AnalysedFile]) -> None:
        self._regions, self._sides, self._originals = regions, sides, originals
        self._row_file = regions.table.candidate_file[regions.selection.rows]
        self._bits = regions.alone.total

    def of(self, index: int) -> Iterator[Piece]:
        """Those of a candidate file: counted ones first, heaviest first."""
        regions = self._regions
        low, high = np.searchsorted(self._row_file, [index, index + 1])
        for row in regions.selection.rows[low:high].tolist():
            layer, bits = regions.layers[row], float(self._bits[row])
            yield Piece(bool(regions.excluded[row]), bits, layer, row, partial(self._make, row, index))

    def _make(self, row: int, index: int, *, with_excerpt: bool) -> Evidence:
        regions, original = self._regions, int(self._regions.table.original_file[row])
        sides = self._sides(index, original)
        claim = Claim(regions.layers[row], float(self._bits[row]), self._exclusion(row))
        of = sides.in_words() if regions.is_words else sides
        return region_evidence(regions.table, row, of, claim, with_excerpt=with_excerpt)

    def _exclusion(self, row: int) -> Exclusion | None:
        """Why a region does not count, and what says so."""
        code = int(self._regions.excluded[row])
        if not code:
            return None
        reason = REASONS[code - 1]
        if row in self._regions.handed_by:
            return Exclusion(reason, self._regions.handed_by[row])
        if reason is ExclusionReason.COMMON:
            return Exclusion(reason, _WITHOUT_BACKGROUND)
        path = self._originals[int(self._regions.table.original_file[row])].path
        return Exclusion(reason, f"path, header or long lines of {path}")


class TextPieces:
    """Shared texts of one kind. originals: files of the originals. wording: the model of words."""

    def __init__(self, texts: SharedTexts, sides: SidesOf, originals: Sequence[AnalysedFile], wording: Wording) -> None:
        self._texts, self._sides, self._originals, self._wording = texts, sides, originals, wording
        self._by_file = np.argsort(texts.rows.candidate_file, kind="stable")
        self._file_of = texts.rows.candidate_file[self._by_file]

    def of(self, index: int) -> Iterator[Piece]:
        """Those of a candidate file: texts that count by original file, and those that do not by what says so."""
        texts = self._texts
        low, high = np.searchsorted(self._file_of, [index, index + 1])
        own = self._by_file[low:high]
        for rows in _grouped(own[texts.counted[own]], texts.rows.original_file):
            if LAYERS[texts.layer].texts is TextsOf.NEUTRAL:
                yield from self._translations(index, rows)
            else:
                yield self._piece(index, rows, None)
        for rows in _grouped(own[texts.reason[own] > 0], texts.reason, texts.by):
            rows = self._of_one_original(rows)
            reason = REASONS[int(texts.reason[rows[0]]) - 1]
            yield self._piece(index, rows, Exclusion(reason, texts.sources[int(texts.by[rows[0]])]))

    def _of_one_original(self, rows: I64) -> I64:
        """Of rows that speak about several original files, those about the one with most of them."""
        of_row = self._texts.rows.original_file[rows]
        files, counts = np.unique(of_row, return_counts=True)
        paths = [self._originals[file].path for file in files.tolist()]
        best = min(zip((-counts).tolist(), paths, files.tolist(), strict=True))
        chosen: I64 = rows[of_row == best[2]]
        return chosen

    def _piece(self, index: int, rows: I64, excluded: Exclusion | None) -> Piece:
        claim = Claim(self._texts.layer, float(self._texts.bits[rows].sum()), excluded)
        make = partial(self._make, index, rows, claim)
        return Piece(excluded is not None, claim.bits, claim.layer, int(rows[0]), make)

    def _sides_of(self, index: int, rows: I64) -> Sides:
        return self._sides(index, int(self._texts.rows.original_file[rows[0]]))

    def _make(self, index: int, rows: I64, claim: Claim, *, with_excerpt: bool) -> Evidence:
        del with_excerpt  # the texts are what there is to see
        texts, sides = self._texts, self._sides_of(index, rows)
        first = rows[np.lexsort((texts.candidate_byte[rows], -texts.bits[rows]))][:MOST_ITEMS]
        items = [shared_text(texts, row, sides) for row in first.tolist()]
        return replace(items_evidence(sides, items, claim), n_tokens=len(rows), n_verbatim=len(rows))

    # --- translations ----------------------------------------------------------------------------------------------

    def _translations(self, index: int, rows: I64) -> Iterator[Piece]:
        """What two files in two languages share, function by function, and what is left of it."""
        texts, sides = self._texts, self._sides_of(index, rows)
        original = self._originals[int(texts.rows.original_file[rows[0]])]
        bits = texts.bits[rows]
        pairs = assigned(TextsOfPair(sides.candidate.file.tokens, original.tokens, texts.rows.symbol[rows], bits))
        for rank, pair in enumerate(pairs):
            make = partial(self._translation, index, rows, pair)
            yield Piece(False, float(bits[list(pair.texts)].sum()), texts.layer, rank, make)
        left = np.setdiff1d(np.arange(len(rows)), [text for pair in pairs for text in pair.texts])
        if len(left):
            yield self._piece(index, rows[left], None)

    def _translation(self, index: int, rows: I64, pair: UnitPair, *, with_excerpt: bool) -> Evidence:
        del with_excerpt
        texts, sides = self._texts, self._sides_of(index, rows)
        symbols, bits = texts.rows.symbol[rows], texts.bits[rows]
        items = shared_lines(sides, pair, (symbols, bits), self._wording, cut)
        units = cut(unit_name(sides.candidate, pair.candidate)), cut(unit_name(sides.original, pair.original))
        made = items_evidence(sides, items, Claim(texts.layer, float(bits[list(pair.texts)].sum())), units)
        n = len(pair.texts)
        return replace(
            made,
            n_tokens=n,
            n_verbatim=n,
            items=made.items[:MOST_ITEMS],
            candidate=unit_lines(sides.candidate, pair.candidate),
            original_span=unit_lines(sides.original, pair.original),
        )


class OrderPieces:
    """Orders of sequences that two files share. layer: the kind of evidence that they are."""

    def __init__(self, orders: Sequence[OrderRow], sides: SidesOf, layer: Layer) -> None:
        self._sides, self._layer = sides, layer
        self._by_file: dict[int, list[OrderRow]] = {}
        for order in sorted(orders, key=lambda order: -order.bits):
            self._by_file.setdefault(order.candidate_file, []).append(order)

    def of(self, index: int) -> Iterator[Piece]:
        """The heaviest of a candidate file."""
        for rank, order in enumerate(self._by_file.get(index, ())[:_MOST_ORDERS]):
            yield Piece(False, order.bits, self._layer, rank, partial(self._make, order))

    def _make(self, order: OrderRow, *, with_excerpt: bool) -> Evidence:
        del with_excerpt
        sides = self._sides(order.candidate_file, order.original_file)
        return order_evidence(order, sides, Claim(self._layer, order.bits))


def _grouped(rows: I64, *keys: np.ndarray) -> Iterator[I64]:
    """Rows of equal keys together."""
    if not len(rows):
        return
    columns = [key[rows].astype(np.int64) for key in keys]
    order = np.lexsort((rows, *columns[::-1]))
    new: Bool = np.zeros(len(rows) - 1, np.bool_)
    for column in columns:
        new |= np.diff(column[order]) != 0
    yield from np.split(rows[order], np.flatnonzero(new) + 1)
