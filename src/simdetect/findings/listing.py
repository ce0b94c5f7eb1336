"""Everything that speaks about one candidate file -> pieces of evidence, counted ones first, most bits first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from simdetect.findings.pieces import OrderPieces, Piece, RegionPieces, SidesOf, TextPieces
from simdetect.findings.sides import EvidenceSource, Sides, tokens_of
from simdetect.layers.all import LayerResults
from simdetect.layers.regions import Regions
from simdetect.layers.texts import SharedTexts
from simdetect.matching.comparison import Program
from simdetect.model import Evidence, Layer, rows_of
from simdetect.weighing.wording import Wording

__all__ = ["Listing"]

_SIDES_HELD = 32


class Listing:
    """The evidence of every candidate file. wording: the model of words."""

    def __init__(self, results: LayerResults, wording: Wording) -> None:
        self._results, self._wording = results, wording
        candidate, original = results.comparison.candidate, results.comparison.original
        # Pieces of one file come one after the other, about few originals: each side is read once, few are held.
        own, other = lru_cache(1)(_reader(candidate)), lru_cache(_SIDES_HELD)(_reader(original))
        self._pieces = [
            _pieces_of(kind, lambda i, j: Sides(own(i), other(j)), results, wording) for kind in results.by_kind
        ]

    def of(self, index: int, most: int, with_excerpt: int) -> tuple[tuple[Evidence, ...], int]:
        """The first `most` pieces about a candidate file, the first of them with excerpts, and how many there are."""
        pieces: list[Piece] = [piece for kind in self._pieces for piece in kind.of(index)]
        pieces.sort(key=lambda piece: (piece.is_excluded, -piece.bits, _PLACE[piece.layer], piece.key))
        listed = tuple(piece.make(with_excerpt=rank < with_excerpt) for rank, piece in enumerate(pieces[:most]))
        return listed, len(pieces)


_PLACE: Mapping[Layer, int] = {layer: place for place, layer in enumerate(Layer)}


def _pieces_of(
    kind: str, sides: SidesOf, results: LayerResults, wording: Wording
) -> RegionPieces | TextPieces | OrderPieces:
    """What makes pieces of the rows of a kind of evidence: there is a class for each form."""
    found, originals = results.by_kind[kind].found, results.comparison.original.files
    if isinstance(found, Regions):
        return RegionPieces(found, sides, originals)
    if isinstance(found, SharedTexts):
        return TextPieces(found, sides, originals, wording)
    (row,) = rows_of(kind)
    return OrderPieces(found, sides, row.layer)


def _reader(program: Program) -> Callable[[int], EvidenceSource]:
    """Reads a file as a side of evidence, by its number."""
    source_of = [source for source, tree in enumerate(program.trees) for _ in tree.files]

    def read(index: int) -> EvidenceSource:
        file = program.files[index]
        return EvidenceSource(file, program.sources[index].content, source_of[index], tokens_of(file))

    return read
