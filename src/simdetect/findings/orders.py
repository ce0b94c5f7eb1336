"""Evidence of the layer *order*: which elements stand in the same order, and in what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from simdetect.findings.evidence import Claim, items_evidence
from simdetect.findings.sides import EvidenceSource, Sides
from simdetect.findings.texts import MOST_ITEMS, cut, line_of, text_at
from simdetect.layers.sequences import UNITS
from simdetect.model import Evidence, OrderRow, SharedText

__all__ = ["order_evidence"]

_UNITS_WORDS = "functions and types"


def order_evidence(order: OrderRow, sides: Sides, claim: Claim) -> Evidence:
    """Describe one order that two files share."""
    both = sides.candidate, sides.original
    places = [[_place(side, order.kind, member[i]) for member in order.members] for i, side in enumerate(both)]
    items = [_in_order(sides, *pair) for pair in zip(*places, strict=True)]
    units = _holder(sides.candidate, order.kind, places[0]), _holder(sides.original, order.kind, places[1])
    made = items_evidence(sides, items, claim, units)
    return replace(made, items=made.items[:MOST_ITEMS])


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
        return _Placed(cut(tokens.units.name[member]), int(tokens.start[token]), token)
    start, end = int(tokens.start[member]), int(tokens.end[member])
    return _Placed(text_at(side, start, end - start), start, member)


def _in_order(sides: Sides, candidate: _Placed, original: _Placed) -> SharedText:
    return SharedText(
        text=candidate.text,
        bits=0.0,
        candidate_line=line_of(sides.candidate, candidate.byte),
        original_line=line_of(sides.original, original.byte),
        original_text="" if original.text == candidate.text else original.text,
    )


def _holder(side: EvidenceSource, kind: str, places: Sequence[_Placed]) -> str:
    """What a sequence is: "functions and types", or its kind and the unit that it is in, "fields of parser"."""
    if kind == UNITS:
        return _UNITS_WORDS
    units, token = side.file.tokens.units, places[0].token
    around = [name for name, a, b in zip(units.name, units.start, units.end, strict=True) if a <= token < b and name]
    return f"{kind} of {cut(around[-1])}" if around else kind
