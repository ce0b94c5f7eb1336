"""The kinds of evidence: the one list of them.

A new kind is a member of `Layer` and its row in `LAYERS`; every report format shows it then. What finds it is a module
of `simdetect.layers`. `tests/report/test_contract.py` runs every row through every format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import numpy as np

from simdetect.model.arrays import U8, Bool
from simdetect.model.vocabulary import TokenRole


class Layer(StrEnum):
    """Kinds of agreement, strongest first."""

    VERBATIM = "verbatim"
    RENAMED = "renamed"
    STRUCTURAL = "structural"
    TRANSLATED = "translated"
    COMMENT = "comment"
    NAME = "name"
    CONSTANT = "constant"
    MISSPELLING = "misspelling"
    ORDER = "order"


class TextsOf(StrEnum):
    """Where the texts of a layer stand in a file."""

    TOKENS = "tokens"  # names or literals as they are written
    NEUTRAL = "neutral"  # names and literals as any language would write them
    WORDS = "words"  # words of comments and literals


class FoundIn(StrEnum):
    """What the evidence of a layer consists of."""

    CODE = "code"  # stretches of code, measured in tokens; only these have a share of a file
    WORDS = "words"  # stretches of the words of comments
    TEXTS = "texts"  # single texts, wherever they stand
    ORDERS = "orders"  # things that stand in the same order on both sides


@dataclass(frozen=True, slots=True)
class LayerRow:
    """What everybody must know of a layer.

    kind: the module of `simdetect.layers` that finds it; layers of one kind are found together. since: the version of
    the calibration that first had it. texts: where its texts stand, None where it has none; roles: of which tokens.

    meaning: completes "Agreement with the original: ...", few words, no full stop. help: for readers who never heard of
    it, whole sentences. noun: what its pieces are counted by, singular; an "s" makes the plural. feature: which of
    `FEATURES` its bits go to. colour: key of its colour and pattern in report.css; terminal: the colour of
    the text report, by rich's name. caveat: what a report must say where it holds such evidence, "" for nothing.
    """

    layer: Layer
    kind: str
    meaning: str
    help: str
    noun: str
    feature: str
    colour: str
    found_in: FoundIn
    terminal: str = "cyan"
    caveat: str = ""
    since: int = 2
    texts: TextsOf | None = None
    roles: tuple[TokenRole, ...] = ()


_ROWS: Final = (
    LayerRow(
        Layer.VERBATIM,
        kind="code",
        meaning="same text, or nearly",
        help=(
            "The candidate repeats this stretch of the original token by token; at most one in twenty has another text."
        ),
        noun="token",
        feature="total",
        colour="verbatim",
        found_in=FoundIn.CODE,
        terminal="red",
        since=1,
    ),
    LayerRow(
        Layer.RENAMED,
        kind="code",
        meaning="same structure, names or literals differ",
        help="The candidate has the same structure as the original here; names or literals were changed.",
        noun="token",
        feature="total",
        colour="renamed",
        found_in=FoundIn.CODE,
        terminal="blue",
        since=1,
    ),
    LayerRow(
        Layer.STRUCTURAL,
        kind="code",
        meaning="same structure with gaps or reordering",
        help="The candidate follows the original's structure here, with gaps or in another order.",
        noun="token",
        feature="total",
        colour="structural",
        found_in=FoundIn.CODE,
        terminal="green",
        since=1,
    ),
    LayerRow(
        Layer.TRANSLATED,
        kind="translated",
        meaning="same names and constants in another language",
        help=(
            "The candidate has the same rare names and constants as the original, which is in another language. "
            "This is weaker than agreement of code: programs for the same job share the vocabulary of their trade."
        ),
        noun="text",
        feature="translated",
        colour="translated",
        found_in=FoundIn.TEXTS,
        terminal="magenta",
        caveat=(
            "Agreement between languages (translated) is weaker evidence than agreement of code: no tokens can be "
            "compared, only names, constants, comments and order, and programs for the same job share the vocabulary "
            "of their trade."
        ),
        since=3,
        texts=TextsOf.NEUTRAL,
    ),
    LayerRow(
        Layer.COMMENT,
        kind="comments",
        meaning="same comments",
        help="The candidate has the same comments as the original. Nothing in a task asks for them.",
        noun="word",
        feature="comment",
        colour="comment",
        found_in=FoundIn.WORDS,
    ),
    LayerRow(
        Layer.NAME,
        kind="names",
        meaning="same rare names",
        help="The candidate uses the same rare names as the original.",
        noun="name",
        feature="name",
        colour="name",
        found_in=FoundIn.TEXTS,
        texts=TextsOf.TOKENS,
        roles=(TokenRole.NAME,),
    ),
    LayerRow(
        Layer.CONSTANT,
        kind="constants",
        meaning="same constants or tables",
        help="The candidate has the same constants or tables as the original.",
        noun="literal",
        feature="constant",
        colour="constant",
        found_in=FoundIn.TEXTS,
        texts=TextsOf.TOKENS,
        roles=(TokenRole.STRING, TokenRole.NUMBER),
    ),
    LayerRow(
        Layer.MISSPELLING,
        kind="misspellings",
        meaning="same misspelt words",
        help="The candidate misspells the same words as the original.",
        noun="misspelling",
        feature="misspelling",
        colour="misspelling",
        found_in=FoundIn.TEXTS,
        texts=TextsOf.WORDS,
    ),
    LayerRow(
        Layer.ORDER,
        kind="order",
        meaning="functions, fields or rows in the same order",
        help="Functions, fields, members or rows of the candidate stand in the order of the original.",
        noun="unit",
        feature="order",
        colour="order",
        found_in=FoundIn.ORDERS,
    ),
)
LAYERS: Final[Mapping[Layer, LayerRow]] = MappingProxyType({row.layer: row for row in _ROWS})
"""Every layer with its row, strongest first."""


ROLES_OF_LAYER: Final = {row.layer: row.roles for row in _ROWS if row.roles}
_IS_OF_LAYER: Final = {row.layer: np.isin(np.arange(256), row.roles) for row in _ROWS if row.roles}


def is_of_layer(role: U8, layer: Layer) -> Bool:
    """Which tokens have the texts of a layer: (t,) bool. role: (t,) uint8 `TokenRole`."""
    found: Bool = _IS_OF_LAYER[layer][role]
    return found


def kinds() -> tuple[str, ...]:
    """Modules of `simdetect.layers` in the order in which they are asked: older ones first, and orders last, which are
    looked at between files that share something else."""
    ordered = sorted(_ROWS, key=lambda row: (row.found_in is FoundIn.ORDERS, row.since))
    return tuple(dict.fromkeys(row.kind for row in ordered))


def rows_of(kind: str) -> tuple[LayerRow, ...]:
    """The rows of one kind, strongest first."""
    return tuple(row for row in _ROWS if row.kind == kind)


# --- features ------------------------------------------------------------------------------------------------------
# Bits of a file: of its strongest region of code; of all regions of code, and of each other layer, in the order in
# which the calibration got them; of its heaviest whole function; and no bits but a share, its agreement with an
# original from end to end.
ADDED: Final = tuple(dict.fromkeys(row.feature for row in sorted(_ROWS, key=lambda row: row.since)))
LAYERED: Final = ("strongest", *ADDED)
FEATURES: Final = (*LAYERED, "function", "agreement")
