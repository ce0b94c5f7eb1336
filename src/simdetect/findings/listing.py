"""Everything that speaks about one candidate file -> pieces of evidence, counted ones first, most bits first.

Each piece is made only when it is listed: a file can have thousands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np

from simdetect.findings.evidence import EvidenceSource, items_evidence, region_evidence, words_of
from simdetect.findings.translation import own_lines, shared_lines, unit_name
from simdetect.judging.matches import Agreement, Matches
from simdetect.judging.ranking import OrderRow
from simdetect.layers.function_texts import UnitPair, assigned
from simdetect.layers.sequences import UNITS
from simdetect.layers.texts import LAYERS, SharedItems
from simdetect.model import I64, AnalysedFile, Bool, Evidence, Exclusion, ExclusionReason, Layer, MatchTable, SharedText
from simdetect.weighing.selection import REASONS
from simdetect.weighing.wording import Wording

__all__ = ["Listing"]

_MOST_ITEMS = 40  # texts listed of one piece of evidence
_SIDES_HELD = 32
_MOST_TEXT = 120  # characters of one
_MOST_ORDERS = 5  # sequences of a file whose order is shown; the heaviest counts
_UNITS_WORDS = "functions and types"
_WITHOUT_BACKGROUND = "background model: unrelated projects share this much"

Make = Callable[..., Evidence]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of evidence that can be made. bits: by itself."""

    is_excluded: bool
    bits: float
    layer: Layer
    key: int
    make: Make


class Listing:
    """The evidence of every candidate file.

    own, original: sides of evidence by index of their file. original_files: of all originals. wording: the model of
    words.
    """

    def __init__(
        self,
        matches: Matches,
        own: Callable[[int], EvidenceSource],
        original: Callable[[int], EvidenceSource],
        original_files: Sequence[AnalysedFile],
        wording: Wording,
    ) -> None:
        self._matches, self._wording = matches, wording
        # Pieces of one file come one after the other, about few originals: each side is read once, few are held.
        self._own, self._original = lru_cache(1)(own), lru_cache(_SIDES_HELD)(original)
        self._files = original_files
        self._by_file = np.argsort(matches.shared.rows.candidate_file, kind="stable")
        self._file_of = matches.shared.rows.candidate_file[self._by_file]
        both = (matches.code, matches.comments)
        self._row_file = {id(found): found.table.candidate_file[found.selection.rows] for found in both}
        self._bits = {id(found): found.alone.total for found in both}
        self._orders_of: dict[int, list[OrderRow]] = {}
        for order in sorted(matches.orders, key=lambda order: -order.bits):
            self._orders_of.setdefault(order.candidate_file, []).append(order)

    def of(self, index: int, most: int, with_excerpt: int) -> tuple[tuple[Evidence, ...], int]:
        """The first `most` pieces about a candidate file, the first of them with excerpts, and how many there are."""
        pieces = [*self._regions(index), *self._texts(index), *self._orders(index)]
        order = list(Layer)
        pieces.sort(key=lambda piece: (piece.is_excluded, -piece.bits, order.index(piece.layer), piece.key))
        listed = tuple(piece.make(with_excerpt=rank < with_excerpt) for rank, piece in enumerate(pieces[:most]))
        return listed, len(pieces)

    # --- regions ---------------------------------------------------------------------------------------------------

    def _regions(self, index: int) -> Iterator[_Piece]:
        for agreement, is_code in ((self._matches.code, True), (self._matches.comments, False)):
            table = agreement.table
            low, high = np.searchsorted(self._row_file[id(agreement)], [index, index + 1])
            for row in agreement.selection.rows[low:high].tolist():  # counted ones first, heaviest first
                layer = _layer(table, row) if is_code else Layer.COMMENT
                bits = float(self._bits[id(agreement)][row])
                make = partial(self._region, agreement, row, index, layer, bits)
                yield _Piece(bool(agreement.excluded[row]), bits, layer, row, make)

    def _region(
        self, agreement: Agreement, row: int, index: int, layer: Layer, bits: float, *, with_excerpt: bool
    ) -> Evidence:
        original = int(agreement.table.original_file[row])
        sides = self._own(index), self._original(original)
        if layer is Layer.COMMENT:
            sides = _in_words(sides[0]), _in_words(sides[1])
        return region_evidence(
            agreement.table,
            row,
            *sides,
            layer=layer,
            bits=bits,
            excluded=_region_exclusion(agreement, row, self._files[original].path),
            with_excerpt=with_excerpt,
        )

    # --- texts -----------------------------------------------------------------------------------------------------

    def _texts(self, index: int) -> Iterator[_Piece]:
        """Shared texts by layer and original file, and those that do not count by what says so."""
        shared = self._matches.shared
        low, high = np.searchsorted(self._file_of, [index, index + 1])
        mine = self._by_file[low:high]
        for rows in _grouped(mine[shared.counted[mine]], shared.layer, shared.rows.original_file):
            if LAYERS[int(shared.layer[rows[0]])] is Layer.TRANSLATED:
                yield from self._translations(index, rows)
            else:
                yield self._piece(index, rows, None)
        handed = mine[shared.reason[mine] > 0]
        for rows in _grouped(handed, shared.layer, shared.reason, shared.by):
            rows = self._of_one_original(rows)
            reason = REASONS[int(shared.reason[rows[0]]) - 1]
            yield self._piece(index, rows, Exclusion(reason, shared.sources[int(shared.by[rows[0]])]))

    def _of_one_original(self, rows: I64) -> I64:
        """Of rows that speak about several original files, those about the one with most of them."""
        of_row = self._matches.shared.rows.original_file[rows]
        files, counts = np.unique(of_row, return_counts=True)
        best = min(zip((-counts).tolist(), [self._files[f].path for f in files.tolist()], files.tolist(), strict=True))
        chosen: I64 = rows[of_row == best[2]]
        return chosen

    def _piece(self, index: int, rows: I64, excluded: Exclusion | None) -> _Piece:
        shared = self._matches.shared
        layer, bits = LAYERS[int(shared.layer[rows[0]])], float(shared.bits[rows].sum())
        make = partial(self._items, index, rows, layer, bits, excluded)
        return _Piece(excluded is not None, bits, layer, int(rows[0]), make)

    def _items(
        self, index: int, rows: I64, layer: Layer, bits: float, excluded: Exclusion | None, *, with_excerpt: bool
    ) -> Evidence:
        del with_excerpt  # the texts are what there is to see
        shared = self._matches.shared
        own, original = self._own(index), self._original(int(shared.rows.original_file[rows[0]]))
        first = rows[np.lexsort((shared.candidate_byte[rows], -shared.bits[rows]))][:_MOST_ITEMS]
        items = [_shared_text(shared, row, own, original) for row in first.tolist()]
        made = items_evidence(own, original, items, layer=layer, bits=bits, excluded=excluded)
        return replace(made, n_tokens=len(rows), n_verbatim=len(rows))

    # --- translations ----------------------------------------------------------------------------------------------

    def _translations(self, index: int, rows: I64) -> Iterator[_Piece]:
        """What two files in two languages share, function by function, and what is left of it."""
        shared = self._matches.shared
        original = self._files[int(shared.rows.original_file[rows[0]])]
        bits = shared.bits[rows]
        pairs = assigned(self._own(index).file.tokens, original.tokens, shared.rows.symbol[rows], bits)
        for rank, pair in enumerate(pairs):
            chosen = list(pair.texts)
            make = partial(self._translation, index, rows, pair)
            yield _Piece(False, float(bits[chosen].sum()), Layer.TRANSLATED, rank, make)
        left = np.setdiff1d(np.arange(len(rows)), [text for pair in pairs for text in pair.texts])
        if len(left):
            yield self._piece(index, rows[left], None)

    def _translation(self, index: int, rows: I64, pair: UnitPair, *, with_excerpt: bool) -> Evidence:
        del with_excerpt
        shared = self._matches.shared
        own, original = self._own(index), self._original(int(shared.rows.original_file[rows[0]]))
        symbols, bits = shared.rows.symbol[rows], shared.bits[rows]
        items = shared_lines(own, original, pair, symbols, bits, self._wording, _cut)
        made = items_evidence(
            own,
            original,
            items,
            layer=Layer.TRANSLATED,
            bits=float(bits[list(pair.texts)].sum()),
            excluded=None,
            candidate_unit=_cut(unit_name(own, pair.own)),
            original_unit=_cut(unit_name(original, pair.theirs)),
        )
        n = len(pair.texts)
        return replace(
            made,
            n_tokens=n,
            n_verbatim=n,
            items=made.items[:_MOST_ITEMS],
            candidate=own_lines(own, pair.own),
            original_span=own_lines(original, pair.theirs),
        )

    # --- order -----------------------------------------------------------------------------------------------------

    def _orders(self, index: int) -> Iterator[_Piece]:
        for rank, order in enumerate(self._orders_of.get(index, ())[:_MOST_ORDERS]):
            yield _Piece(False, order.bits, Layer.ORDER, rank, partial(self._order, order))

    def _order(self, order: OrderRow, *, with_excerpt: bool) -> Evidence:
        del with_excerpt
        own, original = self._own(order.candidate_file), self._original(order.original_file)
        places = [(_place(own, order.kind, mine), _place(original, order.kind, other)) for mine, other in order.members]
        items = [_in_order(own, original, *place) for place in places]
        holders = (_holder(side, order.kind, [place[i] for place in places]) for i, side in enumerate((own, original)))
        units = dict(zip(("candidate_unit", "original_unit"), holders, strict=True))
        made = items_evidence(own, original, items, layer=Layer.ORDER, bits=order.bits, excluded=None, **units)
        return replace(made, items=made.items[:_MOST_ITEMS])


@dataclass(frozen=True, slots=True)
class _Placed:
    """An element of a sequence on one side: what it is called, and the byte where it starts."""

    text: str
    byte: int
    token: int


def _place(side: EvidenceSource, kind: str, member: int) -> _Placed:
    """A unit by its index, an entry of a list by a token in it."""
    tokens = side.file.tokens
    if kind == UNITS:
        token = int(tokens.units.start[member])
        return _Placed(_cut(tokens.units.name[member]), int(tokens.start[token]), token)
    start, end = int(tokens.start[member]), int(tokens.end[member])
    return _Placed(_text_at(side, start, end - start), start, member)


def _in_order(own: EvidenceSource, original: EvidenceSource, mine: _Placed, other: _Placed) -> SharedText:
    return SharedText(
        text=mine.text,
        bits=0.0,
        candidate_line=_line_of(own, mine.byte),
        original_line=_line_of(original, other.byte),
        original_text="" if other.text == mine.text else other.text,
    )


def _holder(side: EvidenceSource, kind: str, places: Sequence[_Placed]) -> str:
    """What a sequence is: "functions and types", or its kind and the unit that it is in, "fields of parser"."""
    if kind == UNITS:
        return _UNITS_WORDS
    units, token = side.file.tokens.units, places[0].token
    around = [name for name, a, b in zip(units.name, units.start, units.end, strict=True) if a <= token < b and name]
    return f"{kind} of {_cut(around[-1])}" if around else kind


def _layer(table: MatchTable, row: int) -> Layer:
    if table.is_structural[row]:
        return Layer.STRUCTURAL
    return Layer.VERBATIM if table.is_verbatim[row] else Layer.RENAMED


def _in_words(side: EvidenceSource) -> EvidenceSource:
    return replace(side, text=words_of(side.file))


def _region_exclusion(agreement: Agreement, row: int, path: str) -> Exclusion | None:
    """Why a region does not count, and what says so."""
    code = int(agreement.excluded[row])
    if not code:
        return None
    reason = REASONS[code - 1]
    if row in agreement.handed_by:
        return Exclusion(reason, agreement.handed_by[row])
    if reason is ExclusionReason.COMMON:
        return Exclusion(reason, _WITHOUT_BACKGROUND)
    return Exclusion(reason, f"path, header or long lines of {path}")


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


def _shared_text(shared: SharedItems, row: int, own: EvidenceSource, original: EvidenceSource) -> SharedText:
    start = int(shared.candidate_byte[row])
    return SharedText(
        text=_text_at(own, start, int(shared.length[row])),
        bits=float(shared.bits[row]),
        candidate_line=_line_of(own, start),
        original_line=_line_of(original, shared.original_byte(row, original.file)),
    )


def _text_at(side: EvidenceSource, start: int, n_bytes: int) -> str:
    return _cut(side.content[start : start + min(4 * _MOST_TEXT, n_bytes)].decode("utf-8", "replace"))


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else text[: _MOST_TEXT - 1] + "…"


def _line_of(side: EvidenceSource, byte: int) -> int:
    return side.file.line(byte)
