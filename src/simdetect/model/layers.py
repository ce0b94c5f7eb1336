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


class FoundIn(StrEnum):
    """What the evidence of a layer consists of."""

    CODE = "code"  # stretches of code, measured in tokens; only these have a share of a file
    WORDS = "words"  # stretches of the words of comments
    TEXTS = "texts"  # single texts, wherever they stand
    ORDERS = "orders"  # things that stand in the same order on both sides


@dataclass(frozen=True, slots=True)
class LayerRow:
    """What reports must know of a layer.

    meaning: completes "Agreement with the original: ...", few words, no full stop. help: for readers who never heard of
    it, whole sentences. noun: what its pieces are counted by, singular; an "s" makes the plural. feature: which of
    `calibration.FEATURES` its bits go to. colour: key of its colour and pattern in report.css; terminal: the colour of
    the text report, by rich's name. caveat: what a report must say where it holds such evidence, "" for nothing.
    """

    layer: Layer
    meaning: str
    help: str
    noun: str
    feature: str
    colour: str
    found_in: FoundIn
    terminal: str = "cyan"
    caveat: str = ""


_ROWS: Final = (
    LayerRow(
        Layer.VERBATIM,
        meaning="same text, or nearly",
        help=(
            "The candidate repeats this stretch of the original token by token; at most one in twenty has another text."
        ),
        noun="token",
        feature="total",
        colour="verbatim",
        found_in=FoundIn.CODE,
        terminal="red",
    ),
    LayerRow(
        Layer.RENAMED,
        meaning="same structure, names or literals differ",
        help="The candidate has the same structure as the original here; names or literals were changed.",
        noun="token",
        feature="total",
        colour="renamed",
        found_in=FoundIn.CODE,
        terminal="blue",
    ),
    LayerRow(
        Layer.STRUCTURAL,
        meaning="same structure with gaps or reordering",
        help="The candidate follows the original's structure here, with gaps or in another order.",
        noun="token",
        feature="total",
        colour="structural",
        found_in=FoundIn.CODE,
        terminal="green",
    ),
    LayerRow(
        Layer.TRANSLATED,
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
    ),
    LayerRow(
        Layer.COMMENT,
        meaning="same comments",
        help="The candidate has the same comments as the original. Nothing in a task asks for them.",
        noun="word",
        feature="comment",
        colour="comment",
        found_in=FoundIn.WORDS,
    ),
    LayerRow(
        Layer.NAME,
        meaning="same rare names",
        help="The candidate uses the same rare names as the original.",
        noun="name",
        feature="name",
        colour="name",
        found_in=FoundIn.TEXTS,
    ),
    LayerRow(
        Layer.CONSTANT,
        meaning="same constants or tables",
        help="The candidate has the same constants or tables as the original.",
        noun="literal",
        feature="constant",
        colour="constant",
        found_in=FoundIn.TEXTS,
    ),
    LayerRow(
        Layer.MISSPELLING,
        meaning="same misspelt words",
        help="The candidate misspells the same words as the original.",
        noun="misspelling",
        feature="misspelling",
        colour="misspelling",
        found_in=FoundIn.TEXTS,
    ),
    LayerRow(
        Layer.ORDER,
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


# Of which tokens the texts of a layer are; those of misspellings are words of comments and literals.
ROLES_OF_LAYER: Final = {Layer.NAME: (TokenRole.NAME,), Layer.CONSTANT: (TokenRole.STRING, TokenRole.NUMBER)}
_IS_OF_LAYER: Final = {layer: np.isin(np.arange(256), roles) for layer, roles in ROLES_OF_LAYER.items()}


def is_of_layer(role: U8, layer: Layer) -> Bool:
    """Which tokens have the texts of a layer: (t,) bool. role: (t,) uint8 `TokenRole`."""
    found: Bool = _IS_OF_LAYER[layer][role]
    return found
